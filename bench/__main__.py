"""`python -m bench [--json] [--engine sqlite|postgresql] [--quick]`: lines of `name value unit floor ratio`.

Everything is made in a folder that goes again: database, queue, files. Rounds of a figure and of its floor are
interleaved and the best of three counts, because a busy machine makes single figures useless."""

import argparse
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path


@contextlib.contextmanager
def engine(name: str) -> Iterator[dict[str, str]]:
    """Give the environment of an engine: SQLite in the folder, or a PostgreSQL and a Redis of our own."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = {"VAR_DIR": folder}
        if name == "sqlite":
            yield environment | {"DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.sqlite3'}", "REDIS_URL": ""}
            return
        from runner.engines import postgresql, redis, socket_folder

        with socket_folder() as sockets, postgresql(sockets, is_durable=True) as database, redis(sockets) as queue:
            yield environment | {"DATABASE_URL": database, "REDIS_URL": queue}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON list instead of lines")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--quick", action="store_true", help="a tenth of the requests: does it run at all?")
    options = parser.parse_args()
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
