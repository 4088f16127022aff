"""The name of a process that holds a lease: machine, process id and start time.

Another process on the same machine can tell by it whether the holder is still alive."""

import functools
import os
from collections.abc import Iterable
from pathlib import Path


@functools.cache
def _machine() -> str:
    """The boot id of this machine and the process-id namespace; "" if the kernel does not tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """The start time of a process in clock ticks; "" if it does not exist."""
    try:
        # The 22nd field of proc(5), counted after the program's name, which may hold spaces and brackets.
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state in "ZX" else fields[18]


def this_process() -> str:
    """The name of this process; "" if the machine does not tell, then a lease ends only by its time."""
    pid = os.getpid()
    return f"{_machine()} {pid} {_started(pid)}" if _machine() else ""


def gone(names: Iterable[str]) -> list[str]:
    """Those of these processes that ran on this machine and are dead. Nothing is known of other machines."""
    return [name for name in names if is_gone(name)]


def is_gone(name: str) -> bool:
    """Whether the process of this name ran on this machine and is dead; False for other machines."""
    machine, _, process = name.rpartition(" ")[0].rpartition(" ")
    return bool(machine) and machine == _machine() and _started(int(process)) != name.rpartition(" ")[2]
