"""Plays the calls of the demo texts as commands through `interviews.live.dispatch`, like the browsers of a panel.

So rows, events, receipts and submitted versions are as in a real call."""

import datetime as dt
import json
import uuid
import zoneinfo
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from accounts.models import User
from interviews.demo.texts import AnswerText, InterviewText, MomentText
from interviews.live import commands, dispatch
from interviews.models import Interview, Recommendation, ScriptedQuestion
from question_bank.models import RatingStep

NAMESPACE = uuid.UUID("6f1d9a52-4f0e-4a8e-9d53-3c7f6a0b1e24")
FIVE_MINUTES = dt.timedelta(minutes=5)
SATURDAY = 5
RATINGS = {label: value for value, label in RatingStep.choices}
RECOMMENDATIONS = {label: value for value, label in Recommendation.choices}
SKIP_REASONS = {label: value for value, label in ScriptedQuestion.SkipReason.choices}


class NotInBank(LookupError):
    """The demo texts name a question or point that is not in the bank."""


@dataclass(frozen=True)
class Times:
    scheduled_for: dt.datetime
    started_at: dt.datetime
    ended_at: dt.datetime | None  # None while it is live


def times_of(text: InterviewText, *, now: dt.datetime) -> Times:
    """The times of an interview: minutes from `now`, rounded to five minutes, or a time of day some days from `now`.

    A weekend day moves away from today to the next working day. Yesterday stays: a scorecard is due a day later."""
    if "minutes" in text.starts:
        begin = now + dt.timedelta(minutes=text.starts["minutes"])
        # A past start is rounded down (the call began a little late), a future one up (it has not begun).
        before = (begin - dt.datetime.min.replace(tzinfo=dt.UTC)) % FIVE_MINUTES
        scheduled_for = begin - before if begin < now else begin + (-before % FIVE_MINUTES)
        return Times(scheduled_for, begin, None)
    zone = zoneinfo.ZoneInfo(text.time_zone)
    away = text.starts["days"]
    day = now.astimezone(zone).date() + dt.timedelta(days=away)
    while day.weekday() >= SATURDAY and away != -1:
        day += dt.timedelta(days=1 if away > 0 else -1)
    at = dt.datetime.combine(day, dt.time.fromisoformat(text.starts["at"]), zone).astimezone(dt.UTC)
    started_at = at + dt.timedelta(seconds=24)
    return Times(at, started_at, started_at + dt.timedelta(minutes=text.took))


def play(*, interview: Interview, text: InterviewText, times: Times, people: dict[str, User], now: dt.datetime) -> None:
    """Send the commands of the call in order of time, from its start to the last scorecard.

    Raises NotInBank."""
    sent: Counter[str] = Counter()
    for step in sorted(_Script(interview, text, times, now).steps(), key=lambda step: step.at):
        sent[step.who] += 1
        value = {"last_n": sent[step.who] - 1} if step.kind == "submit" else step.value
        body = {
            "id": str(uuid.uuid5(NAMESPACE, f"{text.key} {step.who} {sent[step.who]}")),
            "client": f"demo-{step.who}",
            "n": sent[step.who],
            "kind": step.kind,
            "target": step.target,
            "value": value,
            "base_rev": step.base_rev,
        }
        command = commands.read(json.dumps(body).encode())
        dispatch.apply_command(user=people[step.who], interview_id=interview.pk, command=command, now=step.at)


@dataclass(frozen=True)
class _Step:
    """One command of one person."""

    at: dt.datetime
    who: str
    kind: str
    target: int | str | None = None
    value: Any = True
    base_rev: int | None = None


@dataclass(frozen=True)
class _Turn:
    """A question with the time it was discussed."""

    text: MomentText
    question: ScriptedQuestion
    begin: dt.datetime
    end: dt.datetime

    def after(self, part: float) -> dt.datetime:
        """The moment after `part` (0 to 1) of its time."""
        return self.begin + (self.end - self.begin) * part


class _Script:
    def __init__(self, interview: Interview, text: InterviewText, times: Times, now: dt.datetime) -> None:
        self.text = text
        self.begin, self.end = times.started_at, times.ended_at or now
        self.has_ended = times.ended_at is not None
        self.questions = {
            question.source.key: question
            for question in interview.questions.select_related("source", "section").prefetch_related("points")
            if question.source and question.source.key
        }
        self.gate = next((section for section in interview.sections.all() if section.gate), None)
        self.turns = list(self._turns())

    def steps(self) -> Iterator[_Step]:
        """Every command of the call; those of the same moment in order."""
        lead = self.text.lead
        yield _Step(self.begin, lead, "start")
        for turn in self.turns:
            yield _Step(turn.begin, turn.text.by or lead, "ask", turn.question.pk, "now")
            yield from self._answers(turn)
        yield from self._skipped()
        yield from self._gate()
        yield from self._notes()
        if self.has_ended:
            yield _Step(self.end, lead, "end")
            yield from self._scorecards()

    def _turns(self) -> Iterator[_Turn]:
        """The questions that were asked; each lasts until the next one."""
        asked = [moment for moment in self.text.call if moment.minute is not None]
        # Some seconds past the minute, as in life.
        begins = [
            self.begin + dt.timedelta(minutes=moment.minute or 0, seconds=7 + 17 * number % 41)
            for number, moment in enumerate(asked)
        ]
        for moment, (begin, end) in zip(asked, pairwise([*begins, self.end]), strict=True):
            yield _Turn(moment, self._question(moment.question), begin, end)

    def _question(self, key: str) -> ScriptedQuestion:
        try:
            return self.questions[key]
        except KeyError:
            raise NotInBank(f"the question “{key}”") from None

    def _answers(self, turn: _Turn) -> Iterator[_Step]:
        for number, (who, answer) in enumerate(turn.text.answers.items()):
            yield from self._answer(turn, who, answer, later=0.03 * number)
        for number, point in enumerate(turn.text.unlisted):
            client_id = str(uuid.uuid5(NAMESPACE, f"{self.text.key} {turn.text.question} unlisted {number}"))
            value = {"question": turn.question.pk, "text": point.text}
            yield _Step(turn.after(0.51), point.by, "unlisted", client_id, value)
            for listener, who in enumerate(point.heard_by):
                yield _Step(turn.after(0.57 + 0.04 * listener), who, "unlisted_tick", client_id)

    def _answer(self, turn: _Turn, who: str, answer: AnswerText, *, later: float) -> Iterator[_Step]:
        """Ticks during the answer, then a note, then the rating."""
        points, pk = list(turn.question.points.all()), turn.question.pk
        for number, heard in enumerate(answer.heard):
            if heard > len(points):
                raise NotInBank(f"point {heard} of “{turn.text.question}”")
            yield _Step(turn.after(0.19 + 0.09 * number + later), who, "tick", points[heard - 1].pk)
        if answer.note:
            in_call = answer.note.split(". ")[0] + "." if answer.after_call else answer.note
            yield _Step(turn.after(0.68 + later), who, "note", pk, in_call, base_rev=0)
        if answer.rating:
            yield _Step(turn.after(0.78 + later), who, "rate", pk, RATINGS[answer.rating])
        for number, flag in enumerate(answer.flags):
            at = turn.after(0.84 + 0.03 * number + later)
            yield _Step(at, who, "flag", pk, {"flag": flag, "on": True})
        if answer.after_call:
            yield _Step(self.end + dt.timedelta(minutes=3), who, "note", pk, answer.note, base_rev=1)

    def _skipped(self) -> Iterator[_Step]:
        """Skipped questions, some seconds before the next one is asked."""
        at = self.end
        for moment in reversed(self.text.call):
            if moment.skipped is None:
                at = next(turn.begin for turn in self.turns if turn.text is moment)
            else:
                at -= dt.timedelta(seconds=4)
                reason = SKIP_REASONS[moment.skipped]
                yield _Step(at, self.text.lead, "skip", self._question(moment.question).pk, reason)

    def _gate(self) -> Iterator[_Step]:
        """The gate, decided just before the first question behind it, or before the end."""
        if self.gate and self.text.gate:
            behind = (turn for turn in self.turns if turn.question.section.position >= self.gate.position)
            at = next((turn.begin for turn in behind), self.end) - dt.timedelta(seconds=9)
            yield _Step(at, self.text.lead, "gate", self.gate.pk, self.text.gate == "open")

    def _notes(self) -> Iterator[_Step]:
        """Notes on the whole interview, and follow-ups for later."""
        for number, (who, note) in enumerate(self.text.notes.items()):
            yield _Step(self.turns[-1].after(0.4 + 0.1 * number), who, "note", None, note, base_rev=0)
        for number, loose_end in enumerate(self.text.loose_ends):
            turn = next(turn for turn in self.turns if turn.text.question == loose_end.question)
            client_id = str(uuid.uuid5(NAMESPACE, f"{self.text.key} loose end {number}"))
            value = {"text": loose_end.text, "question": turn.question.pk, "is_done": False}
            yield _Step(turn.after(0.93), loose_end.by, "loose_end", client_id, value)
            if loose_end.is_done:
                yield _Step(self.turns[-1].begin, loose_end.by, "loose_end", client_id, value | {"is_done": True})

    def _scorecards(self) -> Iterator[_Step]:
        for who, scorecard in self.text.scorecards.items():
            at = self.end + dt.timedelta(minutes=scorecard.submitted_after or 11, seconds=37)
            filled = {
                "stood_out": "\n".join(scorecard.stood_out),
                "still_open": "\n".join(scorecard.still_open),
                "recommendation": RECOMMENDATIONS.get(scorecard.recommendation or ""),
                "because": scorecard.because,
            }
            is_submitted = scorecard.submitted_after is not None
            # Submitted without a recommendation, it is "No decision".
            chosen = [(field, value) for field, value in filled.items() if value or (value is None and is_submitted)]
            for number, (field, value) in enumerate(chosen):
                yield _Step(at - dt.timedelta(seconds=150 - 30 * number), who, "scorecard", field, value)
            if is_submitted:
                yield _Step(at, who, "submit")
