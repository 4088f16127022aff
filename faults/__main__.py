"""`python -m faults [--case R-1] [--seed N] [--long]`: breaks the product on purpose; one line a case and seed.

Each line says edits, kills, lost, duplicated and seconds to agree; lost and duplicated have to be 0."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

import django

from faults.evidence import Report
from faults.site import own_database

SHORT: dict[str, dict[str, Any]] = {
    "R-1": {"edits": 120, "kills": 3},
    "R-2": {"edits": 120, "kills": 2},
    "R-11": {"edits": 40},
    "R-13": {"edits": 30},
    "R-16": {"edits": 4, "kills": 1},
    "R-line": {"edits": 120},
}
LONG: dict[str, dict[str, Any]] = {
    "R-1": {"edits": 600, "kills": 20},
    "R-2": {"edits": 600, "kills": 10},
    "R-11": {"edits": 400},
    "R-13": {"edits": 500},
    "R-16": {"edits": 20, "kills": 20},
    "R-line": {"edits": 800},
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--case", action="append", choices=sorted(SHORT), help="only this case; may come several times")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--long", action="store_true", help="50 seeds, at full length")
    parser.add_argument(
        "--break", dest="broken", choices=["forgets_early"], help="break the client: must report losses"
    )
    options = parser.parse_args()
    sizes, seeds = (LONG, 50) if options.long else (SHORT, 1)
    is_clean = True
    with own_database():
        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from faults import cases

        run: dict[str, Callable[..., None]] = {
            "R-1": cases.server_killed,
            "R-2": cases.server_restarted,
            "R-11": cases.answers_lost,
            "R-13": cases.submit_races_tick,
            "R-16": cases.worker_killed,
            "R-line": cases.line_cut,
        }
        call_command("migrate", verbosity=0)
        for seed in range(options.seed, options.seed + seeds):
            for case in options.case or run:
                report = Report(case, connection.vendor, seed)
                broken = {options.broken: True} if options.broken else {}
                run[case](report, **sizes[case], **broken)
                print(report.line(), flush=True)
                is_clean &= report.is_clean
        connection.close()
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
