"""Deciding after a debrief. A person decides: nothing here proposes anything, and each decision stands for good.

A decision that goes against most recommendations, or against the score, asks for one sentence and is then taken
like any other."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from interviews.access import DebriefAccess, debrief_access
from interviews.models import Decision, Interview, Recommendation
from interviews.records.reading import Submission, panel_score, submissions
from interviews.records.scoring import RATING_WORDS, Score, nearest
from interviews.refusals import Invalid, NotAllowed, NotThere, WrongTime

Choice = Decision.Choice
# Which way a choice leans; holding leans no way.
LEANS = {Choice.GO_ON: 1, Choice.OFFER: 1, Choice.HOLD: 0, Choice.DECLINE: -1}
GOOD = 3


class Closed(WrongTime):
    """The debrief is not open to this person now."""


class DecidedMeanwhile(WrongTime):
    """There is a decision that the page did not show; nothing was recorded."""


class SentenceWanted(Invalid):
    """The decision goes against something, and does not say why."""


class UnknownDissenter(Invalid):
    """Somebody whose scorecard is not in this debrief."""


@dataclass(frozen=True)
class NewDecision:
    """What a hiring manager sends. `base` is the number of the decision that their page showed, 0 for none."""

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
    """Raises NotAllowed for who does not manage the opening, Closed where they may not read the debrief now."""
    if not (access.is_manager and user.is_hiring_manager):
        raise NotAllowed("Only the opening’s hiring managers can decide.")
    if access.barred is not None:
        raise Closed("You can’t read this debrief right now, so you can’t decide.")


@transaction.atomic
def decide(*, user: User, interview_id: int, new: NewDecision, at: dt.datetime) -> Decision:
    """Record a decision beside those before. The same form sent twice is recorded once.

    Raises NotThere, NotAllowed for who does not manage the opening, Closed, DecidedMeanwhile, SentenceWanted,
    UnknownDissenter; then nothing was recorded."""
    if not Interview.objects.visible_to(user).filter(pk=interview_id).exists():
        raise NotThere("Interview not found.")
    # Locked, so that of two who decide at once the second is shown what the first decided.
    interview = Interview.objects.select_for_update().get(pk=interview_id)
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
        raise SentenceWanted("Enter why you overrule this, in one sentence.")
    return Decision.objects.create(
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


def _same(before: Sequence[Decision], new: NewDecision) -> Decision | None:
    """The decision that this very form has recorded already."""
    for one in before:
        if one.token == new.token and (one.choice, one.reason) == (new.choice, new.reason):
            return one
    return None


def objections(choice: str, submitted: Sequence[Submission]) -> list[str]:
    """What the choice goes against, in words; [] where it goes against nothing."""
    lean = LEANS[Choice(choice)]
    found = [_recommendations(submitted), _score(panel_score(submitted))]
    return [words for leaning, words in found if leaning * lean < 0]


def _recommendations(submitted: Sequence[Submission]) -> tuple[int, str]:
    """1 where more than half of those given lean to yes, -1 to no; as their authors stand by them now."""
    given = [value for one in submitted if (value := one.newest["recommendation"]) is not None]
    yes = sum(value >= Recommendation.YES for value in given)
    words = f"Most recommend {'yes' if yes * 2 > len(given) else 'no'}."
    return (yes * 2 > len(given)) - (yes * 2 < len(given)), words


def _score(score: Score) -> tuple[int, str]:
    """1 where the answers are rated Good on average, -1 below that; 0 while the score is provisional."""
    if score.rating_part is None or score.is_provisional:
        return 0, ""
    step = nearest([score.rating_part])
    return 1 if step >= GOOD else -1, f"The answers are rated {RATING_WORDS[step]} on average."


def choices(access: DebriefAccess) -> list[tuple[str, str, list[str]]]:
    """Each choice with its words, and what it would go against."""
    submitted = submissions(access.submitted)
    return [(each.value, str(each.label), objections(each, submitted)) for each in Choice]
