"""Filling in a scorecard and submitting it. Called within a transaction that holds the panelist's row."""

import datetime as dt

from interviews import access
from interviews.models import Interview, Panelist, Recommendation, Scorecard, ScorecardVersion
from interviews.records import snapshots
from interviews.refusals import Invalid, WrongTime
from interviews.storable import require_storable, text

# Characters. "Because" is one sentence, a take-away a few lines; details belong in the notes.
MAX_CHARS = {"because": 1_000, "stood_out": 4_000, "still_open": 4_000}
LABELS = {"because": "sentence", "stood_out": "take-away", "still_open": "take-away"}


class NotEnded(WrongTime):
    """The call has not ended yet."""


class NotSubmitted(WrongTime):
    """A revision needs a submitted scorecard."""


class InterviewCancelled(WrongTime):
    """A cancelled interview has no scorecards."""


class AlreadySubmitted(WrongTime):
    """A submitted scorecard never changes."""


class NoRecommendation(Invalid):
    """A scorecard is submitted with a recommendation; "No decision" is one, too."""


class InvalidField(Invalid):
    """There is no such field, or it does not take this value."""


def set_field(*, panelist: Panelist, field: str, value: object, is_revision: bool = False) -> Scorecard:
    """Set one field of the panelist's draft: "recommendation" (1 to 4, or None: "No decision") or a text of MAX_CHARS.

    Texts are stored byte for byte. Raises InterviewCancelled, NotEnded, AlreadySubmitted, InvalidField, TooLarge."""
    if not isinstance(field, str):
        raise InvalidField("A scorecard has no such field.")
    _refuse_cancelled(panelist.interview)
    scorecard, _ = Scorecard.objects.get_or_create(panelist=panelist)
    if scorecard.is_submitted and not is_revision:
        raise AlreadySubmitted("You have submitted this scorecard. It can no longer be changed.")
    if field == "recommendation":
        if not panelist.interview.is_ended:
            raise NotEnded("You can recommend once the interview has ended.")
        _check_recommendation(value)
        scorecard.is_undecided = value is None
    elif field in MAX_CHARS:
        text(value, name=LABELS[field], limit=MAX_CHARS[field])
    else:
        raise InvalidField("A scorecard has no such field.")
    setattr(scorecard, field, value)
    scorecard.save(update_fields=[field, "is_undecided"])
    return scorecard


def submit(*, panelist: Panelist, at: dt.datetime) -> ScorecardVersion:
    """Freeze the panelist's scorecard into its first version and lock it.

    Raises InterviewCancelled, NotEnded, AlreadySubmitted or NoRecommendation. Other blank fields are fine: unrated
    answers do not affect the score."""
    interview = panelist.interview
    _refuse_cancelled(interview)
    if not interview.is_ended:
        raise NotEnded("You can submit once the interview has ended.")
    scorecard, _ = Scorecard.objects.get_or_create(panelist=panelist)
    if scorecard.is_submitted:
        raise AlreadySubmitted("You’ve already submitted this scorecard. Nothing was changed.")
    if not scorecard.has_recommendation:
        raise NoRecommendation("Choose a recommendation first. “No decision” is also an option.")
    is_blind = _could_read_nobody_else(panelist)
    scorecard.submitted_at = at
    scorecard.save(update_fields=["submitted_at"])
    return _freeze(scorecard, is_blind=is_blind, reason="", at=at)


def revise(*, panelist: Panelist, reason: str, at: dt.datetime) -> ScorecardVersion:
    """Freeze the current scorecard into a further version.

    Raises NotSubmitted if nothing was submitted yet, InvalidField without a reason."""
    scorecard = Scorecard.objects.filter(panelist=panelist).exclude(submitted_at=None).first()
    if scorecard is None:
        raise NotSubmitted("There is nothing to revise yet: this scorecard isn’t submitted.")
    if not reason.strip():
        raise InvalidField("Enter a reason. It is shown with the revision.")
    require_storable(reason)
    return _freeze(scorecard, is_blind=_could_read_nobody_else(panelist), reason=reason, at=at)


def _freeze(scorecard: Scorecard, *, is_blind: bool, reason: str, at: dt.datetime) -> ScorecardVersion:
    number = scorecard.versions.count() + 1
    text = snapshots.canonical(
        snapshots.scorecard_snapshot(scorecard, number=number, is_blind=is_blind, reason=reason, at=at)
    )
    return ScorecardVersion.objects.create(
        scorecard=scorecard,
        number=number,
        snapshot=text,
        sha256=snapshots.sha256(text),
        is_blind=is_blind,
        reason=reason,
        submitted_at=at,
    )


def _could_read_nobody_else(panelist: Panelist) -> bool:
    return all(p == panelist for p in access.readable_panelists(panelist.user, panelist.interview))


def _refuse_cancelled(interview: Interview) -> None:
    if interview.is_cancelled:
        raise InterviewCancelled("This interview was cancelled, so it has no scorecards.")


def _check_recommendation(value: object) -> None:
    # A bool is an int to Python; 1.0 and "3" come from a mistaken client.
    if value is not None and (type(value) is not int or value not in Recommendation.values):
        raise InvalidField("A recommendation is strong no, no, yes, strong yes, or none.")
