"""Move a candidate to another opening, merge two entries of one person, delete one."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import IO

from django.core.files.storage import storages
from django.db import transaction

from accounts.models import User
from audit.models import Act, AuditEntry
from host.files import write_whole
from interviews.access import is_manager_of
from interviews.models import Candidate, CandidateFile, CandidateMerge, CandidateTag, Interview, Opening, Stage
from interviews.models.openings import LINKS_CHARS, LINKS_MAX, NOTES_CHARS
from interviews.planning import erasing
from interviews.planning.calendar_entries import tell_panel
from interviews.planning.candidate_files import tell_files
from interviews.planning.held_candidates import held, held_one
from interviews.planning.scheduling import OpeningClosed
from interviews.planning.stages import require_progress
from interviews.refusals import Invalid, NotAllowed, WrongTime

Status = Interview.Status


class CallGoesOn(WrongTime):
    """A call with the candidate is live."""


class HasRecord(WrongTime):
    """There are interviews, and nobody said that they go too."""


class StillPlanned(WrongTime):
    """Interviews are planned for someone who withdrew, was hired or rejected, or is to be deleted."""


class NotTheSame(Invalid):
    """These two cannot be merged."""


@transaction.atomic
def move_to_opening(*, candidate: Candidate, opening: Opening, by: User, at: dt.datetime) -> None:
    """Move a candidate with all interviews; each keeps its panel, its script and what it promised the panel.

    `by` manages both openings. Raises NotAllowed, StillOwing, OpeningClosed or CallGoesOn; then nothing was changed."""
    hold_openings(candidate.opening_id, opening.pk)
    opening.refresh_from_db()
    candidate = held_one(candidate)
    require_progress(by, candidate)
    if not is_manager_of(by, opening):
        raise NotAllowed("Only a hiring manager of the other opening can move candidates to it.")
    if opening.closed_at is not None:
        raise OpeningClosed("That opening is closed. Reopen it to move candidates to it.")
    was, stages = candidate.opening, {stage.name: stage for stage in opening.stages.current()}
    candidate.opening = opening
    candidate.stage = stages.get(str(candidate.stage)) or next(iter(stages.values()), None)
    candidate.mark_changed(by=by, at=at)
    candidate.save(update_fields=["opening", "stage", "changed_by", "changed_at"])
    candidate.note("opening", was=str(was), now=str(opening), by=by, at=at)
    for interview in held_interviews(candidate):
        interview.opening, interview.stage = opening, stages.get(str(interview.stage))
        interview.save(update_fields=["opening", "stage"])
        tell_if_planned(interview, at=at)


@transaction.atomic
def merge(*, kept: Candidate, other: Candidate, by: User, at: dt.datetime) -> None:
    """Make `other` a part of `kept`: interviews, files, tags, history. What both have differently is in the history.
    `candidate_unmerging.unmerge` undoes it.

    Raises NotAllowed, StillOwing, NotTheSame, CallGoesOn or StillPlanned; then nothing was changed."""
    hold_openings(kept.opening_id, other.opening_id)
    first, second = sorted((kept, other), key=lambda one: one.pk)
    found = {one.pk: one for one in held(first, second)}
    # Of the locked rows: one of them may just have moved to another opening.
    if len(found) < 2 or len({one.opening_id for one in found.values()}) > 1:
        raise NotTheSame("Choose another candidate of the same opening.")
    kept, other = found[kept.pk], found[other.pk]
    for one in (kept, other):
        require_progress(by, one)
    moved = held_interviews(other)
    held_interviews(kept)
    require_unplanned(kept, moved)
    undoing = CandidateMerge.prepared(kept=kept, other=other, interviews=moved)
    reason = _take_texts(kept, other)
    kept.mark_changed(by=by, at=at)
    kept.save()
    _take_files(kept, other)
    for interview in moved:
        interview.candidate = kept
        interview.save(update_fields=["candidate"])
        tell_if_planned(interview, at=at)
    tags = set(kept.tags.values_list("name", flat=True))
    CandidateTag.objects.filter(candidate=other).exclude(name__in=tags).update(candidate=kept)
    other.changes.update(candidate=kept)
    change = kept.note("merged", now=other.name, reason=reason, by=by, at=at)
    undoing.complete(change, kept=kept)
    other.delete()
    tell_files(kept, by=by, at=at)


@transaction.atomic
def delete(*, candidate: Candidate, by: User, at: dt.datetime, with_interviews: bool = False) -> None:
    """Delete a candidate, with files and notes; `with_interviews`, also with everything that was recorded in them.

    The audit log says who did it, but no name. Raises NotAllowed, HasRecord, StillPlanned or CallGoesOn; then nothing
    was changed."""
    candidate = held_one(candidate)
    if not is_manager_of(by, candidate.opening):
        raise NotAllowed("Only the opening’s hiring managers can delete candidates.")
    numbers = list(candidate.interviews.order_by("pk").values_list("pk", flat=True))
    if numbers and not with_interviews:
        raise HasRecord("This candidate has interviews by now. Open the page again to delete them too.")
    details = {"interviews": str(len(numbers))} if numbers else {}
    AuditEntry.objects.record(Act.CANDIDATE_DELETED, at=at, by=by, about=str(candidate.opening), **details)
    for number in numbers:
        interview = erasing.held_for_erasing(number)
        require_over(interview)
        erasing.erase(interview, requested_by=by, at=at)
    for file in candidate.files.all():
        # robust: if the disk refuses, `delete_orphans` tries again.
        transaction.on_commit(file.delete_from_disk, robust=True)
    candidate.delete()


def require_over(interview: Interview) -> None:
    """Raises StillPlanned or CallGoesOn. Cancelling tells the panel, and takes the entry from their calendars."""
    if interview.is_live:
        raise CallGoesOn(f"{interview.candidate} is in a call now. Try again when it has ended.")
    if interview.is_scheduled:
        raise StillPlanned(f"Cancel the planned interviews of {interview.candidate} first, so that their panels know.")


def hold_openings(*keys: int) -> None:
    list(Opening.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def require_unplanned(candidate: Candidate, interviews: Sequence[Interview]) -> None:
    """Raises StillPlanned if these interviews are to be those of a candidate who is no longer in the process."""
    is_over = candidate.withdrew_at is not None or candidate.outcome
    if is_over and any(interview.is_scheduled for interview in interviews):
        raise StillPlanned(
            f"{candidate} is no longer in the process, but interviews are planned. "
            "Cancel the interviews first, or reinstate the candidate."
        )


def held_interviews(candidate: Candidate) -> list[Interview]:
    """All of them, locked. Raises CallGoesOn."""
    rows = Interview.objects.select_for_update(of=("self",), no_key=True).select_related("stage")
    found = list(rows.filter(candidate=candidate).order_by("pk"))
    if any(interview.is_live for interview in found):
        raise CallGoesOn(f"{candidate} is in a call now. Try again when it has ended.")
    return found


def tell_if_planned(interview: Interview, *, at: dt.datetime) -> None:
    if interview.is_scheduled:
        tell_panel(interview=interview, at=at)


def _take_texts(kept: Candidate, other: Candidate) -> str:
    """Fill what is blank and join what is long; return what fits nowhere, for the history."""
    left = [f"Name: {other.name}"] if other.name != kept.name else []
    for name, label in (("email", "Email"), ("assignment_url", "Assignment"), ("source", "Source")):
        mine, theirs = getattr(kept, name), getattr(other, name)
        if theirs and not mine:
            setattr(kept, name, theirs)
        elif theirs and theirs != mine:
            left.append(f"{label}: {theirs}")
    if other.withdrew_at and not kept.withdrew_at:
        left.append(f"Withdrew: {other.withdraw_reason}")
    if other.outcome not in ("", kept.outcome):
        left.append(f"{other.get_outcome_display()}: {other.outcome_reason}")
    links = list(dict.fromkeys([*kept.link_list, *other.link_list]))
    fits: list[tuple[str, str, Callable[[str], bool]]] = [
        ("links", "\n".join(links), lambda text: len(text) <= LINKS_CHARS and len(links) <= LINKS_MAX),
        ("notes", _joined(kept.notes, other.notes), lambda text: len(text) <= NOTES_CHARS),
        ("feedback", _joined(kept.feedback, other.feedback), lambda text: len(text) <= NOTES_CHARS),
    ]
    for name, text, does_fit in fits:
        if does_fit(text):
            setattr(kept, name, text)
        else:
            left.append(f"{name.capitalize()}: {getattr(other, name)}")
    if _place(other.stage) > _place(kept.stage):
        kept.stage = other.stage
    return "\n".join(left)


def _joined(mine: str, theirs: str) -> str:
    return "\n\n".join(dict.fromkeys(filter(None, [mine, theirs])))


def _place(stage: Stage | None) -> int:
    return -1 if stage is None or stage.position is None else stage.position


def _take_files(kept: Candidate, other: Candidate) -> None:
    """Each content once."""
    have = set(kept.files.values_list("sha256", flat=True))
    for file in other.files.exclude(sha256__in=have):
        move_file(file, kept)


def move_file(file: CandidateFile, candidate: Candidate) -> None:
    """Write the file before its row changes. `delete_orphans` later deletes the file at its old place."""
    content = read_file(file)
    file.candidate = candidate
    write_file(file, content)
    file.save(update_fields=["candidate"])


def read_file(file: CandidateFile) -> bytes | None:
    """None if it is missing on the disk: it stays missing then, and holds nothing up."""
    disk = storages["default"]
    if not disk.exists(file.storage_name):
        return None
    with disk.open(file.storage_name) as stored:
        return bytes(stored.read())


def write_file(file: CandidateFile, content: bytes | None) -> None:
    if content is not None:
        write_whole(Path(storages["default"].path(file.storage_name)), partial(_write, content))


def _write(content: bytes, file: IO[bytes]) -> None:
    file.write(content)
