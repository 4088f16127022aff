"""Two web processes that take commands of the same calls at once."""

import random
import threading
from typing import Any

from faults.cases import finish, work
from faults.evidence import Report, Seat, call
from faults.outages import Unable
from harness.site import Site

# Several calls, so that a batch locks rows of more than one.
CALLS, PANELISTS = 4, 4


def two_processes(report: Report, *, edits: int) -> None:
    """R-processes: panels tick, rate and write over both, and hand the lead around, which locks the whole panel.
    PostgreSQL ends no transaction for a deadlock, and no answer is 5xx."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor != "postgresql" or not settings.REDIS_URL:
        raise Unable("two web processes need PostgreSQL and Redis")
    dice, before = random.Random(report.seed), _deadlocks()
    sites, panels = [Site(), Site()], [call(panelists=PANELISTS) for _ in range(CALLS)]
    seats = [seat for panel in panels for seat in panel]
    try:
        for site in sites:
            site.start()
        lights = [
            seat.light(sites[number % 2].port, report.seed * 100 + number, timeout=10)
            for number, seat in enumerate(seats)
        ]
        workers = work(seats, lights, edits=edits // len(seats), dice=dice, pause=0.001)
        for number, panel in enumerate(panels):
            theirs = lights[PANELISTS * number : PANELISTS * (number + 1)]
            workers.append(threading.Thread(target=_hand_the_lead_around, args=(panel, theirs, workers[0])))
            workers[-1].start()
        finish(report, seats, lights, workers)
    finally:
        for site in sites:
            site.close()
    if found := _deadlocks() - before:
        report.notes.append(f"{found} deadlocks")
    if errors := sum(count for light in lights for status, count in light.statuses.items() if status >= 500):
        report.notes.append(f"{errors} answers were 5xx")


def _hand_the_lead_around(panel: list[Seat], lights: list[Any], others: threading.Thread) -> None:
    lead = 0
    while others.is_alive():
        to = (lead + 1) % len(panel)
        lights[lead].do("lead", None, panel[to].panelist.pk)
        lights[lead].drain(30)
        lead = to


def _deadlocks() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_clear_snapshot(), deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )
        return int(cursor.fetchone()[1])
