"""The data of the page on which a panelist finishes a scorecard after the call."""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

from django.urls import reverse

from interviews.live.question_cards import Step, scale_of
from interviews.models import (
    BlindPolicy,
    LooseEnd,
    Note,
    Panelist,
    Rating,
    Receipt,
    Recommendation,
    Scorecard,
    ScriptedPoint,
    ScriptedQuestion,
    Tick,
    UnlistedPoint,
)
from question_bank.models import Point


class Flag(NamedTuple):
    name: str
    words: str
    is_on: bool


@dataclass
class Answer:
    """One question with this panelist's record. Points are read-only here; they are ticked on the live page."""

    question: ScriptedQuestion
    note: Note | None
    rating: Rating | None
    points: list[ScriptedPoint] = field(default_factory=list)
    unlisted: list[UnlistedPoint] = field(default_factory=list)

    @property
    def heard(self) -> list[ScriptedPoint]:
        return [point for point in self.points if point.kind == Point.Kind.BROWNIE]

    @property
    def came_up(self) -> list[ScriptedPoint]:
        """Cues and watch-outs; they do not count."""
        return [point for point in self.points if point.kind != Point.Kind.BROWNIE]

    @property
    def is_rated(self) -> bool:
        return self.rating is not None and self.rating.value is not None

    @property
    def is_first(self) -> bool:
        """Show the question open: it was asked, or this panelist recorded something. The others are collapsed."""
        return bool(
            self.question.is_asked or self.points or self.unlisted or self.note or (self.rating and self._has_judgement)
        )

    @property
    def _has_judgement(self) -> bool:
        return self.rating is not None and (self.rating.value is not None or bool(self.rating.flags))

    @property
    def is_rating_missed(self) -> bool:
        """An answer that this panelist heard and has not rated."""
        return self.question.is_answer and self.is_first and not self.is_rated

    @property
    def scale(self) -> list[Step]:
        return scale_of(self.question)

    @property
    def flags(self) -> list[Flag]:
        set_flags = self.rating.flags if self.rating else []
        return [Flag(name, words, name in set_flags) for name, words in Rating.FLAGS.items()]


# The value of "No decision" in forms: a choice, unlike a blank.
NO_DECISION = "none"
# Shown beside Submit, by blind policy.
OPENS = {
    BlindPolicy.AFTER_OWN: "You can then read the others’, and add a revision later.",
    BlindPolicy.AFTER_ALL: "You can read the others’ once all are in, and add a revision later.",
    BlindPolicy.NEVER: "You won’t see the others’. You can add a revision later.",
}


class NoteState(TypedDict):
    text: str
    revision: int


class PageState(TypedDict):
    """JSON for the page's script; the rest is in the HTML."""

    now: str
    saved_at: str | None
    user: int
    interview: int
    time_zone: str | None
    notes: dict[int | str, NoteState]  # by question; "interview" for the note on the whole
    max_note: int
    url: str
    own_words: str


@dataclass(frozen=True)
class ScorecardForm:
    scorecard: Scorecard
    minutes: int
    opens: str
    now: dt.datetime
    # None until something was saved.
    saved_at: dt.datetime | None
    first: list[Answer]
    others: list[Answer]
    note: Note | None
    loose_ends: list[LooseEnd]
    recommendations: list[tuple[int, str]]
    state: PageState

    @property
    def unrated(self) -> list[Answer]:
        return [answer for answer in [*self.first, *self.others] if answer.is_rating_missed]


def scorecard_form(*, panelist: Panelist, now: dt.datetime) -> ScorecardForm:
    """Read the form of a panelist who has not submitted. Eight queries, whatever the length of the script."""
    notes = {note.question_id: note for note in panelist.notes.all()}
    answers = _answers(panelist, notes)
    interview = panelist.interview
    saved_at = Receipt.objects.last_at(panelist)
    assert interview.started_at and interview.ended_at  # the view lets only ended interviews through
    return ScorecardForm(
        minutes=round((interview.ended_at - interview.started_at).total_seconds() / 60),
        opens=OPENS[BlindPolicy(interview.blind_policy)],
        now=now,
        saved_at=saved_at,
        scorecard=getattr(panelist, "scorecard", None) or Scorecard(panelist=panelist),
        first=[answer for answer in answers if answer.is_first],
        others=[answer for answer in answers if not answer.is_first],
        note=notes.get(None),
        loose_ends=list(panelist.loose_ends.filter(is_done=False)),
        recommendations=[(each.value, str(each.label)) for each in Recommendation],
        state=_state(panelist, notes, now, saved_at),
    )


def _answers(panelist: Panelist, notes: dict[int | None, Note]) -> list[Answer]:
    ratings = {rating.question_id: rating for rating in panelist.ratings.all()}
    answers = {}
    for question in panelist.interview.questions.in_order().select_related("section"):
        answers[question.pk] = Answer(question, notes.get(question.pk), ratings.get(question.pk))
    for tick in Tick.objects.filter(panelist=panelist).select_related("point", "unlisted_point"):
        if tick.point is not None:
            answers[tick.point.question_id].points.append(tick.point)
        elif tick.unlisted_point is not None:
            answers[tick.unlisted_point.question_id].unlisted.append(tick.unlisted_point)
    return [answer for answer in answers.values() if answer.is_first or not answer.question.is_removed]


def _state(
    panelist: Panelist, notes: dict[int | None, Note], now: dt.datetime, saved_at: dt.datetime | None
) -> PageState:
    return {
        "now": now.isoformat(),
        "saved_at": saved_at.isoformat() if saved_at else None,
        "user": panelist.user_id,
        "interview": panelist.interview_id,
        "time_zone": panelist.user.time_zone or None,
        "notes": {pk or "interview": {"text": note.text, "revision": note.revision} for pk, note in notes.items()},
        "max_note": Note.MAX_CHARS,
        "url": reverse("live-command", args=[panelist.interview_id]),
        "own_words": reverse("own-words", args=[panelist.interview_id]),
    }
