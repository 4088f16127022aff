"""Child processes that end when we are told to end."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from runner import ROOT

GRACE = 15  # seconds that an interrupted child has to tidy up


class Stop(Exception):
    """Ends the command with exit code 1 and this sentence."""


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP: the same end as Ctrl-C, but our children have not heard of it."""


def end_on_signals() -> None:
    """Make SIGTERM and a closed terminal end us as Ctrl-C does, so that nothing stays behind."""

    def interrupt(number: int, frame: object) -> None:
        raise Terminated

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)


def call(command: Sequence[str], *, env: Mapping[str, str] | None = None, **options: Any) -> int:
    """Run to the end in the repository's root; give its exit code.

    When we are interrupted the child gets time to tidy up first: pytest closes its browsers. Interrupted
    again, it gets none.
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
    """Run to the end; give exit code and everything it printed."""
    done = subprocess.run(
        command, env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.returncode, done.stdout


@contextlib.contextmanager
def signals(*, to: Any) -> Iterator[None]:
    """Hand SIGINT, SIGTERM and SIGHUP to `to(number, frame)` for a while."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, to) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def kill_group(child: subprocess.Popen[Any], number: signal.Signals) -> None:
    """Signal a child that leads its own process group, and whatever it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)
