"""Who holds a lease: a process by machine, number and start, so that one beside it can tell whether it still lives."""

import functools
import os
from collections.abc import Iterable
from pathlib import Path


@functools.cache
def _machine() -> str:
    """This start of this machine, and within it the room in which process numbers mean something; else ""."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """When a process was started, in the kernel's ticks; "" where there is none."""
    try:
        # After the program's name, which may hold spaces and brackets; the 22nd field of proc(5).
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state in "ZX" else fields[18]


def this_process() -> str:
    """The name of this process; "" where the machine does not tell, and then a lease runs its time."""
    pid = os.getpid()
    return f"{_machine()} {pid} {_started(pid)}" if _machine() else ""


def gone(names: Iterable[str]) -> list[str]:
    """Of these processes, those that ran on this machine and are dead by now. What other machines hold is unknown."""
    return [name for name in names if is_gone(name)]


def is_gone(name: str) -> bool:
    """Whether the process of this name ran on this machine and is dead. Of other machines nothing is known."""
    machine, _, process = name.rpartition(" ")[0].rpartition(" ")
    return bool(machine) and machine == _machine() and _started(int(process)) != name.rpartition(" ")[2]
