"""Web server and queue consumer as child processes: restarted when they die, stopped together."""

import contextlib
import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from runner import ROOT
from runner.processes import Stop, kill_group

Child = subprocess.Popen[bytes]
STEADY = 10  # seconds after which a child counts as running
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30  # seconds before a dead child is started again
ATTEMPTS = 5  # for a child that has never been running
STOP_LIMIT = 60  # seconds for a running task to finish
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


class Worker:
    """One supervised child. The other one keeps running while this one restarts, so a call continues."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.name, self.command, self.env = name, command, env
        self.deaths = 0  # since it was last running
        self.has_run_well = False
        self._start()

    def _start(self) -> None:
        self.started_at = time.monotonic()
        self.starts_at: float | None = None
        self.child = start(self.command, self.env)

    def supervise(self) -> None:
        """Restart the child after its pause. Raises Stop if it never starts."""
        now = time.monotonic()
        if self.starts_at is not None:
            if now >= self.starts_at:
                self._start()
        elif self.child.poll() is not None:
            self._schedule_restart(now)
        elif now - self.started_at > STEADY:
            self.deaths, self.has_run_well = 0, True

    def _schedule_restart(self, now: float) -> None:
        kill_group(self.child, signal.SIGKILL)  # its own children
        self.deaths += 1
        if self.deaths >= ATTEMPTS and not self.has_run_well:
            raise Stop(
                f"{self.name} stopped at once, {self.deaths} times in a row ({self._cause()}). See above for why."
            )
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.deaths - 1))
        self.starts_at = now + pause
        say(f"{self.name} stopped ({self._cause()}). It will restart in {pause:g} s; nothing else is interrupted.")

    def _cause(self) -> str:
        code = self.child.returncode
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
        return f"exit code {code}"


def start(command: Sequence[str], env: Mapping[str, str]) -> Child:
    """Start a child in its own process group, because we forward Ctrl-C. It inherits the lock only."""
    return Child(
        command,
        env=env,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        process_group=0,
        close_fds=False,
        preexec_fn=end_with_parent,
    )


def end_with_parent() -> None:
    """Runs in the child: on Linux, the kernel ends it if we are killed."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end(children: list[Child], asked: list[int]) -> bool:
    """Ask the children to finish, and wait; a second Ctrl-C kills them. Returns True if none was killed."""
    before, deadline = len(asked), time.monotonic() + STOP_LIMIT + 5
    living = [child for child in children if child.poll() is None]
    if living:
        say("\nStopping once the running requests and task are done. Press Ctrl-C again to stop at once.")
    for child in living:
        child.terminate()
    while living and len(asked) == before and time.monotonic() < deadline:
        time.sleep(0.1)
        living = [child for child in living if child.poll() is None]
    for child in living:
        kill_group(child, signal.SIGKILL)
        child.wait()
    return not living


def say(text: str) -> None:
    """Print, if the terminal still exists; otherwise still stop the children."""
    with contextlib.suppress(OSError):
        print(text, flush=True)
