"""`python -m bench [--json] [--engine sqlite|postgresql] [--quick]`: lines of `name value unit floor ratio`.

Everything is made in a folder that goes again: database, queue, files. Rounds of a figure and of its floor are
interleaved and the best of three counts, because a busy machine makes single figures useless."""

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from runner.engines import postgresql, redis, socket_folder
from runner.environment import isolated, variables
from runner.machine import missing_test_tools, require
from runner.processes import Stop


@contextlib.contextmanager
def engine(name: str) -> Iterator[dict[str, str]]:
    """Give the environment of an engine: SQLite in the folder, or a PostgreSQL and a Redis of our own."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = isolated(Path(folder))
        copy_fonts(Path(folder) / "build")
        if name == "sqlite":
            yield environment
            return
        require(lambda: [tool for tool in missing_test_tools() if tool != "chromium"], purpose="--engine postgresql")
        with socket_folder() as sockets, postgresql(sockets, is_durable=True) as database, redis(sockets) as queue:
            yield environment | {"DATABASE_URL": database, "REDIS_URL": queue}


def copy_fonts(build: Path) -> None:
    """Take the fonts that were made already, which saves twenty seconds; whatever is not there is made."""
    usual = variables()
    made = Path(usual.get("BUILD_DIR") or Path(usual["VAR_DIR"]) / "build")
    for name in ("fonts", "pdf"):
        if (made / name).is_dir():
            shutil.copytree(made / name, build / name)
    if (made / "fonts.stamp").exists():
        shutil.copy(made / "fonts.stamp", build)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON list instead of lines")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--quick", action="store_true", help="a few requests, one round: does it run at all?")
    options = parser.parse_args()
    try:
        run(options)
    except Stop as stop:
        sys.exit(str(stop))
    return 0


def run(options: argparse.Namespace) -> None:
    with engine(options.engine) as environment:
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="config.settings")
        from bench.figures import measure

        figures = []
        for figure in measure(is_quick=options.quick):
            figures.append(figure)
            if not options.json:
                print(figure.line(), flush=True)
        if options.json:
            print(json.dumps([asdict(figure) | {"ratio": figure.ratio} for figure in figures], indent=2))


if __name__ == "__main__":
    sys.exit(main())
