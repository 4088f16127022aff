"""Add and delete a candidate's files. The row says that a file is there; the bytes are written before it."""

import datetime as dt
import hashlib
import logging
import uuid
from pathlib import Path

from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from audit.models import Act, AuditEntry
from host.files import write_whole
from interviews.models import Candidate, CandidateFile
from interviews.models.candidate_files import FILE_BYTES, FILES_MAX, storage_name
from interviews.planning.file_types import kind_of, safe_name
from interviews.planning.held_candidates import held_one
from interviews.refusals import Invalid, TooLarge
from interviews.streams.events import append_event
from interviews.streams.payloads import files_of

logger = logging.getLogger(__name__)

# A file is on the disk for an instant before its row is in the database.
ORPHAN_AFTER = dt.timedelta(hours=1)


class TooManyFiles(Invalid):
    """A candidate has FILES_MAX files at most."""


def require_size(size: int) -> None:
    """Raises TooLarge, or Invalid for an empty file."""
    if not size:
        raise Invalid("This file is empty.")
    if size > FILE_BYTES:
        raise TooLarge(
            f"This file is {size / 1_000_000:.1f} MB; the limit is {FILE_BYTES // 1_000_000} MB. "
            "Make it smaller, or add a link to it instead."
        )


@transaction.atomic
def add_file(*, candidate: Candidate, upload: "UploadedFile[bytes]", by: User, at: dt.datetime) -> CandidateFile:
    """Save an uploaded file. The same content again, as after a lost answer, is the file that is there already.

    Raises TooLarge, Invalid for an empty file or another type, TooManyFiles or Gone, and then nothing was
    saved."""
    require_size(upload.size or 0)
    content = upload.read()
    kind, digest = kind_of(content), hashlib.sha256(content).hexdigest()
    candidate = held_one(candidate)
    if there := candidate.files.filter(sha256=digest).first():
        return there
    if candidate.files.count() >= FILES_MAX:
        raise TooManyFiles(f"{candidate} already has {FILES_MAX} files. Delete one first.")
    key = uuid.uuid4()
    write_whole(Path(storages["default"].path(storage_name(candidate.pk, key))), lambda file: file.write(content))
    file: CandidateFile = candidate.files.create(
        name=safe_name(upload.name or "", kind),
        kind=kind,
        size=len(content),
        sha256=digest,
        storage_key=key,
        added_by=by,
        added_at=at,
    )
    tell_files(candidate, by=by, at=at)
    return file


@transaction.atomic
def delete_file(*, file: CandidateFile, by: User, at: dt.datetime) -> None:
    """Delete the row, and the bytes once that is certain. The audit log says who did it, but not the file's name."""
    AuditEntry.objects.record(
        Act.CANDIDATE_FILE_DELETED, at=at, by=by, about=str(file.candidate.opening), kind=file.get_kind_display()
    )
    file.delete()
    tell_files(file.candidate, by=by, at=at)
    # robust: if the disk refuses, `delete_orphans` tries again.
    transaction.on_commit(file.delete_from_disk, robust=True)


def tell_files(candidate: Candidate, *, by: User, at: dt.datetime) -> None:
    """Open live pages of the candidate's interviews show the files as they are now.

    Of a call that has ended or was called off too: it may be reopened or restored, and pages stay open meanwhile."""
    for interview in candidate.interviews.order_by("pk").select_for_update(no_key=True):
        append_event(owner=interview, kind="files", payload={"files": files_of(candidate.files.all())}, actor=by, at=at)


def delete_orphans(*, at: dt.datetime) -> int:
    """Delete files without a row, such as those of a deleted candidate or half of a crash; how many."""
    root = Path(storages["default"].path("candidates"))
    kept = {storage_name(*row) for row in CandidateFile.objects.values_list("candidate", "storage_key")}
    count = 0
    for path in sorted(root.rglob("*"), reverse=True) if root.exists() else ():
        is_old = path.stat().st_mtime < (at - ORPHAN_AFTER).timestamp()
        if path.is_dir() and is_old and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and is_old and f"candidates/{path.relative_to(root).as_posix()}" not in kept:
            path.unlink(missing_ok=True)
            count += 1
    return count
