"""`python -m bench [--json|--goals|--growth|--lists|--only STAGE…] [--engine sqlite|postgresql|both] [--quick]`:
lines of `name value unit floor ratio`, and a table of the goals after a run of all stages, the live page, or lists.

Database, queue and files are in a temporary folder. Rounds of a figure and of its floor are
interleaved and the best of three counts, because a busy machine makes single figures useless."""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict

from harness.engine import engine
from runner.processes import Stop

ENGINES = ("sqlite", "postgresql")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON list instead of lines")
    parser.add_argument("--engine", choices=[*ENGINES, "both"], default="sqlite")
    parser.add_argument("--quick", action="store_true", help="a few requests, one round: does it run at all?")
    parser.add_argument("--goals", action="store_true", help="only the live page, as a table beside its goals")
    parser.add_argument("--lists", action="store_true", help="only lists with many rows, beside those with few")
    parser.add_argument("--growth", action="store_true", help="only cost with 1, 10, 100 and 400 calls at once")
    parser.add_argument(
        "--only", nargs="+", default=(), metavar="STAGE", help="only these: ticks, panel, first_load, …"
    )
    options = parser.parse_args()
    if options.engine == "both":
        # One after the other, each in its own process: Django's settings are read once.
        mine = [word for word in sys.argv[1:] if word not in ("--engine", "both", "--engine=both")]
        command = [sys.executable, "-m", "bench", *mine, "--engine"]
        return max(subprocess.run([*command, name], check=False).returncode for name in ENGINES)
    try:
        run(options)
    except Stop as stop:
        sys.exit(str(stop))
    return 0


def run(options: argparse.Namespace) -> None:
    with engine(options.engine) as environment:
        os.environ.update(environment)
        from bench import goals, growth
        from bench.figures import measure

        some = "growth" if options.growth else "lists" if options.lists else ""
        only: tuple[str, ...] = (some,) if some else goals.STAGES if options.goals else tuple(options.only)
        growth.allow_many_connections()
        figures = []
        for figure in measure(is_quick=options.quick, only=only):
            figures.append(figure)
            if not options.json:
                print(figure.line(), flush=True)
        if not options.json and (options.goals or options.lists or not only):
            wanted = goals.list_goals() if options.lists else goals.goals(options.engine)
            print(f"\n{goals.table(figures, wanted)}")
        if not options.json and options.growth:
            print(f"\n{growth.table(figures)}")
        if options.json:
            print(json.dumps([asdict(figure) | {"ratio": figure.ratio} for figure in figures], indent=2))


if __name__ == "__main__":
    sys.exit(main())
