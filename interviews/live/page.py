"""The data of the live page: view objects for the template, and the same facts as JSON for the browser."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypedDict

from django.db.models import OuterRef, Prefetch, Subquery
from django.urls import reverse

from interviews import access
from interviews.live.added_blocks import block_ids
from interviews.live.nudges import OwnNudge, nudges_of
from interviews.live.question_cards import QuestionCard, SectionCard, build_sections
from interviews.live.ticks import visible_ticks
from interviews.models import (
    CandidateFile,
    Event,
    Interview,
    LooseEnd,
    Note,
    Panelist,
    Rating,
    Receipt,
    ScriptedPoint,
    ScriptedQuestion,
    ScriptedSection,
    Tick,
    UnlistedPoint,
)
from interviews.records.asked_before import asked_before, knowing_asked, sources_of
from interviews.streams.events import News, Numbers, Reader, news
from interviews.streams.payloads import (
    Current,
    FileShown,
    Off,
    PersonShown,
    PointShown,
    QuestionShown,
    Times,
    current_of,
    files_of,
    iso,
    off_of,
    people,
    point_of,
    question_of,
    time_of,
)


class Closing(TypedDict):
    """The last end or reopening; two people may have one name."""

    kind: str
    by: str
    user: int | None


class InterviewShown(Times):
    id: int
    status: str
    started_at: str | None
    ended_at: str | None
    minutes: int
    may_run_over: bool
    call_link: str
    scheduled_for: str | None
    now: str
    saved_at: str | None
    script: int | None
    closing: Closing | None
    off: Off | None


class Me(TypedDict):
    panelist: int
    user: int
    name: str
    part: str
    may_cover: bool
    may_lead: bool
    is_submitted: bool
    time_zone: str | None
    has_keys_on: bool


class SectionShown(TypedDict):
    id: int
    title: str
    minutes: int
    gate: str
    is_gate_open: bool | None
    is_for_candidate: bool
    asker: int | None


class TickShown(TypedDict):
    point: int
    panelist: int
    at: str | None


class TickedBy(TypedDict):
    panelist: int
    at: str | None


class ExtraPointShown(TypedDict):
    client_id: str
    question: int
    text: str
    author: int
    ticks: list[TickedBy]


class RatingShown(TypedDict):
    value: int | None
    flags: list[str]


class NoteShown(TypedDict):
    text: str
    revision: int


class LooseEndShown(TypedDict):
    client_id: str
    question: int | None
    text: str
    is_done: bool


class LiveState(TypedDict):
    """One panelist's state of the page, for the browser; `State` in static/js/types.js. Times are in ISO 8601."""

    interview: InterviewShown
    streams: dict[str, int]
    me: Me
    panel: dict[str, PersonShown]
    turn: int | None
    sections: list[SectionShown]
    questions: list[QuestionShown]
    current: Current
    points: list[PointShown]
    ticks: list[TickShown]
    nudges: list[OwnNudge]
    unlisted: list[ExtraPointShown]
    ratings: dict[int, RatingShown]
    notes: dict[int | str, NoteShown]
    loose_ends: list[LooseEndShown]
    files: list[FileShown]
    urls: dict[str, str]
    max_note: int


@dataclass(frozen=True)
class LivePage:
    """The panel (those who have access), the cards with this panelist's notes, their note on the whole interview, the
    candidate's files, the id of the question to show first, the state for the browser, and when something of theirs was
    last saved."""

    panel: list[Panelist]
    sections: list[SectionCard]
    interview_note: Note | None
    files: list[CandidateFile]
    shown: int | None
    state: LiveState


def live_page(*, interview: Interview, panelist: Panelist, now: dt.datetime) -> LivePage:
    """Read the page for one panelist. Read `interview` and `panelist` first, because they carry the numbers of their
    streams: later changes then arrive as events."""
    last = Receipt.objects.newest(interview, OuterRef("user")).values("at")
    # `Any`: mypy knows no attribute of an annotation.
    places: Any = Panelist.objects.filter(interview=interview).knowing_access().annotate(saved_at=Subquery(last))
    panel: list[Panelist] = list(places)
    saved_at = {row.pk: row.saved_at for row in places}
    sections = list(ScriptedSection.objects.filter(interview=interview))
    questions = list(
        knowing_asked(ScriptedQuestion.objects.filter(interview=interview), interview)
        .in_order()
        .prefetch_related(Prefetch("points", ScriptedPoint.objects.order_by("position", "pk")))
    )
    ticks = list(visible_ticks(interview, panelist).select_related("unlisted_point"))
    heard = {tick.unlisted_point_id: tick.unlisted_point for tick in ticks if tick.unlisted_point}
    unlisted = sorted(heard.values(), key=lambda point: (point.created_at, point.pk))
    ratings = {rating.question_id: rating for rating in Rating.objects.filter(panelist=panelist)}
    notes = {note.question_id: note for note in Note.objects.filter(panelist=panelist)}
    files = list(interview.candidate.files.all())
    state: LiveState = {
        "interview": {
            "id": interview.pk,
            "status": interview.status,
            "started_at": iso(interview.started_at),
            "ended_at": iso(interview.ended_at),
            "minutes": interview.minutes,
            "may_run_over": interview.may_run_over,
            "call_link": interview.call_link,
            "scheduled_for": iso(interview.scheduled_for),
            "now": now.isoformat(),
            "saved_at": iso(saved_at[panelist.pk]),
            "script": sections[0].pk if sections else None,
            "closing": _closing(interview),
            "off": off_of(interview),
            **time_of(interview),
        },
        "streams": {"shared": interview.seq, "own": panelist.seq},
        "me": _me(panelist),
        "panel": people(panel),
        "turn": access.asks_next(interview, panel),
        "sections": [_section(section) for section in sections],
        "questions": [question_of(question) for question in questions],
        "current": current_of(interview),
        "points": [point_of(point) for question in questions for point in question.points.all()],
        "ticks": [
            {"point": tick.point_id, "panelist": tick.panelist_id, "at": iso(tick.at)}
            for tick in ticks
            if tick.point_id
        ],
        "nudges": nudges_of(interview, panelist),
        "unlisted": [_unlisted(row, ticks) for row in unlisted],
        "ratings": {pk: {"value": rating.value, "flags": rating.flags} for pk, rating in ratings.items()},
        "notes": {pk or "interview": {"text": note.text, "revision": note.revision} for pk, note in notes.items()},
        "loose_ends": [
            {
                "client_id": str(row.client_id),
                "question": row.question_id,
                "text": row.text,
                "is_done": row.is_done,
            }
            for row in LooseEnd.objects.filter(panelist=panelist)
        ],
        "files": files_of(files),
        "urls": {
            "command": reverse("live-command", args=[interview.pk]),
            "events": reverse("live-events", args=[interview.pk]),
            "bank": reverse("live-bank", args=[interview.pk]),
            "question": reverse("live-question", args=[interview.pk, 0]),
            "socket": reverse("live-socket", args=[interview.pk], urlconf="interviews.live.routing"),
            "scorecard": reverse("scorecard", args=[interview.pk]),
            "interview": reverse("interview-detail", args=[interview.pk]),
            "own_words": reverse("own-words", args=[interview.pk]),
            "keys": reverse("live-keys"),
        },
        "max_note": Note.MAX_CHARS,
    }
    shown = interview.current_question_id or (questions[0].pk if questions else None)
    present = [row for row in panel if row.has_access]
    before = asked_before(reader=panelist.user, interview=interview, sources=sources_of(questions))
    parts = build_sections(sections, questions, notes=notes, before=before)
    return LivePage(present, parts, notes.get(None), files, shown, state)


def added_cards(interview: Interview, panelist: Panelist, question: int) -> list[QuestionCard]:
    """The cards of a question added in the call and of its follow-ups, with this panelist's notes; [] for any other."""
    root = ScriptedQuestion.objects.filter(interview=interview, pk=question, added_id__isnull=False).first()
    if root is None:
        return []
    block = knowing_asked(ScriptedQuestion.objects.filter(pk__in=block_ids(interview, root)), interview)
    rows = list(block.in_order().prefetch_related(Prefetch("points", ScriptedPoint.objects.order_by("position", "pk"))))
    notes: dict[int | None, Note] = {
        note.question_id: note for note in Note.objects.filter(panelist=panelist, question__in=rows)
    }
    before = asked_before(reader=panelist.user, interview=interview, sources=sources_of(rows))
    return [card for part in build_sections([root.section], rows, notes=notes, before=before) for card in part.cards]


def news_since(interview: Interview, panelist: Panelist | None, has: Numbers) -> News:
    """The events after `has` for a person found by `access.with_panelist`."""
    own_stream = panelist.own_stream if panelist else None
    now = {"shared": interview.seq, "own": panelist.seq if panelist else 0}
    (told,) = news([Reader(interview.pk, own_stream, has, now)])
    return told


def _closing(interview: Interview) -> Closing | None:
    """The last end or reopening of the call, and who did it ("" for the product itself); None before the first end."""
    turn = Event.objects.closings(interview).last()
    return {"kind": turn.kind, "by": str(turn.actor or ""), "user": turn.actor_id} if turn else None


def _me(panelist: Panelist) -> Me:
    return {
        "panelist": panelist.pk,
        "user": panelist.user_id,
        "name": str(panelist.user),
        "part": panelist.part,
        "may_cover": access.may_cover(panelist, is_manager=False),
        "may_lead": access.may_lead(panelist, is_manager=False),
        "is_submitted": panelist.has_submitted,
        "time_zone": panelist.user.time_zone or None,
        "has_keys_on": panelist.user.has_keys_on,
    }


def _section(section: ScriptedSection) -> SectionShown:
    return {
        "id": section.pk,
        "title": section.title,
        "minutes": section.minutes,
        "gate": section.gate,
        "is_gate_open": section.is_gate_open,
        "is_for_candidate": section.is_for_candidate,
        "asker": section.asker_id,
    }


def _unlisted(row: UnlistedPoint, ticks: list[Tick]) -> ExtraPointShown:
    return {
        "client_id": str(row.client_id),
        "question": row.question_id,
        "text": row.text,
        "author": row.author_id,
        "ticks": [
            {"panelist": tick.panelist_id, "at": iso(tick.at)} for tick in ticks if tick.unlisted_point_id == row.pk
        ],
    }
