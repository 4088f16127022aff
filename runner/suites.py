"""`./run test`: the tests of JavaScript, then the whole suite on SQLite, then on a PostgreSQL and a Redis that
live as long as the run."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from runner.engines import postgresql, redis, socket_folder
from runner.environment import PYTHON, VENV, install, isolated, variables
from runner.javascript import run_tests
from runner.machine import (
    BROWSERS,
    FIREFOXES,
    NGINX,
    apt_install,
    apt_line,
    install_fonts,
    may_install,
    missing_test_tools,
)
from runner.processes import Stop, call, output

PREVIOUS = "origin/main"
STARTED_AT = time.monotonic()
FEW = 10  # failures that may come of a busy machine
SERVERS = {"postgresql", "redis-server"}
# Minutes each: nginx and more servers; Chromium, PDFs and thousands of rows. `-m` with one of them runs it, once.
ONLY_IF_ASKED = ("bench", "deployment")


def main(arguments: list[str]) -> int:
    if may_install() and (packages := missing_test_tools()):
        install_test_tools(packages)
    install(dev=True)
    # Before pytest, whose closing line is the last; a failure counts all the same.
    javascript_code = run_tests()
    for option, run_other in (("--quick", run_quick), ("--coverage", run_coverage)):
        if option in arguments:
            return run_other([one for one in arguments if one != option]) or javascript_code
    install_fonts()  # again: without the libraries, fonts could not be probed
    missing = missing_test_tools()
    warn(missing)
    code = run(arguments, missing=missing)
    warn(missing)  # again, where it is not scrolled away; without it pytest's own closing line is the last
    return code or javascript_code


def install_test_tools(packages: list[str]) -> None:
    """Install together, which is quicker; where one is unavailable, one by one, so that the others are there."""
    if apt_install(packages):
        return
    for package in packages:
        if not apt_install([package]) and package == BROWSERS[0]:
            apt_install([BROWSERS[1]])


def warn(missing: list[str]) -> None:
    """Print which tests are skipped, and the missing packages."""
    if BROWSERS[0] in missing:
        print("\n!!! SKIPPED: every browser test. Chromium is missing.", flush=True)
    if FIREFOXES[0] in missing:
        print("\n!!! SKIPPED: layout and keys in Firefox. Firefox is missing.", flush=True)
    if NGINX in missing:
        print("\n!!! SKIPPED: the product behind nginx. nginx is missing.", flush=True)
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
    """The suite on each pair of engines; stops at the first failing run.

    Slow tests that do not depend on the engine, such as the look of pages, run on SQLite only."""
    with own_var() as var:
        env = isolated(var)
        if call([PYTHON, "manage.py", "build_fonts"], env=env):
            raise Stop("The fonts could not be made; see above for the reason.")
        print(f"\nSuite on SQLite, {elapsed()} after the start\n", flush=True)
        # `-m deployment` among the arguments outranks this.
        code = suite(arguments, env=env, missing=missing, without=ONLY_IF_ASKED)
        if code or SERVERS.intersection(missing) or not set(ONLY_IF_ASKED).isdisjoint(arguments):
            return code
        with socket_folder() as folder, postgresql(folder) as database_url, redis(folder) as redis_url:
            print(f"\nSuite on PostgreSQL and Redis, {elapsed()} after the start\n", flush=True)
            env |= {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
            return suite(arguments, env=env, missing=missing, without=["sqlite_only"])


def elapsed() -> str:
    """Since this command began: pytest's closing line, which is the last, tells of its own part only."""
    return f"{(time.monotonic() - STARTED_AT) / 60:.1f} minutes"


def run_quick(arguments: list[str]) -> int:
    """The suite on SQLite without browsers, processes and slow tests, fast enough to run after each change."""
    with own_var() as var:
        return suite(arguments, env=isolated(var), missing=[], without=["browser", "worker", "slow"])


def run_coverage(arguments: list[str]) -> int:
    """The suite without browsers and processes, with the lines and branches that no test reached. A changed line among
    them is a failure.

    Changed is what differs from the main of the origin, if there is one."""
    with own_var() as var:
        report = str(var / "coverage.xml")
        env = {**isolated(var), "COVERAGE_FILE": str(var / "coverage")}
        code = suite(arguments, env=env, missing=[], without=["browser", "worker"], runs=["coverage", "run", "-m"])
        for step in (["combine", "--quiet"], ["report"], ["xml", "--quiet", "-o", report]):
            code = call([PYTHON, "-m", "coverage", *step], env=env) or code
        if output(["git", "rev-parse", "--verify", "--quiet", PREVIOUS])[0] == 0:
            compare = ["diff-cover", report, f"--compare-branch={PREVIOUS}", "--fail-under=100"]
            code = call([str(VENV / "bin" / compare[0]), *compare[1:]], env=env) or code
        return code


def suite(
    arguments: list[str],
    *,
    env: Mapping[str, str],
    missing: list[str],
    without: Sequence[str] = (),
    runs: Sequence[str] = (),
) -> int:
    """Run pytest without these marks, by the module in `runs` if there is one; return its exit code.

    A few tests that failed beside others run once more, alone: what a busy machine made too late passes, a fault fails
    again. A killed pytest prints no last line, so we do."""
    marks = [*without, *(["browser"] if BROWSERS[0] in missing else [])]
    selection = ["-m", " and ".join(f"not {mark}" for mark in marks)] if marks else []
    # Each process gets its part of the suite in one piece and takes from the others at the end, so that few classes
    # load their rows twice.
    workers = str(processes(os.cpu_count() or 1, without))
    cache = Path(env["VAR_DIR"]) / "pytest"
    shutil.rmtree(cache, ignore_errors=True)
    pytest, selected = [PYTHON, "-m", *runs, "pytest", "-o", f"cache_dir={cache}"], [*selection, *arguments]
    code = call([*pytest, "-n", workers, "--dist", "worksteal", *selected], env=env)
    if code == 1 and 0 < len(failed := last_failed(cache)) <= FEW:
        print("\nFailed beside other tests, and now run alone:", *failed, sep="\n  ", flush=True)
        code = call([*pytest, "--last-failed", *selected], env=env)
    if code < 0:
        raise Stop(f"pytest was ended by {signal.Signals(-code).name}.")
    return code


def processes(cores: int, without: Sequence[str]) -> int:
    """So many that no core is idle. Each one imports and collects everything once more, for ten seconds.

    Browser tests work for a third of their time and wait for the rest. On PostgreSQL few of them are left, but there a
    test waits for the server's own processes."""
    if not {"browser", "worker"}.isdisjoint(without):
        return cores
    return cores + (cores + 1) // 2 if "sqlite_only" in without else 2 * cores


def last_failed(cache: Path) -> list[str]:
    """The tests that failed in the last run, as pytest stored them in its cache."""
    file = cache / "v" / "cache" / "lastfailed"
    return sorted(json.loads(file.read_text())) if file.exists() else []


@contextlib.contextmanager
def own_var() -> Iterator[Path]:
    """A var/ for tests. The built fonts stay for the next run, the rest is deleted."""
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
