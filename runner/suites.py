"""`./run test`: the tests of JavaScript, then the whole suite on SQLite, then on a PostgreSQL and a Redis that
live as long as the run."""

import contextlib
import fcntl
import os
import shutil
import signal
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from runner.engines import postgresql, redis, socket_folder
from runner.environment import PYTHON, install, isolated, variables
from runner.javascript import run_tests
from runner.machine import BROWSERS, apt_install, apt_line, install_fonts, may_install, missing_test_tools
from runner.processes import Stop, call

SERVERS = {"postgresql", "redis-server"}


def main(arguments: list[str]) -> int:
    for package in missing_test_tools() if may_install() else ():
        # One by one: what this system does not have keeps the others from nothing.
        if not apt_install([package]) and package == BROWSERS[0]:
            apt_install([BROWSERS[1]])
    install(dev=True)
    # Before pytest, whose closing line is the last; a failure counts all the same.
    javascript_code = run_tests()
    if "--quick" in arguments:
        return run_quick([one for one in arguments if one != "--quick"]) or javascript_code
    install_fonts()  # again: before the libraries were there nothing was known of fonts
    missing = missing_test_tools()
    warn(missing)
    code = run(arguments, missing=missing)
    warn(missing)  # again, where it is not scrolled away; without it pytest's own closing line is the last
    return code or javascript_code


def warn(missing: list[str]) -> None:
    """Say loudly which part of the suite does not run for want of what."""
    if BROWSERS[0] in missing:
        print("\n!!! SKIPPED: every browser test. Chromium is missing.", flush=True)
    if servers := sorted(SERVERS.intersection(missing)):
        print(
            f"\n!!! SKIPPED: the whole run on PostgreSQL and Redis. Missing: {', '.join(servers)}.",
            flush=True,
        )
    if any(package.startswith("fonts-") for package in missing):
        print("\n!!! SKIPPED: tests of PDFs in scripts that this machine has no font for.", flush=True)
    if missing:
        print(f"!!! To run everything: {apt_line(missing)}", flush=True)


def run(arguments: list[str], *, missing: list[str]) -> int:
    """The suite once for each pair of engines; the first run that fails is the last.

    What has nothing to do with engines and takes long, such as how pages look, runs with the first pair."""
    with own_var() as var:
        env = isolated(var)
        if call([PYTHON, "manage.py", "build_fonts"], env=env):
            raise Stop("The fonts could not be made; the reason stands above.")
        print("\nSuite on SQLite\n", flush=True)
        code = suite(arguments, env=env, missing=missing)
        if code or SERVERS.intersection(missing):
            return code
        with socket_folder() as folder, postgresql(folder) as database_url, redis(folder) as redis_url:
            print("\nSuite on PostgreSQL and Redis\n", flush=True)
            env |= {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
            return suite(arguments, env=env, missing=missing, without=["sqlite_only"])


def run_quick(arguments: list[str]) -> int:
    """The suite on SQLite alone, without browsers and the queue consumer: quick enough to run after each change."""
    with own_var() as var:
        return suite(arguments, env=isolated(var), missing=[], without=["browser", "worker"])


def suite(arguments: list[str], *, env: Mapping[str, str], missing: list[str], without: Sequence[str] = ()) -> int:
    """Run pytest, but for these marks; give its exit code. One that was killed has no closing line, so we say it."""
    marks = [*without, *(["browser"] if BROWSERS[0] in missing else [])]
    selection = ["-m", " and ".join(f"not {mark}" for mark in marks)] if marks else []
    # Browsers and workers are waited for: one more than there are cores keeps these busy.
    workers = str((os.cpu_count() or 1) + 1)
    code = call([PYTHON, "-m", "pytest", "-n", workers, *selection, *arguments], env=env)
    if code < 0:
        raise Stop(f"pytest was ended by {signal.Signals(-code).name}.")
    return code


@contextlib.contextmanager
def own_var() -> Iterator[Path]:
    """A var/ for tests alone. The built fonts stay for the next run, the rest starts anew."""
    var = Path(variables()["VAR_DIR"]) / "test"
    var.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(var, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for entry in var.iterdir():
            if entry.is_dir() and entry.name != "build":
                shutil.rmtree(entry)
            elif entry.is_file():
                entry.unlink()
        yield var
    except BlockingIOError:
        raise Stop(f"Another test run uses {var}. Wait for it, or choose another place: VAR_DIR=… ./run test") from None
    finally:
        os.close(descriptor)
