"""Stages of an opening, and how its candidates go through them: advance, hire, reject.

Stage and outcome tell what was decided, so they are for managers who have submitted what they owe on the candidate;
see `CandidateQuerySet.progress_open_to`."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from interviews.access import is_manager_of
from interviews.models import Candidate, Interview, Opening, Stage
from interviews.planning.held_candidates import held_one
from interviews.planning.scheduling import cancel_interview
from interviews.refusals import Invalid, NotAllowed, WrongTime

# The panel reads it; that someone was hired or rejected is not for them.
NO_LONGER_IN_PROCESS = "The candidate is no longer in the process."


class StillOwing(WrongTime):
    """A manager on the panel owes a scorecard: until then they learn nothing of stage and outcome."""


class StageInUse(Invalid):
    """Candidates are in the stage that would be removed."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(f"Candidates are in “{stage}”. Move them to another stage before you remove it.")


class Settled(WrongTime):
    """A candidate who was hired or rejected gets no new interviews until a manager reinstates them."""


class NotHere(Invalid):
    """The stage is of another opening, or was removed."""


def require_progress(user: User, candidate: Candidate) -> None:
    """Raises NotAllowed for others than managers, StillOwing before they have submitted their scorecard."""
    if not is_manager_of(user, candidate.opening):
        raise NotAllowed("Only the opening’s hiring managers can move candidates to another stage.")
    if not Candidate.objects.progress_open_to(user).filter(pk=candidate.pk).exists():
        raise StillOwing("Submit your scorecard for this candidate first. Until then their progress stays hidden.")


def known_stage(user: User, candidate: Candidate) -> Stage | None:
    """The candidate's stage as far as the user may know, for a new interview.

    Raises Settled if the user knows that they were hired or rejected."""
    return candidate.stage if require_unsettled(user, candidate) else None


def require_unsettled(user: User, candidate: Candidate) -> bool:
    """Whether the user may know of stage and outcome. Raises Settled if they know that it ended with an outcome."""
    if not Candidate.objects.progress_open_to(user).filter(pk=candidate.pk).exists():
        return False
    if candidate.outcome:
        words = candidate.get_outcome_display().lower()
        raise Settled(f"This candidate was {words}. Reinstate them to schedule interviews.")
    return True


def _gone(before: Sequence[Stage], names: Sequence[str]) -> dict[int, Stage]:
    """The stages whose name is no longer wanted, by their place."""
    return {at: stage for at, stage in enumerate(before) if stage.name not in names}


def stage_in_use(opening: Opening, names: Sequence[str]) -> Stage | None:
    """A stage that candidates are in and that `set_stages` would remove."""
    known = set(opening.stages.values_list("name", flat=True))
    gone = _gone(list(opening.stages.current()), names)
    renamed = {at for at, name in enumerate(names) if at in gone and name not in known}
    return next((stage for at, stage in gone.items() if at not in renamed and stage.candidates.exists()), None)


@transaction.atomic
def set_stages(*, opening: Opening, names: Sequence[str]) -> None:
    """Give the opening these stages, in order. A new name in the place of one that is gone renames that stage.

    Candidates without a stage are put into the first. Raises StageInUse while candidates are in a stage that would go;
    interviews keep theirs."""
    Opening.objects.select_for_update(no_key=True).get(pk=opening.pk)
    if (stage := stage_in_use(opening, names)) is not None:
        raise StageInUse(stage)
    by_name = {stage.name: stage for stage in opening.stages.all()}
    gone = _gone(list(opening.stages.current()), names)
    for at, name in enumerate(names):
        stage = by_name.get(name) or gone.pop(at, None) or Stage(opening=opening)
        stage.name, stage.position = name, at
        stage.save()
    for stage in gone.values():
        stage.position = None
        stage.save(update_fields=["position"])
    if names:
        opening.candidates.filter(stage=None).update(stage=opening.stages.current().first())


@transaction.atomic
def move(*, candidate: Candidate, stage_pk: int, by: User, at: dt.datetime) -> Stage:
    """Put the candidate into a stage of their opening. Raises NotAllowed, StillOwing, NotHere or Gone."""
    # Of one opening, one at a time: a stage may just be removed.
    Opening.objects.select_for_update(no_key=True).get(pk=candidate.opening_id)
    candidate = held_one(candidate)
    require_progress(by, candidate)
    stage: Stage | None = Stage.objects.current().filter(opening=candidate.opening_id, pk=stage_pk).first()
    if stage is None:
        raise NotHere("This stage no longer exists. Open the page again.")
    candidate.move_to(stage, by=by, at=at)
    return stage


@transaction.atomic
def settle(*, candidate: Candidate, outcome: str, reason: str, by: User, at: dt.datetime) -> None:
    """Say that the candidate was hired or rejected, and cancel what is planned. `reinstate` undoes it, but restores no
    interview. Raises NotAllowed, StillOwing or Gone."""
    candidate = held_one(candidate)
    require_progress(by, candidate)
    candidate.settle(outcome, reason=reason, by=by, at=at)
    for interview in candidate.interviews.filter(status=Interview.Status.SCHEDULED).order_by("pk"):
        cancel_interview(interview=interview, reason=NO_LONGER_IN_PROCESS, by=by, at=at)
