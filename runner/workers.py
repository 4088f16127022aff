"""Web server and queue consumer as children: started again when they die, ended together when we are asked to."""

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
STEADY = 10  # seconds after which a child counts as running well
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30  # seconds before a dead child is started again
ATTEMPTS = 5  # of a child that has never run well
STOP_LIMIT = 60  # seconds that a running task has to finish
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


class Worker:
    """One child that is to run for as long as we do. The other one, and with it a call, goes on while it is away."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.name, self.command, self.env = name, command, env
        self.deaths = 0  # since it ran well
        self.has_run_well = False
        self._start()

    def _start(self) -> None:
        self.started_at = time.monotonic()
        self.starts_at: float | None = None
        self.child = start(self.command, self.env)

    def tend(self) -> None:
        """Start it again when it has died and its pause is over. Raises Stop when it never gets up."""
        now = time.monotonic()
        if self.starts_at is not None:
            if now >= self.starts_at:
                self._start()
        elif self.child.poll() is not None:
            self._mourn(now)
        elif now - self.started_at > STEADY:
            self.deaths, self.has_run_well = 0, True

    def _mourn(self, now: float) -> None:
        kill_group(self.child, signal.SIGKILL)  # what it had started itself
        self.deaths += 1
        if self.deaths >= ATTEMPTS and not self.has_run_well:
            raise Stop(f"{self.name} ended at once, {self.deaths} times in a row ({self._cause()}). See above for why.")
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.deaths - 1))
        self.starts_at = now + pause
        say(f"{self.name} ended ({self._cause()}). It starts again in {pause:g} s; nothing else is interrupted.")

    def _cause(self) -> str:
        code = self.child.returncode
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
        return f"exit code {code}"


def start(command: Sequence[str], env: Mapping[str, str]) -> Child:
    """In a process group of its own: Ctrl-C is ours to pass on. It inherits the lock and nothing else."""
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
    """Runs in the child. Where the system can, it is ended when we are killed and can end it no more."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end(children: list[Child], asked: list[int]) -> bool:
    """Ask the children to finish, and wait; a second Ctrl-C does not wait. True: none was killed."""
    before, deadline = len(asked), time.monotonic() + STOP_LIMIT + 5
    living = [child for child in children if child.poll() is None]
    if living:
        say("\nEnding, as soon as the running requests and task are done. Ctrl-C again ends at once.")
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
    """The terminal may be gone: that must not keep us from ending the children."""
    with contextlib.suppress(OSError):
        print(text, flush=True)
