"""Exports in the web process: requested, found, downloaded. The worker builds them (`tasks`).

One row for one content: readers with the same access get the same file, and an unchanged one is ready at once."""

import datetime as dt
import logging

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction

from accounts.models import User
from interviews.exports import export_content, tasks
from interviews.exports.export_content import Content, content_of, has_file, is_gone
from interviews.models import Export, ExportRequest
from interviews.models.exports import Target
from interviews.refusals import TooMany

logger = logging.getLogger(__name__)

# After this time in the queue, the page says that no worker seems to run.
SLOW_AFTER = dt.timedelta(seconds=30)
# Limits for one person: unfinished exports, and requests in an hour.
UNFINISHED_MAX = 6
HOURLY_MAX = 60
QUEUE_AWAY = "The queue can’t be reached. This starts within a few minutes once it’s back."


def request_export(*, target: Target, reader: User, at: dt.datetime) -> Export:
    """The export of what `reader` may read now; queued on commit unless it is ready. They get an email when it is.

    Raises documents.NothingSubmitted, and TooMany if they wait for many already."""
    content = content_of(target, reader)
    with transaction.atomic():
        # The row is the lock: a burst of requests cannot slip through the limit together.
        User.objects.select_for_update(no_key=True).get(pk=reader.pk)
        export, is_queued = _find_or_queue(target, content, at)
        if is_queued:
            _check_rate_limit(reader, at)
        ExportRequest.objects.update_or_create(
            export=export, user=reader, defaults={"asked_at": at, "told_at": at if export.is_ready else None}
        )
    return export


def find(*, target: Target, reader: User) -> Export | None:
    """The export of what `reader` may read now, if there is one. Raises documents.NothingSubmitted."""
    export: Export | None = Export.objects.of(target).filter(key=content_of(target, reader).key).first()
    return None if export is None or is_gone(export) else export


def older_zip(*, target: Target, reader: User) -> Export | None:
    """The newest finished zip that holds only scorecards `reader` may still read."""
    readable = set(content_of(target, reader).sources)
    ready = Export.objects.of(target).filter(kind=Export.Kind.ZIP, state=Export.State.READY).order_by("-finished_at")
    return next((export for export in ready if readable.issuperset(export.sources) and has_file(export)), None)


def open_file(*, target: Target, reader: User, key: str) -> "tuple[Export, File[bytes]] | None":
    """The finished file of `key`, if `reader` may read its content now; else None. Raises documents.NothingSubmitted.

    A zip may be older than the newest scorecards, as long as `reader` may read everything in it."""
    content = content_of(target, reader)
    export = Export.objects.of(target).filter(key=key, state=Export.State.READY).first()
    if export is None or not has_file(export):
        return None
    may_be_older = export.is_zip and set(content.sources).issuperset(export.sources)
    if key != content.key and not may_be_older:
        return None
    return export, storages["exports"].open(export.storage_name)


def stage(export: Export | None, *, now: dt.datetime) -> str:
    """How far an export is: "none", "busy", "slow", "waits", "ready" or "failed"."""
    if export is None or export.is_expired:
        return "none"
    if export.is_ready or export.is_failed:
        return str(export.state)
    is_queued = export.state == Export.State.QUEUED
    if is_queued and export.waits_for:
        return "waits"
    is_slow = is_queued and now - export.queued_at > SLOW_AFTER
    return "slow" if is_slow else "busy"


def _find_or_queue(target: Target, content: Content, at: dt.datetime) -> tuple[Export, bool]:
    """The row of this content, and whether it is queued now."""
    export, is_queued = export_content.find_or_create(target, content, at=at)
    if is_queued:
        transaction.on_commit(lambda: _queue(export), robust=True)
    return export, is_queued


def _queue(export: Export) -> None:
    """Queue the build. If the queue is out of reach, the row says so and the worker's sweep finds it."""
    try:
        tasks.build_export(export.pk)
    except Exception:
        logger.exception("Export %s could not be queued.", export.pk)
        Export.objects.filter(pk=export.pk, state=Export.State.QUEUED).update(waits_for=QUEUE_AWAY)


def _check_rate_limit(reader: User, at: dt.datetime) -> None:
    """Raises TooMany."""
    asked = ExportRequest.objects.filter(user=reader)
    if asked.filter(export__in=Export.objects.unfinished()).count() >= UNFINISHED_MAX:
        raise TooMany("Several files are already being made. Try again when they’re done.")
    if asked.filter(asked_at__gt=at - dt.timedelta(hours=1)).count() >= HOURLY_MAX:
        raise TooMany("You’ve requested many files this hour. Try again later; you can still download finished files.")
