"""`./run check`: all checks that need no tests."""

import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from runner import ROOT
from runner.environment import LOCKS, PYTHON, VENV, install, isolated
from runner.javascript import install_tools, run_tool
from runner.processes import output

Check = tuple[str, Callable[[], tuple[int, str]]]


def main(_: list[str]) -> int:
    install(dev=True)
    no_tools = install_tools()
    with tempfile.TemporaryDirectory(prefix="check-") as var, ThreadPoolExecutor(os.cpu_count()) as pool:
        all_checks = checks(Path(var)) + ([] if no_tools else javascript_checks())
        running = [(name, pool.submit(timed, check)) for name, check in all_checks]
        failed = []
        try:
            for name, future in running:
                code, printed, seconds = future.result()
                print(f"{'failed' if code else 'ok':6}  {name}  ({seconds:.1f} s)", flush=True)
                if code:
                    failed.append(name)
                    print(f"\n{printed.rstrip()}\n", flush=True)
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    if no_tools:
        print(f"\n!!! SKIPPED: the checks of JavaScript. {no_tools}", flush=True)
    print(f"\nFailed: {', '.join(failed)}." if failed else f"\nAll {len(running)} checks passed.")
    return 1 if failed else 0


def timed(check: Callable[[], tuple[int, str]]) -> tuple[int, str, float]:
    started_at = time.monotonic()
    return *check(), time.monotonic() - started_at


def checks(var: Path) -> list[Check]:
    """Every check by name, the slowest first: they run in parallel."""
    here = isolated(var)
    production = here | {
        "SITE_URL": "https://interviews.example",
        "ALLOWED_HOSTS": "interviews.example",
        "SECRET_KEY": secrets.token_urlsafe(64),
    }

    def command(name: str, *arguments: str, env: dict[str, str] = here) -> Check:
        return name, lambda: output([PYTHON, *arguments], env=env)

    return [
        command("types", "-m", "mypy"),
        command("lint", "-m", "ruff", "check", "--quiet"),
        command("format", "-m", "ruff", "format", "--check", "--quiet", "--diff"),
        command("templates", "-m", "djlint", "templates", "--lint", "--quiet"),
        command("layers", str(VENV / "bin" / "lint-imports")),
        command("migrations", "manage.py", "makemigrations", "--check", "--dry-run"),
        command("deployment", "manage.py", "check", "--deploy", "--fail-level", "WARNING", env=production),
        command("seed files", "manage.py", "seed_question_bank", "--check"),
        ("image", lambda: output([str(VENV / "bin" / "hadolint"), "Dockerfile"])),
        ("locks", lock_gaps),
    ]


def javascript_checks() -> list[Check]:
    """Types by JSDoc, lint and format of static/js."""
    return [
        ("types of JavaScript", lambda: run_tool("tsc", "--project", "jsconfig.json")),
        ("lint and format of JavaScript", lambda: run_tool("biome", "ci", "--colors=off")),
    ]


def lock_gaps() -> tuple[int, str]:
    """Check that the lock has every requirement. `./run lock` finds newer versions."""
    gaps = []
    for lock in LOCKS:
        file = ROOT / lock
        wanted, pinned = (requirement_names(path.read_text()) for path in (file.with_suffix(".in"), file))
        gaps += [f"{lock} does not pin {name}: run `./run lock`." for name in sorted(wanted - pinned)]
    return len(gaps), "\n".join(gaps)


def requirement_names(text: str) -> set[str]:
    """Normalised names of the requirements in a .in or .txt file, without options, hashes and comments."""
    names = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", text, flags=re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}
