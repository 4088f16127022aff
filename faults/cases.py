"""Cases with light clients: the server is killed, restarted, disconnected; nothing is lost or duplicated."""

import json
import random
import threading
import time
from collections.abc import Callable
from typing import Any

from faults.evidence import Report, Seat, call, gaps, seat, settle, wire
from harness.proxy import Fault, Proxy
from harness.site import Site

DRAIN = 60  # seconds without progress, after which a client counts as hanging


def server_killed(report: Report, *, edits: int, kills: int, **broken: Any) -> None:
    """R-1: four panelists work while the server is killed with -9 at random moments."""
    _outage(report, edits=edits, outages=kills, end=Site.kill, **broken)


def server_restarted(report: Report, *, edits: int, kills: int) -> None:
    """R-2: the same with SIGTERM, as in a deployment. The draining process answers no request with 5xx."""
    lights = _outage(report, edits=edits, outages=kills, end=Site.stop)
    errors = sum(count for light in lights for status, count in light.statuses.items() if status >= 500)
    if errors:
        report.notes.append(f"{errors} answers were 5xx")


def answers_lost(report: Report, *, edits: int, has_no_receipts: bool = False) -> None:
    """R-11: the server commits, the answer never arrives, the command is sent again."""
    site = Site("faults.broken:application") if has_no_receipts else Site()
    _through_proxy(report, [Fault.CUT_AFTER_COMMIT, Fault.NONE], edits=edits, panelists=1, site=site)


def line_cut(report: Report, *, edits: int) -> None:
    """The line is cut before and after, and stalls, for four panelists at once."""
    faults = [Fault.CUT, Fault.CUT_AFTER_COMMIT, *[Fault.NONE] * 8, Fault.STALL]
    _through_proxy(report, faults, edits=edits, panelists=4)


def submit_races_tick(report: Report, *, edits: int) -> None:
    """R-13: a tick and the submission arrive together. The tick is in the submitted scorecard, or stored as late."""
    from accounts.factories import InterviewerFactory
    from interviews.factories import InterviewFactory, LeadFactory, ScorecardFactory
    from interviews.models import LateCommand, ScorecardVersion

    user = InterviewerFactory.create()
    seats = [seat(LeadFactory.create(interview=InterviewFactory.create(ended=True), user=user)) for _ in range(edits)]
    for place in seats:
        ScorecardFactory.create(panelist=place.panelist, recommendation=3)
    site = Site()
    site.start()
    ticking, submitting = (_Turns(site.port, 2 * report.seed + number, seats) for number in range(2))
    try:
        meet = threading.Barrier(2)
        threads = [
            threading.Thread(target=ticking.run, args=(meet, lambda place: ("tick", place.points[0], True))),
            threading.Thread(target=submitting.run, args=(meet, lambda _place: ("submit", None, {"last_n": 0}))),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        site.close()
    report.edits = len(seats)
    report.notes += ticking.problems + submitting.problems
    for place in seats:
        version = ScorecardVersion.objects.get(scorecard__panelist=place.panelist)
        heard = [point["id"] for question in json.loads(version.snapshot)["questions"] for point in question["points"]]
        is_in = place.points[0] in heard
        is_late = LateCommand.objects.filter(panelist=place.panelist, kind="tick", target=place.points[0]).exists()
        report.lost += not (is_in or is_late)
        report.duplicated += is_in and is_late


class _Turns:
    """A client that sends one command per seat, each at the same moment as the other client."""

    def __init__(self, port: int, seed: int, seats: list[Seat]) -> None:
        self.port, self.dice, self.seats = port, random.Random(seed), seats
        self.problems: list[str] = []

    def run(self, meet: threading.Barrier, wish: Callable[[Seat], tuple[str, Any, Any]]) -> None:
        light = self.seats[0].light(self.port, self.dice.randrange(10**6))
        for place in self.seats:
            light.path = place.path
            command = light.do(*wish(place))
            if light.has_socket:
                light.open_socket()
            meet.wait()
            while not light.send(command):
                time.sleep(0.01)
        self.problems = [f"refused {status}: {words}" for status, words, _ in light.refused]


def worker_killed(report: Report, *, edits: int, kills: int, sentences: int) -> None:
    """R-16: the worker is killed while it builds PDFs. In the end, each exists once, complete."""
    from django.core.files.storage import storages
    from django.utils import timezone

    from interviews.exports import requests
    from interviews.models import Export

    dice = random.Random(report.seed)
    wanted = Export.objects.filter(pk__in=[])
    panelists = submitted(edits, sentences=sentences)
    # Remove the exports of other cases.
    Export.objects.all().delete()
    site = Site()
    try:
        for number, panelist in enumerate(panelists):
            row = requests.request_export(target=panelist.interview, reader=panelist.user, at=timezone.now())
            wanted |= Export.objects.filter(pk=row.pk)
            if number < kills:
                site.start_queue()
                taken_up = Export.objects.filter(pk=row.pk).exclude(state=Export.State.QUEUED)
                until(taken_up.exists)
                time.sleep(dice.uniform(0, 0.2))
                site.kill_queue()
                report.kills += Export.objects.get(pk=row.pk).state == Export.State.RUNNING
        site.start_queue()
        begin = time.monotonic()
        until(lambda: not wanted.exclude(state=Export.State.READY).exists())
        report.seconds_to_agree = time.monotonic() - begin
    finally:
        site.close()
    report.edits = edits
    for row in wanted:
        name, files = row.storage_name, storages["exports"]
        report.lost += not (files.exists(name) and files.open(name).read().rstrip().endswith(b"%%EOF"))
        if row.state != Export.State.READY:
            report.notes.append(f"export {row.pk} is {row.state}: {row.failure}")
    made = [row for row in wanted if row.state == Export.State.READY]
    report.duplicated += sum(len(storages["exports"].listdir(str(row.interview_id))[1]) - 1 for row in made)


def submitted(count: int, *, sentences: int) -> list[Any]:
    """Panelists with submitted scorecards that have long texts."""
    from django.utils import timezone

    from interviews.factories import InterviewFactory, LeadFactory, NoteFactory, ScorecardFactory
    from interviews.live.dispatch import apply_command

    panelists: list[Any] = [LeadFactory.create(interview=InterviewFactory.create(ended=True)) for _ in range(count)]
    for number, panelist in enumerate(panelists):
        question = panelist.interview.questions.first()
        NoteFactory.create(panelist=panelist, question=question, text="Measured first, then queries. " * sentences)
        ScorecardFactory.create(panelist=panelist, recommendation=3)
        body = wire("submit", None, {"last_n": 0}, n=number + 1)
        apply_command(user=panelist.user, interview_id=panelist.interview_id, command=body, now=timezone.now())
    return panelists


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 4 * DRAIN
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.01)


def _outage(report: Report, *, edits: int, outages: int, end: Callable[[Site], None], **broken: Any) -> list[Any]:
    dice = random.Random(report.seed)
    site, seats = Site(), call(panelists=4)
    site.start()
    lights = [seat.light(site.port, report.seed * 10 + number, **broken) for number, seat in enumerate(seats)]
    try:
        workers = work(seats, lights, edits=edits // len(seats), dice=dice)
        for _ in range(outages):
            time.sleep(dice.uniform(0.05, 0.6))
            end(site)
            report.kills += 1
            site.start()
        finish(report, seats, lights, workers)
    finally:
        site.close()
    return lights


def _through_proxy(
    report: Report, faults: list[Fault], *, edits: int, panelists: int, site: Site | None = None
) -> None:
    dice = random.Random(report.seed)
    site, seats = site or Site(), call(panelists=panelists)
    site.start()
    proxy = Proxy(site.port, report.seed)
    proxy.faults = faults
    lights = [seat.light(proxy.port, report.seed * 10 + number, timeout=1) for number, seat in enumerate(seats)]
    try:
        workers = work(seats, lights, edits=edits // len(seats), dice=dice, pause=0.002)
        finish(report, seats, lights, workers)
        report.kills += sum(count for fault, count in proxy.hits.items() if fault is not Fault.NONE)
    finally:
        proxy.close()
        site.close()


def work(
    seats: list[Seat], lights: list[Any], *, edits: int, dice: random.Random, pause: float = 0.02
) -> list[threading.Thread]:
    def work(place: Seat, light: Any, own: random.Random) -> None:
        for _ in range(edits):
            place.edit(light, own)
            time.sleep(own.uniform(0, 2 * pause))

    workers = []
    for place, light in zip(seats, lights, strict=True):
        light.start()
        own = random.Random(dice.random())
        workers.append(threading.Thread(target=work, args=(place, light, own)))
        workers[-1].start()
    return workers


def finish(report: Report, seats: list[Seat], lights: list[Any], workers: list[threading.Thread]) -> None:
    for worker in workers:
        worker.join()
    begin = time.monotonic()
    for light in lights:
        light.drain(DRAIN)
    report.seconds_to_agree = time.monotonic() - begin
    for place, light in zip(seats, lights, strict=True):
        light.close()
        settle(report, place, light)
    report.notes += [f"stream {stream} has a gap" for stream in gaps(seats[0].panelist.interview_id)]
