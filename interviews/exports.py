"""PDFs of scorecards as the web process sees them: asked for, looked up, handed out. The worker makes them (`tasks`).

One row for one content: whoever may read the same gets the same file, and an unchanged one is there at once."""

import datetime as dt

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction

from accounts.models import User
from interviews import snapshots, tasks
from interviews.documents import interview_document
from interviews.models import Export, Interview

# Queued for longer, the reader hears that no worker seems to run.
SLOW_AFTER = dt.timedelta(seconds=30)


def request_pdf(*, interview: Interview, reader: User, at: dt.datetime) -> Export:
    """The export of what `reader` may read now; queued on commit where it is not made yet, or failed before.

    Raises documents.NothingSubmitted."""
    text, key = _content(interview, reader)
    with transaction.atomic():
        _forget_unusable(interview, key)
        export, is_new = Export.objects.get_or_create(
            interview=interview, key=key, defaults={"document": text, "created_at": at}
        )
    if is_new:
        # A queue that is out of reach fails nothing: the row stands, and the worker's sweep finds it.
        transaction.on_commit(lambda: tasks.make_pdf(export.pk), robust=True)
    return export


def find(*, interview: Interview, reader: User) -> Export | None:
    """The export of what `reader` may read now, if it was ever asked for. Raises documents.NothingSubmitted."""
    _, key = _content(interview, reader)
    export: Export | None = Export.objects.filter(interview=interview, key=key).first()
    return None if export and export.is_ready and not _has_file(export) else export


def open_file(*, interview: Interview, reader: User, key: str) -> "tuple[Export, File[bytes]] | None":
    """The finished file under `key`, if that is what `reader` may read now. Raises documents.NothingSubmitted."""
    export = find(interview=interview, reader=reader)
    if export is None or export.key != key or not export.is_ready:
        return None
    return export, storages["exports"].open(export.storage_name)


def request_after_submission(*, interview: Interview, author: User, at: dt.datetime) -> None:
    """Have the PDFs that a submission brings about ready before somebody asks: the author's and the managers'."""
    request_pdf(interview=interview, reader=author, at=at)
    off_panel = interview.opening.managers.exclude(panels__interview=interview)
    if manager := off_panel.order_by("pk").first():
        request_pdf(interview=interview, reader=manager, at=at)


def stage(export: Export | None, *, now: dt.datetime) -> str:
    """What the reader waits for: "none" (nothing), "busy", "slow", "ready" or "failed"."""
    if export is None:
        return "none"
    if export.is_ready or export.is_failed:
        return str(export.state)
    is_slow = export.state == Export.State.QUEUED and now - export.created_at > SLOW_AFTER
    return "slow" if is_slow else "busy"


def _content(interview: Interview, reader: User) -> tuple[str, str]:
    text = snapshots.canonical(interview_document(interview, reader))
    return text, snapshots.sha256(text)


def _forget_unusable(interview: Interview, key: str) -> None:
    """Asked for anew, a failed one, and one whose file was lost, begins from the start."""
    for export in Export.objects.filter(interview=interview, key=key):
        if export.is_failed or (export.is_ready and not _has_file(export)):
            export.delete()


def _has_file(export: Export) -> bool:
    return bool(storages["exports"].exists(export.storage_name))
