"""Undo the merge of two entries of one candidate."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction

from accounts.models import User
from interviews.models import Candidate, CandidateFile, CandidateMerge
from interviews.planning.candidate_files import tell_files
from interviews.planning.candidate_moves import (
    held_interviews,
    hold_openings,
    move_file,
    read_file,
    require_unplanned,
    tell_if_planned,
    write_file,
)
from interviews.planning.held_candidates import Gone, held_one
from interviews.planning.stages import require_progress


def merged_into(user: User, pk: int) -> Candidate | None:
    """The candidate whom the one with this key was merged into, if `user` may see them."""
    seen = Candidate.objects.visible_to(user).filter(changes__merge__other_pk=pk)
    return seen.select_related("opening").first()


@transaction.atomic
def unmerge(*, merge: CandidateMerge, by: User, at: dt.datetime) -> Candidate:
    """Make the other entry a candidate again, with the interviews, files, tags and history that it brought; return it.

    Fields of the one that stayed are as before, unless someone has changed them since. What was added since stays where
    it is. Raises NotAllowed, StillOwing, CallGoesOn, StillPlanned or Gone; then nothing was changed."""
    kept = merge.change.candidate
    hold_openings(kept.opening_id)
    kept = held_one(kept)
    require_progress(by, kept)
    found = (
        CandidateMerge.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=merge.pk, change__candidate=kept)
        .first()
    )
    if found is None:
        raise Gone("Someone has just undone this merge.")
    interviews = [one for one in held_interviews(kept) if one.pk in found.content["interviews"]]
    other = _again(found, kept, by=by, at=at)
    require_unplanned(other, interviews)
    found.give_back(kept)
    kept.mark_changed(by=by, at=at)
    kept.save()
    _give_tags(found.content, kept, other)
    kept.changes.filter(pk__in=found.content["changes"]).update(candidate=other)
    for values in found.content["files"]:
        _give_file(values, kept, other)
    for interview in interviews:
        interview.candidate = other
        interview.save(update_fields=["candidate"])
        tell_if_planned(interview, at=at)
    for one, about in ((kept, other), (other, kept)):
        one.note("unmerged", now=about.name, by=by, at=at)
        tell_files(one, by=by, at=at)
    found.delete()
    return other


def _again(merge: CandidateMerge, kept: Candidate, *, by: User, at: dt.datetime) -> Candidate:
    other = merge.other(kept.opening)
    stages = {stage.pk: stage for stage in kept.opening.stages.current()}
    # The stage may be gone, or the candidate has moved to another opening.
    other.stage = stages.get(other.stage_id or 0) or next(iter(stages.values()), None)
    other.mark_changed(by=by, at=at)
    other.save(force_insert=True)
    return other


def _give_tags(content: dict[str, Any], kept: Candidate, other: Candidate) -> None:
    brought = [name for name in content["tags"] if name not in content["own_tags"]]
    kept.tags.filter(name__in=brought).delete()
    for name in content["tags"]:
        other.tags.create(name=name)


def _give_file(values: dict[str, Any], kept: Candidate, other: Candidate) -> None:
    """A file that both had is in both again; one that was deleted since is in neither."""
    file = kept.files.filter(sha256=values["sha256"]).first()
    if file is None:
        return
    if file.pk == values["pk"]:
        move_file(file, other)
        return
    content = read_file(file)
    added_at = dt.datetime.fromisoformat(values["added_at"])
    fields = {name: values[name] for name in ("name", "kind", "size", "sha256", "added_by_id")}
    copy = CandidateFile(candidate=other, storage_key=uuid.uuid4(), added_at=added_at, **fields)
    write_file(copy, content)
    copy.save()
