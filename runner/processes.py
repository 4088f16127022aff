"""Child processes that end with us."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from runner import ROOT

GRACE = 15  # seconds for an interrupted child to clean up


class Stop(Exception):
    """Ends the command with exit code 1 and this sentence."""


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP: like Ctrl-C, except that our children did not receive it."""


def end_on_signals() -> None:
    """Make SIGTERM and SIGHUP end us like Ctrl-C, so that no child stays behind."""

    def interrupt(_number: int, _frame: object) -> None:
        raise Terminated

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)


def call(command: Sequence[str], *, env: Mapping[str, str] | None = None, **options: Any) -> int:
    """Run a command in the repository's root; return its exit code.

    On the first interrupt, the child gets time to clean up (pytest closes its browsers); on the second, none.
    """
    with subprocess.Popen(command, env=env, cwd=ROOT, **options) as child:
        try:
            return child.wait()
        except KeyboardInterrupt as interruption:
            if isinstance(interruption, Terminated):
                child.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
                child.wait(GRACE)
            child.kill()
            raise


def output(command: Sequence[str], *, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run a command; return its exit code and output."""
    done = subprocess.run(
        command, env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.returncode, done.stdout


@contextlib.contextmanager
def signals(*, to: Any) -> Iterator[None]:
    """Handle SIGINT, SIGTERM and SIGHUP with `to(number, frame)` inside the block."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, to) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def kill_group(child: subprocess.Popen[Any], number: signal.Signals) -> None:
    """Signal the child's whole process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)
