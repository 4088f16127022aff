"""The cases that light clients can show: the server is killed, restarted, cut off; nothing is lost, nothing doubled."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

from faults.evidence import Report, Seat, call, gaps, settle
from faults.proxy import Fault, Proxy
from faults.site import Site

DRAIN = 60  # seconds; every case is quicker unless something hangs


def server_killed(report: Report, *, edits: int, kills: int, **broken: Any) -> None:
    """R-1: four panelists work while the server is killed with -9 at random moments."""
    _outage(report, edits=edits, outages=kills, end=Site.kill, **broken)


def server_restarted(report: Report, *, edits: int, kills: int) -> None:
    """R-2: the same with SIGTERM, as a deploy does. The draining process answers no request with 5xx."""
    lights = _outage(report, edits=edits, outages=kills, end=Site.stop)
    errors = sum(count for light in lights for status, count in light.statuses.items() if status >= 500)
    if errors:
        report.notes.append(f"{errors} answers were 5xx")


def answers_lost(report: Report, *, edits: int) -> None:
    """R-11: the server commits, the answer never arrives, the command is sent again."""
    _through_proxy(report, [Fault.CUT_AFTER_COMMIT, Fault.NONE], edits=edits, panelists=1)


def line_cut(report: Report, *, edits: int) -> None:
    """The line is cut before and after, and stalls, for four panelists at once."""
    faults = [Fault.CUT, Fault.CUT_AFTER_COMMIT, *[Fault.NONE] * 8, Fault.STALL]
    _through_proxy(report, faults, edits=edits, panelists=4)


def _outage(report: Report, *, edits: int, outages: int, end: Callable[[Site], None], **broken: Any) -> list[Any]:
    dice = random.Random(report.seed)  # noqa: S311
    site, seats = Site(), call(panelists=4)
    site.start()
    lights = [seat.light(site.port, report.seed * 10 + number, **broken) for number, seat in enumerate(seats)]
    try:
        workers = _work(seats, lights, edits=edits // len(seats), dice=dice)
        for _ in range(outages):
            time.sleep(dice.uniform(0.05, 0.6))
            end(site)
            report.kills += 1
            site.start()
        _finish(report, seats, lights, workers)
    finally:
        site.close()
    return lights


def _through_proxy(report: Report, faults: list[Fault], *, edits: int, panelists: int) -> None:
    dice = random.Random(report.seed)  # noqa: S311
    site, seats = Site(), call(panelists=panelists)
    site.start()
    proxy = Proxy(site.port, report.seed)
    proxy.faults = faults
    lights = [seat.light(proxy.port, report.seed * 10 + number, timeout=1) for number, seat in enumerate(seats)]
    try:
        workers = _work(seats, lights, edits=edits // len(seats), dice=dice, pause=0.002)
        _finish(report, seats, lights, workers)
        report.kills += sum(count for fault, count in proxy.hits.items() if fault is not Fault.NONE)
    finally:
        proxy.close()
        site.close()


def _work(
    seats: list[Seat], lights: list[Any], *, edits: int, dice: random.Random, pause: float = 0.02
) -> list[threading.Thread]:
    def work(seat: Seat, light: Any, own: random.Random) -> None:
        for _ in range(edits):
            seat.edit(light, own)
            time.sleep(own.uniform(0, 2 * pause))

    workers = []
    for seat, light in zip(seats, lights, strict=True):
        light.start()
        own = random.Random(dice.random())  # noqa: S311
        workers.append(threading.Thread(target=work, args=(seat, light, own)))
        workers[-1].start()
    return workers


def _finish(report: Report, seats: list[Seat], lights: list[Any], workers: list[threading.Thread]) -> None:
    for worker in workers:
        worker.join()
    begin = time.monotonic()
    for light in lights:
        light.drain(DRAIN)
    report.seconds_to_agree = time.monotonic() - begin
    for seat, light in zip(seats, lights, strict=True):
        light.close()
        settle(report, seat, light)
    report.notes += [f"stream {stream} has a gap" for stream in gaps(seats[0].panelist.interview_id)]
