"""`python -m faults [--case R-1] [--seed N] [--seeds N] [--long]`: breaks the product; one line per case and seed.

Each line gives edits, kills, lost, duplicated, and seconds to agree. Lost and duplicated must be 0."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from faults.evidence import Report
from harness.engine import own_database
from harness.forks import forking
from runner.machine import chromium

SHORT: dict[str, dict[str, Any]] = {
    "R-1": {"edits": 80, "kills": 2},
    "R-2": {"edits": 80, "kills": 1},
    "R-5": {"edits": 40},
    "R-7": {"edits": 40},
    "R-8": {"edits": 50},
    "R-9": {"edits": 50},
    "R-10": {"edits": 12},
    "R-11": {"edits": 30},
    "R-13": {"edits": 30},
    "R-14": {"edits": 150},
    "R-16": {"edits": 2, "kills": 1, "sentences": 150},
    "R-21": {"edits": 10},
    "R-22": {"edits": 20},
    "R-23": {"edits": 2},
    "R-23-live": {"edits": 4},
    "R-24": {"edits": 25},
    "R-acts": {"edits": 12},
    "R-answers": {"edits": 40},
    "R-25-worker": {"edits": 60},
    "R-25-disk": {"edits": 60, "seconds": 4},
    "R-25-locked": {"edits": 60, "seconds": 12},
    "R-25-redis": {"edits": 60, "seconds": 2},
    "R-line": {"edits": 80},
    "R-processes": {"edits": 320},
}
LONG: dict[str, dict[str, Any]] = SHORT | {
    "R-1": {"edits": 600, "kills": 20},
    "R-2": {"edits": 600, "kills": 10},
    "R-5": {"edits": 300},
    "R-7": {"edits": 200},
    "R-11": {"edits": 400},
    "R-13": {"edits": 500},
    "R-14": {"edits": 3000},
    "R-16": {"edits": 20, "kills": 20, "sentences": 1500},
    "R-22": {"edits": 100},
    "R-23": {"edits": 200},
    "R-acts": {"edits": 200},
    "R-answers": {"edits": 400},
    "R-25-worker": {"edits": 400},
    "R-25-disk": {"edits": 400, "seconds": 20},
    "R-25-locked": {"edits": 400, "seconds": 45},
    "R-25-redis": {"edits": 400, "seconds": 20},
    "R-line": {"edits": 800},
    "R-processes": {"edits": 16_000},
}
IN_A_BROWSER = {"R-5", "R-7", "R-8", "R-9", "R-10", "R-21", "R-22", "R-23", "R-23-live", "R-24", "R-answers"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--case", action="append", choices=list(SHORT), help="only this case; may come several times")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, help="how many; 1, or 50 with --long")
    parser.add_argument("--long", action="store_true", help="at full length")
    parser.add_argument(
        "--break",
        dest="broken",
        choices=["forgets_early", "has_no_receipts"],
        help="break client (R-1, R-2) or server (R-11): must report losses",
    )
    options = parser.parse_args()
    sizes, seeds = (LONG, options.seeds or 50) if options.long else (SHORT, options.seeds or 1)
    is_clean = True
    with own_database(), forking():
        from django.db import connection
        from huey.contrib.djhuey import HUEY

        from faults import acts, answers, browsers, cases, live_typing, machine, outages, processes, sign_in, typing

        run: dict[str, Callable[..., None]] = {
            "R-1": cases.server_killed,
            "R-2": cases.server_restarted,
            "R-5": browsers.offline_for_long,
            "R-7": browsers.two_pages,
            "R-8": sign_in.login_expired,
            "R-9": sign_in.token_rotated,
            "R-10": answers.every_answer,
            "R-11": cases.answers_lost,
            "R-13": cases.submit_races_tick,
            "R-14": machine.any_order,
            "R-16": cases.worker_killed,
            "R-21": browsers.large_in_bytes,
            "R-22": browsers.clock_steps,
            "R-23": typing.killed_while_typing,
            "R-23-live": live_typing.killed_while_typing,
            "R-24": browsers.slow_line,
            "R-acts": acts.every_act,
            "R-answers": answers.answers_lost,
            "R-25-worker": outages.worker_killed,
            "R-25-disk": outages.disk_full,
            "R-25-locked": outages.locked,
            "R-25-redis": outages.redis_down,
            "R-line": cases.line_cut,
            "R-processes": processes.two_processes,
        }
        for seed in range(options.seed, options.seed + seeds):
            for case in options.case or run:
                if case in IN_A_BROWSER and not chromium():
                    print(f"{case} not run: Chromium is missing", flush=True)
                    continue
                HUEY.flush()  # a worker would first do what other cases have left for it
                report = Report(case, connection.vendor, seed)
                broken = {options.broken: True} if options.broken else {}
                try:
                    run[case](report, **sizes[case], **broken)
                except outages.Unable as reason:
                    print(f"{case} not run: {reason}", flush=True)
                    continue
                print(report.line(), flush=True)
                is_clean &= report.is_clean
        connection.close()
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
