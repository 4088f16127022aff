"""Submitting from a form: the second step, which lists what is missing and works without JavaScript."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from editing.posted import unix_lines, whole_number
from interviews.live import dispatch
from interviews.live.commands import of_a_form
from interviews.live.note_merge import DIVIDER
from interviews.models import Recommendation, Scorecard
from interviews.records import submitting
from interviews.refusals import WrongTime
from interviews.scorecards.form import NO_DECISION, Answer, ScorecardForm
from interviews.scorecards.locking import locked_author


class ChangedMeanwhile(WrongTime):
    """The draft was changed on another page after this form was opened."""


@dataclass(frozen=True)
class Draft:
    """Recommendation ("1" to "4", "none" for "No decision", "" for not chosen yet) and reason, as a form has them."""

    recommendation: str
    because: str

    @classmethod
    def stored(cls, scorecard: Scorecard) -> "Draft":
        chosen = NO_DECISION if scorecard.is_undecided else str(scorecard.recommendation or "")
        return cls(chosen, unix_lines(scorecard.because))

    @classmethod
    def posted(cls, posted: Mapping[str, str], prefix: str = "") -> "Draft":
        return cls(posted.get(f"{prefix}recommendation", ""), unix_lines(posted.get(f"{prefix}because", "")))


@dataclass(frozen=True)
class SubmitPage:
    """The data of the second step. `opened` is the draft when the form was opened."""

    form: ScorecardForm
    draft: Draft
    opened: Draft
    problem: str = ""

    @property
    def unrated(self) -> list[Answer]:
        return self.form.unrated

    @property
    def recommendations(self) -> list[tuple[str, str]]:
        return [
            *((str(each.value), str(each.label)) for each in Recommendation),
            (NO_DECISION, Recommendation.words_of(None)),
        ]


def both(stored: Draft, sent: Draft) -> Draft:
    """The data of the page after a ChangedMeanwhile: the choice just sent, and both reasons."""
    if stored.because in ("", sent.because):
        return sent
    if not sent.because:
        return Draft(sent.recommendation, stored.because)
    return Draft(sent.recommendation, stored.because + DIVIDER + sent.because)


@transaction.atomic
def submit_draft(*, user: User, interview_id: int, opened: Draft, sent: Draft, at: dt.datetime) -> None:
    """Save what the form changed, and submit, by the commands that the page with JavaScript sends.

    Raises NotThere for people who are not on the panel, ChangedMeanwhile, and what the commands raise. Then nothing
    was changed."""
    panelist = locked_author(user=user, interview_id=interview_id)
    if panelist.has_submitted:
        raise submitting.AlreadySubmitted("You’ve already submitted this scorecard. Nothing was changed.")
    stored = Draft.stored(getattr(panelist, "scorecard", None) or Scorecard(panelist=panelist))
    if stored not in (opened, sent):
        raise ChangedMeanwhile("You changed this scorecard on another page in the meantime. Check it below and submit.")
    commands = []
    if sent.recommendation != stored.recommendation:
        is_undecided = sent.recommendation == NO_DECISION
        # Nothing that the command does not refuse by itself: a number that is no recommendation, or none.
        value = None if is_undecided else (whole_number(sent.recommendation) or 0)
        commands.append(of_a_form("scorecard", "recommendation", value))
    if sent.because != stored.because:
        commands.append(of_a_form("scorecard", "because", sent.because))
    for command in [*commands, of_a_form("submit", None, {"last_n": 0})]:
        dispatch.apply_command(user=user, interview_id=interview_id, command=command, now=at)
