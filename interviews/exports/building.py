"""Building exports in the worker: PDFs and zips, their failures, and who is notified."""

import datetime as dt
import json
import logging
from time import monotonic

from django.db import OperationalError, transaction
from django.utils import timezone

from accounts.alerts import tell_administrators
from accounts.models import User
from interviews.exports import documents, export_content, files, pdf, process_identity, scorecard_json, zips
from interviews.exports.pdf_engine import TookTooLong
from interviews.models import Export, ExportRequest
from interviews.models.exports import ATTEMPTS_MAX
from interviews.records import snapshots
from mail import outbox

logger = logging.getLogger(__name__)

# Longer than a document of its size takes even on a slow machine.
LEASE = dt.timedelta(seconds=30)
LEASE_A_PAGE = dt.timedelta(seconds=0.5)
# Seconds. The build is stopped before another worker may claim the export.
MARGIN = 5
# Seconds that a worker spends on a zip before it yields to other exports.
TURN = 2
# Seconds until the next look at a zip while another worker builds one of its PDFs.
LOOK_AGAIN = 1
# Between attempts while the cause may pass, such as a full disk.
PAUSE = dt.timedelta(minutes=1)
PATIENCE = dt.timedelta(days=1)
# A PDF that is ready as soon as this needs no email: its reader still has the page open.
AT_ONCE = dt.timedelta(seconds=30)

STOPPED = "This took too long and was stopped. Try again later, or tell your administrator."
GIVEN_UP = "This couldn’t be generated: the queue worker stopped at every attempt. Tell your administrator."
BROKEN = "Something went wrong. The error was logged. Tell your administrator."
DISK_FULL = "The server’s disk is full. It keeps trying for a day, and administrators have been told."
STILL_FULL = "The server’s disk has been full for a day. Tell your administrator."
CHANGED = "A scorecard was submitted or access changed before this started. Request it again."


class Changed(Exception):
    """The reader's access or the scorecards changed before the zip was begun."""


def build(export: Export) -> int | None:
    """Build an export, or one turn of a zip. Return the seconds until the next turn; None if there is none.

    Raises OperationalError: the row stays as it is, and is claimable again when its lease ends."""
    if not export.is_unfinished:  # a late or repeated message
        return None
    lease = _lease(export)
    if not export.claim(holder=process_identity.this_process(), at=timezone.now(), lease=lease):
        return None
    # A zip gets one attempt more than its PDFs, so the crashing PDF is given up first.
    if export.attempts > ATTEMPTS_MAX + export.is_zip:
        _fail(export, GIVEN_UP, is_ours=True)
        return None
    try:
        if export.is_zip:
            return _build_zip(export)
        _build_pdf(export, lease)
    except (pdf.TooLong, scorecard_json.Gone, documents.NothingSubmitted, Changed) as refusal:
        _fail(export, str(refusal))
    except TookTooLong:
        logger.exception("Export %s was stopped.", export.pk)
        _fail(export, STOPPED, is_ours=True)
    except OperationalError:
        raise
    except OSError as error:
        _without_room(export, error)
    except Exception:
        # No retry: the same content would fail the same way. A new request tries again.
        logger.exception("Export %s could not be made.", export.pk)
        _fail(export, BROKEN, is_ours=True)
    return None


def _lease(export: Export) -> dt.timedelta:
    if export.is_zip:
        return LEASE
    return LEASE + LEASE_A_PAGE * min(pdf.pages(json.loads(export.document)), pdf.MAX_PAGES)


def _build_pdf(export: Export, lease: dt.timedelta) -> None:
    document = json.loads(export.document)
    data = scorecard_json.attachments(document)
    content = pdf.render_apart(document, data, seconds=lease.total_seconds() - MARGIN)
    _finish(export, files.keep(export.storage_name, lambda file: file.write(content)))


def _build_zip(export: Export) -> int | None:
    """One turn: build its PDFs until the turn is over, then write the zip. Return as `build` does."""
    begin = monotonic()
    if not export.total:
        _plan_zip(export)
    parts = _parts(export)
    for part in parts:
        if part.is_ready and not export_content.has_file(part):
            part.requeue(document=part.document, at=timezone.now())
        if part.is_unfinished:
            if monotonic() - begin > TURN:
                export.pause(at=timezone.now())
                return 0
            export.extend(at=timezone.now(), lease=LEASE + _lease(part))
            build(part)
            part.refresh_from_db()
            export.record_progress(sum(not one.is_unfinished for one in parts))
    left = [part for part in parts if part.is_unfinished]
    if not left:
        if export.made < len(parts):  # killed after a PDF was made and before that was recorded
            export.record_progress(len(parts))
        _write_zip(export, parts)
    elif left[0].waits_for:
        export.wait(at=timezone.now(), until=timezone.now() + PAUSE, waits_for=left[0].waits_for)
    else:  # another worker builds it
        export.pause(at=timezone.now())
        return LOOK_AGAIN
    return None


def _plan_zip(export: Export) -> None:
    """Fix the PDFs of the zip. Scorecards submitted later are not in it. Raises Changed, NothingSubmitted."""
    reader = User.objects.get(pk=json.loads(export.document)["reader"])
    assert export.opening
    plan = zips.plan(export.opening, reader)
    if plan.key != export.key:
        raise Changed(CHANGED)
    now = timezone.now()
    parts, sources = [], set()
    for interview in plan.interviews:
        content = export_content.content_of(interview, reader)
        part, _ = export_content.find_or_create(interview, content, at=now)
        part.keep_until(now + PATIENCE)
        parts.append(part.pk)
        sources.update(content.sources)
    document = snapshots.canonical({"reader": reader.pk, "parts": parts})
    export.set_parts(document=document, sources=sorted(sources), total=len(parts))


def _write_zip(export: Export, parts: list[Export]) -> None:
    export.extend(at=timezone.now(), lease=LEASE + dt.timedelta(seconds=len(parts)))
    ready = [part for part in parts if part.is_ready]
    missing = [f"missing  {zips.line(json.loads(part.document))}: {part.failure}" for part in parts if part.is_failed]
    _finish(export, files.keep(export.storage_name, lambda file: zips.write(file, ready, missing)))


def _parts(export: Export) -> list[Export]:
    """The PDFs of a zip in their order, without deleted ones."""
    numbers: list[int] = json.loads(export.document)["parts"]
    found = Export.objects.in_bulk(numbers)
    return [found[pk] for pk in numbers if pk in found]


def _finish(export: Export, digest: str) -> None:
    if export.finish(at=timezone.now(), file=digest):
        notify_requesters(export)
    else:  # the row was deleted during the build
        files.delete(export)


def _fail(export: Export, failure: str, *, is_ours: bool = False) -> None:
    now = timezone.now()
    if not export.fail(at=now, failure=failure):
        return
    notify_requesters(export)
    if is_ours:
        tell_administrators(kind="export_failed", at=now, context={"export": export})


def _without_room(export: Export, error: OSError) -> None:
    """Wait if the disk is full; report any other fault of the disk to the administrators."""
    now = timezone.now()
    if error.errno not in files.DISK_FULL:
        logger.error("Export %s could not be saved.", export.pk, exc_info=error)
        _fail(export, BROKEN, is_ours=True)
    elif now - export.created_at > PATIENCE:
        _fail(export, STILL_FULL, is_ours=True)
    else:
        logger.warning("Export %s waits: the disk is full.", export.pk)
        export.wait(at=now, until=now + PAUSE, waits_for=DISK_FULL)
        tell_administrators(kind="disk_full", at=now, context={})


def notify_requesters(export: Export) -> None:
    """Email each requester once that the export is ready or why it failed, however often this runs."""
    now = timezone.now()
    for asked in ExportRequest.objects.filter(export=export, told_at=None).select_related("user"):
        is_quick = export.kind == Export.Kind.PDF and export.is_ready and now - asked.asked_at < AT_ONCE
        with transaction.atomic():
            is_mine = ExportRequest.objects.filter(pk=asked.pk, told_at=None).update(told_at=now)
            may_see = asked.user.is_active and ExportRequest.objects.visible_to(asked.user).filter(pk=asked.pk).exists()
            if is_mine and not is_quick and may_see:
                outbox.send(kind="export_done", to=asked.user, at=now, context={"export": export, "asked": asked})
