"""One command for everything around the product. It needs Python 3.11.

./run serve             Install what is missing, then run web server and queue here until Ctrl-C.
                        Serves your team's data once set up, and demo data until then.
./run serve --setup     Set up for your team: creates var/db.sqlite3 and its first administrator.
./run serve --demo      Demo data, in var/demo.sqlite3, or in the database of DATABASE_URL if it has no people.
./run test [...]        The whole suite, on SQLite, then on a PostgreSQL and a Redis that it starts itself.
                        Arguments go to pytest: ./run test -k gate
./run test --quick      On SQLite alone, without browsers, processes and the slow tests of the whole product.
./run test --coverage   On SQLite, without browsers and processes, with the lines that no test reached;
                        fails if one of them is new.
./run check             Lint, format, types, layers, migrations, deployment settings, seed files, locks.
./run bench [--json]    Speed, each figure beside its floor.
./run faults [--long]   Kill, restart and disconnect the running product; count lost and duplicated changes.
./run lock              Rewrite requirements*.txt from requirements*.in; needs uv.

PORT, DATABASE_URL, REDIS_URL and the rest come from the environment or from .env; .env.example lists them.
"""

import os
import shutil
import sys

from host.faults import in_words
from host.files import SharedFolder
from host.settings_file import WrongSetting
from runner import ROOT, checks, serve, suites
from runner.environment import LOCKS, PYTHON, install
from runner.processes import Stop, call, end_on_signals


def bench(arguments: list[str]) -> int:
    return _become("bench", arguments)


def faults(arguments: list[str]) -> int:
    return _become("faults", arguments)


def _become(package: str, arguments: list[str]) -> int:
    install(dev=True)
    os.chdir(ROOT)
    os.execv(PYTHON, [PYTHON, "-m", package, *arguments])


def lock(arguments: list[str]) -> int:
    if not shutil.which("uv"):
        raise Stop("uv writes the locks and is not installed. Install with:\n\n  python3 -m pip install uv\n")
    # Without index addresses: the lock says what to install, not from where.
    options = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-emit-index-url"]
    options += ["--no-header", "--no-annotate", "--quiet", *arguments]
    for file in LOCKS:
        source = file.replace(".txt", ".in")
        if code := call(["uv", "pip", "compile", source, *options, "-o", file]):
            return code
    return 0


def usage(_: list[str]) -> int:
    print(__doc__, end="")
    return 0


COMMANDS = {
    "serve": serve.main,
    "test": suites.main,
    "check": checks.main,
    "bench": bench,
    "faults": faults,
    "lock": lock,
    "help": usage,
    "--help": usage,
    "-h": usage,
}


def main(arguments: list[str]) -> int:
    """Run one command; return its exit code."""
    name, *rest = arguments or ["help"]
    if name not in COMMANDS:
        print(f"There is no command {name!r}.\n\n{__doc__}", end="", file=sys.stderr)
        return 2
    end_on_signals()
    try:
        return COMMANDS[name](rest)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except (OSError, SharedFolder, WrongSetting) as error:
        if words := in_words(error):
            print(f"\n{words}", file=sys.stderr)
            return 1
        raise
