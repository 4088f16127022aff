"""Payloads of shared events, as JSON: the state of the call, and its plan. static/js/types.js has the same shapes."""

import datetime as dt
from collections.abc import Iterable
from typing import TypedDict

from accounts.names import initials, short_names
from interviews import access
from interviews.models import CandidateFile, Interview, Nudge, Panelist, ScriptedPoint, ScriptedQuestion


class Current(TypedDict):
    """The question being asked, and since when in ISO 8601."""

    question: int | None
    since: str | None


class Pause(TypedDict):
    """Since when the call is paused (null: it is not) and by whom, and the seconds paused before."""

    since: str | None
    by: str
    seconds: int


class Times(TypedDict):
    pause: Pause
    welcome: int | None  # seconds before the first question; null until one was asked


class Clock(Times):
    status: str
    started_at: str | None
    ended_at: str | None
    current: Current


class Off(TypedDict):
    words: str
    reason: str


class PersonShown(TypedDict):
    user: int
    name: str
    short: str
    initials: str
    part: str
    has_left: bool


class PlanShown(TypedDict):
    panel: dict[str, PersonShown]  # by the panelist's id
    turn: int | None
    minutes: int
    may_run_over: bool
    scheduled_for: str | None
    call_link: str
    script: int | None
    askers: dict[str, int | None]  # by the section's id
    in_call: bool  # changed by a command of the live page, not by a form outside of it


class FileShown(TypedDict):
    id: int
    name: str
    url: str
    is_shown: bool


class AddedShown(TypedDict):
    """Of a question added in the call: enough to show it before its card is there, and to add it again."""

    id: str | None
    by: int | None
    source: int | None
    prompt: str
    removed: bool


class QuestionShown(TypedDict):
    """A frozen question; its words are on the page. `seconds` is the time spent on it before now."""

    id: int
    section: int
    parent: int | None
    kind: str
    minutes: int
    must_ask: bool
    state: str
    asked_at: str | None
    asked_by: int | None
    skip_reason: int | None
    seconds: int
    parked: bool
    added: AddedShown | None


class PointShown(TypedDict):
    id: int
    question: int
    kind: str
    leads_to: int | None


class Block(TypedDict):
    """A question added in the call with its follow-ups and points, and the question before it (null: none)."""

    question: int
    after: int | None
    questions: list[QuestionShown]
    points: list[PointShown]


class NudgeShown(TypedDict):
    client_id: str
    author: int
    text: str
    at: str


def current_of(interview: Interview) -> Current:
    return {"question": interview.current_question_id, "since": iso(interview.current_since)}


def clock(interview: Interview) -> Clock:
    """Status, start and end of the call, and the question being asked."""
    return {
        "status": interview.status,
        "started_at": iso(interview.started_at),
        "ended_at": iso(interview.ended_at),
        "current": current_of(interview),
        **time_of(interview),
    }


def off_of(interview: Interview) -> Off | None:
    """Why a cancelled interview is off, as its page says it."""
    return {"words": interview.off_words, "reason": interview.cancel_reason} if interview.is_cancelled else None


def time_of(interview: Interview) -> Times:
    """The pauses of the call, and the seconds before its first question (null until one was asked)."""
    pause: Pause = {
        "since": iso(interview.paused_at),
        "by": str(interview.paused_by or ""),
        "seconds": interview.paused_seconds,
    }
    return {"pause": pause, "welcome": interview.welcome_seconds}


def iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def plan_of(interview: Interview, *, in_call: bool = False) -> PlanShown:
    """The panel with its parts, who asks next, and the other facts of the plan that the live page shows."""
    panel = list(Panelist.objects.filter(interview=interview).knowing_access())
    return {
        "panel": people(panel),
        "turn": access.asks_next(interview, panel),
        "minutes": interview.minutes,
        "may_run_over": interview.may_run_over,
        "scheduled_for": iso(interview.scheduled_for),
        "call_link": interview.call_link,
        "script": frozen_as(interview),
        "askers": {str(pk): asker for pk, asker in interview.sections.values_list("pk", "asker")},
        "in_call": in_call,
    }


def files_of(files: Iterable[CandidateFile]) -> list[FileShown]:
    """A candidate's files as the live page links them."""
    return [
        {"id": file.pk, "name": file.name, "url": file.get_absolute_url(), "is_shown": file.is_shown} for file in files
    ]


def frozen_as(interview: Interview) -> int | None:
    """An id of the frozen script. It changes when the script is replaced or renewed."""
    return interview.sections.values_list("pk", flat=True).first()


def people(panel: list[Panelist]) -> dict[str, PersonShown]:
    """The panel by id, with short names and initials that tell two people with the same first name apart."""
    names = [str(seat.user) for seat in panel]
    shorts = zip(panel, short_names(names), initials(names), strict=True)
    return {str(seat.pk): {**person(seat), "short": short, "initials": letters} for seat, short, letters in shorts}


def person(seat: Panelist) -> PersonShown:
    """A panelist as the live page shows them. Read `seat` with `knowing_access`."""
    user = seat.user
    return {
        "user": user.pk,
        "name": str(user),
        "short": user.short_name,
        "initials": user.initials,
        "part": seat.part,
        "has_left": not seat.has_access,
    }


def question_of(question: ScriptedQuestion) -> QuestionShown:
    return {
        "id": question.pk,
        "section": question.section_id,
        "parent": question.parent_id,
        "kind": question.kind,
        "minutes": question.minutes,
        "must_ask": question.is_must_ask,
        "state": question.state,
        "asked_at": iso(question.asked_at),
        "asked_by": question.asked_by_id,
        "skip_reason": question.skip_reason,
        "seconds": question.seconds,
        "parked": question.is_parked,
        "added": _added(question),
    }


def _added(question: ScriptedQuestion) -> AddedShown | None:
    if not question.is_added:
        return None
    return {
        "id": str(question.added_id) if question.added_id else None,
        "by": question.added_by_id,
        "source": question.source_id,
        "prompt": question.prompt,
        "removed": question.is_removed,
    }


def point_of(point: ScriptedPoint) -> PointShown:
    return {"id": point.pk, "question": point.question_id, "kind": point.kind, "leads_to": point.leads_to_id}


def block_of(root: ScriptedQuestion) -> Block:
    ids, before, rows = {root.pk}, None, []
    for row in ScriptedQuestion.objects.filter(interview=root.interview_id).in_order().prefetch_related("points"):
        if row.pk in ids or row.parent_id in ids:
            ids.add(row.pk)
            rows.append(row)
        elif not rows:
            before = row.pk
    return {
        "question": root.pk,
        "after": before,
        "questions": [question_of(row) for row in rows],
        "points": [point_of(point) for row in rows for point in row.points.all()],
    }


def nudge_of(nudge: Nudge) -> NudgeShown:
    return {
        "client_id": str(nudge.client_id),
        "author": nudge.author_id,
        "text": nudge.text,
        "at": nudge.at.isoformat(),
    }
