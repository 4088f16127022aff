"""Record decisions after a debrief. Nothing here proposes one, and a recorded decision never changes.

A decision against most recommendations, or against the score, needs one sentence of explanation."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from interviews.access import DebriefAccess, debrief_access
from interviews.models import Candidate, Decision, Interview, Notice, Opening, Recommendation
from interviews.notices.hooks import announce
from interviews.notices.telling import readers, tell
from interviews.records.reading import Submission, panel_score, submissions
from interviews.records.scoring import RATING_WORDS, Score, nearest
from interviews.refusals import Invalid, NotAllowed, NotThere, WrongTime

Choice = Decision.Choice
# 1 towards hiring, -1 against, 0 neither.
LEANS = {Choice.GO_ON: 1, Choice.OFFER: 1, Choice.HOLD: 0, Choice.DECLINE: -1}
GOOD = 3


class Closed(WrongTime):
    """The debrief is not open to this person now."""


class DecidedMeanwhile(WrongTime):
    """Another decision was recorded after the page was opened; this one was not."""


class SentenceWanted(Invalid):
    """The decision overrules the panel or the score without an explanation."""


class UnknownDissenter(Invalid):
    """A dissenter whose scorecard is not in this debrief."""


@dataclass(frozen=True)
class NewDecision:
    """A decision as sent. `base` is the number of the latest decision on the page, 0 for none."""

    choice: str
    reason: str
    token: uuid.UUID
    base: int = 0
    against: str = ""
    dissenters: Sequence[int] = ()
    dissent: str = ""
    feedback: str = ""


def may_decide(user: User, access: DebriefAccess) -> bool:
    return access.may_decide and user.is_hiring_manager


def require_may_decide(user: User, access: DebriefAccess) -> None:
    """Raises NotAllowed unless the user manages the opening, Closed if they may not read the debrief now."""
    if not (access.is_manager and user.is_hiring_manager):
        raise NotAllowed("Only the opening’s hiring managers can decide.")
    if access.barred is not None:
        raise Closed("You can’t read this debrief right now, so you can’t decide.")


@transaction.atomic
def decide(*, user: User, interview_id: int, new: NewDecision, at: dt.datetime) -> Decision:
    """Record a decision after the earlier ones. The same form sent twice is recorded once.

    Raises NotThere, NotAllowed unless the user manages the opening, Closed, DecidedMeanwhile, SentenceWanted or
    UnknownDissenter, and then nothing was recorded."""
    if not Interview.objects.open_to(user).filter(pk=interview_id).exists():
        raise NotThere("Interview not found.")
    # Lock: if two managers decide at once, the second one is shown the first decision; and stages stay as they are.
    Opening.objects.select_for_update(of=("self",), no_key=True).get(interviews=interview_id)
    candidate = Candidate.objects.select_for_update(of=("self",), no_key=True).get(interviews=interview_id)
    interview = Interview.objects.select_for_update(no_key=True).get(pk=interview_id)
    access = debrief_access(user, interview)
    require_may_decide(user, access)
    submitted = submissions(access.submitted)
    names = {one.panelist.pk: str(one.snapshot["author"]["name"]) for one in submitted}
    if not set(new.dissenters) <= names.keys():
        raise UnknownDissenter("Choose from the panelists who have submitted.")
    before = list(interview.decisions.all())
    if (same := _same(before, new)) is not None:
        return same
    if len(before) != new.base:
        raise DecidedMeanwhile("A decision was recorded after you opened this page.")
    against = new.against if objections(new.choice, submitted) else ""
    if objections(new.choice, submitted) and not against:
        raise SentenceWanted("Enter why you’re overruling this, in one sentence.")
    _move_along(candidate, interview, new, by=user, at=at)
    decision = Decision.objects.create(
        interview=interview,
        number=new.base + 1,
        choice=new.choice,
        reason=new.reason,
        against=against,
        dissenters=[{"panelist": pk, "name": names[pk]} for pk in new.dissenters],
        dissent=new.dissent,
        feedback=new.feedback,
        decided_by=user,
        decided_at=at,
        token=new.token,
    )
    tell(Notice.Kind.DECIDED, people=readers(interview), interview=interview, at=at, by=user)
    announce(Notice.Kind.DECIDED, interview=interview, at=at)
    return decision


def _move_along(candidate: Candidate, interview: Interview, new: NewDecision, *, by: User, at: dt.datetime) -> None:
    """Apply the decision to the candidate. Decline rejects who wasn't hired; any other choice takes a rejection back.

    Advance moves a candidate who is still in the interview's stage to the next one. The reason stays with the decision:
    it may quote scorecards, and the candidate's page has readers who may not read this debrief."""
    if new.choice == Choice.DECLINE:
        if candidate.outcome != Candidate.Outcome.HIRED:
            candidate.settle(Candidate.Outcome.REJECTED, reason="", by=by, at=at)
        return
    if candidate.outcome == Candidate.Outcome.REJECTED:
        candidate.reinstate(by=by, at=at, withdrawal=False)
    stage = interview.stage
    if new.choice == Choice.GO_ON and stage is not None and stage.pk == candidate.stage_id and stage.next is not None:
        candidate.move_to(stage.next, by=by, at=at)


def _same(before: Sequence[Decision], new: NewDecision) -> Decision | None:
    """The decision that this form has already recorded."""
    for one in before:
        if one.token == new.token and (one.choice, one.reason) == (new.choice, new.reason):
            return one
    return None


def objections(choice: str, submitted: Sequence[Submission]) -> list[str]:
    """The objections to a choice, in sentences; empty if there are none."""
    lean = LEANS[Choice(choice)]
    found = [_recommendations(submitted), _score(panel_score(submitted))]
    return [words for leaning, words in found if leaning * lean < 0]


def _recommendations(submitted: Sequence[Submission]) -> tuple[int, str]:
    """1 if more than half of the newest recommendations lean to yes, -1 to no, with the sentence."""
    given = [value for one in submitted if (value := one.newest["recommendation"]) is not None]
    yes = sum(value >= Recommendation.YES for value in given)
    words = f"Most recommend {'yes' if yes * 2 > len(given) else 'no'}."
    return (yes * 2 > len(given)) - (yes * 2 < len(given)), words


def _score(score: Score) -> tuple[int, str]:
    """1 if the answers are rated Good on average, -1 if lower, 0 while the score is provisional; with the sentence."""
    if score.rating_part is None or score.is_provisional:
        return 0, ""
    step = nearest([score.rating_part])
    return 1 if step >= GOOD else -1, f"The answers are rated {RATING_WORDS[step]} on average."


def choices(access: DebriefAccess) -> list[tuple[str, str, list[str]]]:
    """Each choice with its label and the objections to it."""
    submitted = submissions(access.submitted)
    return [(each.value, str(each.label), objections(each, submitted)) for each in Choice]
