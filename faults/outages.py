"""R-25: worker, disk, database or Redis fails during a call. The call continues, or says what is wrong.

In every case, 30 % of the answers are thrown away after the commit; without that, duplication would be invisible."""

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from faults.cases import finish, submitted, until, work
from faults.evidence import Report, call, signed_in
from harness import sessions
from harness.http import Connection, request
from harness.proxy import Fault, Proxy
from harness.site import Site, build_static
from runner.engines import redis, socket_folder

THROWN_AWAY = [Fault.CUT_AFTER_COMMIT] * 3 + [Fault.NONE] * 7
# Seconds that a browser waits for an answer.
BROWSER_WAITS = 10


class Unable(Exception):
    """Why this machine cannot show the case."""


def worker_killed(report: Report, *, edits: int, **_: Any) -> None:
    """The queue's worker is killed during the call and restarted later. Nobody in the call notices."""
    from django.utils import timezone

    from interviews.exports import requests
    from interviews.models import Export

    [panelist] = submitted(1, sentences=20)
    row = requests.request_export(target=panelist.interview, reader=panelist.user, at=timezone.now())
    wanted = Export.objects.filter(pk=row.pk)
    site = Site()
    site.start_queue()

    def outage() -> None:
        until(lambda: not wanted.filter(state=Export.State.QUEUED).exists())
        site.kill_queue()
        expect(report, site, 200, "ok")
        time.sleep(1)
        site.start_queue()

    try:
        codes = _call_goes_on(report, site, outage, edits=edits, closes=False)
        if codes:
            report.notes.append(f"the call was told {codes}")
        until(lambda: not wanted.exclude(state=Export.State.READY).exists())
    finally:
        site.close()
    report.lost += wanted.exclude(state=Export.State.READY).count()


def disk_full(report: Report, *, edits: int, seconds: float) -> None:
    """The database's disk is full for a while."""
    if connection.vendor != "sqlite":
        raise Unable("the disk of PostgreSQL is not ours to fill")
    with _small_disk() as disk:

        def outage() -> None:
            rest = disk / "rest"
            with contextlib.suppress(OSError), rest.open("wb", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
            began = time.monotonic()
            expect(report, site, 503, "its disk is full")
            time.sleep(max(0, seconds - (time.monotonic() - began)))
            rest.unlink()

        site = Site()
        codes = _call_goes_on(report, site, outage, edits=edits, seconds=seconds)
    if codes != {"disk-full"}:
        report.notes.append(f"the call was told {codes or 'nothing'}")


def locked(report: Report, *, edits: int, seconds: float) -> None:
    """Another process has locked the database."""
    site = Site()

    def outage() -> None:
        with _lock():
            began = time.monotonic()
            expect(report, site, 503, "another process has locked its database")
            time.sleep(max(0, seconds - (time.monotonic() - began)))

    codes = _call_goes_on(report, site, outage, edits=edits, seconds=seconds)
    if codes != {"locked"}:
        report.notes.append(f"the call was told {codes or 'nothing'}")


def redis_down(report: Report, *, edits: int, seconds: float) -> None:
    """Redis is killed during the call and restarts empty. Pages answer; a PDF waits, with the reason shown."""
    from django.urls import reverse

    from interviews.models import Export

    if not shutil.which("redis-server"):
        raise Unable("redis-server is missing")
    build_static()
    [panelist] = submitted(1, sentences=20)
    page = reverse("export-pdf", args=[panelist.interview_id])
    cookie = signed_in(panelist.user)
    before = os.environ.get("REDIS_URL")
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(socket_folder())
        running = contextlib.ExitStack()
        os.environ["REDIS_URL"] = running.enter_context(redis(folder))
        site = Site()

        def outage() -> None:
            running.close()
            expect(report, site, 200, "the queue is unreachable")
            for path in ("/", page):
                expect(report, site, 200, "", path=path, cookie=cookie)
            expect(report, site, (200, 302), "", path=page, cookie=cookie, posts=True)
            expect(report, site, 200, "starts within a few minutes once it’s back", path=page, cookie=cookie)
            time.sleep(seconds)
            (folder / "redis.sock").unlink(missing_ok=True)
            stack.enter_context(redis(folder))

        try:
            codes = _call_goes_on(report, site, outage, edits=edits, seconds=seconds, closes=False)
            if codes:
                report.notes.append(f"the call was told {codes}")
            site.start_queue()
            until(lambda: Export.objects.filter(interview=panelist.interview, state=Export.State.READY).exists())
            expect(report, site, 200, "ok\n")
        finally:
            site.close()
            os.environ.pop("REDIS_URL")
            if before is not None:
                os.environ["REDIS_URL"] = before
    report.lost += not Export.objects.filter(interview=panelist.interview, state=Export.State.READY).exists()


def _call_goes_on(
    report: Report, site: Site, outage: Callable[[], None], *, edits: int, seconds: float = 1, closes: bool = True
) -> set[str]:
    """Two panelists work for about so many seconds while `outage` runs.

    Returns the codes of all answers that named an outage."""
    dice = random.Random(report.seed)
    seats = call(panelists=2)
    site.start()
    proxy = Proxy(site.port, report.seed)
    proxy.faults = THROWN_AWAY
    lights = [
        seat.light(proxy.port, report.seed * 10 + number, timeout=BROWSER_WAITS) for number, seat in enumerate(seats)
    ]
    try:
        each = edits // len(seats)
        workers = work(seats, lights, edits=each, dice=dice, pause=seconds / each)
        time.sleep(0.3)
        outage()
        report.kills = 1
        finish(report, seats, lights, workers)
    finally:
        proxy.close()
        if closes:
            site.close()
    wrong = {status for light in lights for status in light.statuses} - {200, 503}
    report.notes += [f"an answer was {status}" for status in sorted(wrong)]
    return {code for light in lights for code in light.codes}


def expect(
    report: Report,
    site: Site,
    status: int | tuple[int, ...],
    words: str,
    *,
    path: str = "/healthz",
    cookie: str = "",
    posts: bool = False,
) -> None:
    """Record an answer that still differs after some seconds, or that takes longer than a browser waits."""
    # Health caches its result for two seconds, and the machine may be busy.
    deadline = time.monotonic() + BROWSER_WAITS
    while (difference := _difference(site, status, words, path, cookie, posts)) and time.monotonic() < deadline:
        time.sleep(0.2)
    if difference:
        report.notes.append(difference)


def _difference(
    site: Site, status: int | tuple[int, ...], words: str, path: str, cookie: str, posts: bool
) -> str | None:
    headers = {key: value for key, value in sessions.headers(cookie).items() if key in ("Cookie", "X-CSRFToken")}
    try:
        with contextlib.closing(Connection(site.port, BROWSER_WAITS)) as connection:
            answered, body = connection.send(request("POST" if posts else "GET", path, headers=headers))
    except OSError as error:
        return f"{path} did not answer: {error!r}"
    text = body.decode()
    statuses = status if isinstance(status, tuple) else (status,)
    if answered in statuses and words in text:
        return None
    return f"{path} answered {answered}, without “{words}”: {text[:200]}"


@contextlib.contextmanager
def _small_disk() -> Iterator[Path]:
    """Move the database to a disk of 16 MB, and back afterwards."""
    usual, url = Path(connection.settings_dict["NAME"]), os.environ["DATABASE_URL"]
    with tempfile.TemporaryDirectory(prefix="disk-") as name:
        mount = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", name], capture_output=True, check=False
        )
        if mount.returncode:
            raise Unable("only root can mount a small disk")
        try:
            _move_database(usual, Path(name) / usual.name)
            yield Path(name)
        finally:
            _move_database(Path(name) / usual.name, usual)
            os.environ["DATABASE_URL"] = url
            subprocess.run(["umount", name], check=True)


def _move_database(old: Path, new: Path) -> None:
    connection.close()
    shutil.copyfile(old, new)
    connection.settings_dict["NAME"] = str(new)
    os.environ["DATABASE_URL"] = f"sqlite:///{new}"


@contextlib.contextmanager
def _lock() -> Iterator[None]:
    """Hold a lock that every command needs."""
    if connection.vendor == "sqlite":
        with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=60)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.rollback()
        return
    holder = connection.copy()
    try:
        with holder.cursor() as cursor:
            cursor.execute("SET lock_timeout = '60s'")
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE interviews_receipt, django_session IN EXCLUSIVE MODE")
            yield
            cursor.execute("ROLLBACK")
    finally:
        holder.close()
