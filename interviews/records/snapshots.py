"""A submitted scorecard as text that is hashed and kept for ever.

The text is canonical JSON: UTF-8, keys sorted by code point, no spaces, nothing escaped that JSON does not
ask for, times as "2026-11-20T14:04:09.120Z". The same facts always give the same bytes, so the SHA-256
of the bytes says whether a scorecard is still what its author submitted. The shape is FORMAT; old
snapshots are never rewritten, so a reader of another shape must go on reading this one.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from interviews.models import (
    Interview,
    Note,
    Panelist,
    Rating,
    Scorecard,
    ScriptedQuestion,
    ScriptedSection,
    Tick,
)
from interviews.records import scoring
from interviews.records.note_history import texts_in_call

FORMAT = 1


def canonical(value: Any) -> str:
    """The one spelling of `value` (dicts with string keys, lists, strings, whole numbers, booleans, None)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def moment(at: dt.datetime | None) -> str | None:
    """An aware time in UTC to the millisecond."""
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def scorecard_snapshot(
    scorecard: Scorecard, *, number: int, is_blind: bool, reason: str, at: dt.datetime
) -> dict[str, Any]:
    """All that this scorecard says, with the wording as it was asked. Points not heard are not in it."""
    panelist = scorecard.panelist
    interview = panelist.interview
    evidence = _Evidence(panelist)
    sections = list(interview.sections.all())
    behind = behind_gates(sections)
    return {
        "format": FORMAT,
        "score": scoring.VERSION,
        "number": number,
        "reason": reason,
        "is_blind": is_blind,
        "submitted_at": moment(at),
        "interview": _interview(interview),
        "author": {
            "panelist": panelist.pk,
            "user": panelist.user_id,
            "name": str(panelist.user),
            "short_name": panelist.user.short_name,
            "part": panelist.part,
        },
        "sections": [_section(section, section.pk in behind) for section in sections],
        "questions": [evidence.of(question, behind) for question in interview.questions.in_order()],
        "note": evidence.notes.get(None),
        "recommendation": scorecard.recommendation,
        "because": scorecard.because,
        "stood_out": scorecard.stood_out,
        "still_open": scorecard.still_open,
    }


def behind_gates(sections: Iterable[ScriptedSection]) -> set[int]:
    """Of an interview's sections in order, those behind a gate that is closed or not decided.

    The candidate's own questions never are."""
    behind, is_held = set(), False
    for section in sections:
        is_held = is_held or bool(section.gate and not section.is_gate_open)
        if is_held and not section.is_for_candidate:
            behind.add(section.pk)
    return behind


def _interview(interview: Interview) -> dict[str, Any]:
    return {
        "id": interview.pk,
        "candidate": {"id": interview.candidate_id, "name": interview.candidate.name},
        "opening": {
            "id": interview.opening_id,
            "title": interview.opening.title,
            "team": interview.opening.team,
        },
        "script": {"name": interview.script_name, "version": interview.script_version},
        "scheduled_for": moment(interview.scheduled_for),
        "time_zone": interview.time_zone,
        "minutes": interview.minutes,
        "started_at": moment(interview.started_at),
        "ended_at": moment(interview.ended_at),
    }


def _section(section: ScriptedSection, is_behind_gate: bool) -> dict[str, Any]:
    return {
        "id": section.pk,
        "title": section.title,
        "minutes": section.minutes,
        "gate": section.gate,
        "is_gate_open": section.is_gate_open,
        "is_for_candidate": section.is_for_candidate,
        "is_behind_gate": is_behind_gate,
    }


class _Evidence:
    """What one panelist recorded, by question; a constant number of queries."""

    def __init__(self, panelist: Panelist) -> None:
        self.ratings = {rating.question_id: rating for rating in panelist.ratings.all()}
        self.notes: dict[int | None, dict[str, Any]] = {}
        notes = list(panelist.notes.all())
        in_call = texts_in_call(notes)
        for note in notes:
            if said := note_parts(note, in_call.get(note.pk)):
                self.notes[note.question_id] = said
        self.points: dict[int, list[dict[str, Any]]] = {}
        self.unlisted: dict[int, list[dict[str, Any]]] = {}
        for tick in panelist.ticks.select_related("point", "unlisted_point__author__user"):
            self._add(tick)

    def _add(self, tick: Tick) -> None:
        heard: dict[str, Any] = {"at": moment(tick.at), "is_after_call": tick.is_after_call}
        if tick.point is not None:
            heard |= {"id": tick.point.pk, "text": tick.point.text, "kind": tick.point.kind}
            self.points.setdefault(tick.point.question_id, []).append(heard)
        elif tick.unlisted_point is not None:
            point = tick.unlisted_point
            author = {"panelist": point.author_id, "name": str(point.author.user)}
            heard |= {"id": point.pk, "text": point.text, "author": author}
            self.unlisted.setdefault(point.question_id, []).append(heard)

    def of(self, question: ScriptedQuestion, behind: set[int]) -> dict[str, Any]:
        return {
            "id": question.pk,
            "source": question.source_id,
            "source_version": question.source_version,
            "parent": question.parent_id,
            "section": question.section_id,
            "topic": question.topic,
            "condition": question.condition,
            "prompt": question.prompt,
            "exhibit": question.exhibit,
            "exhibit_says": question.exhibit_says,
            "kind": question.kind,
            "is_must_ask": question.is_must_ask,
            "is_behind_gate": question.section_id in behind,
            "state": question.state,
            "asked_at": moment(question.asked_at),
            "seconds": question.seconds,
            "skip_reason": question.skip_reason,
            "rating": _rating(self.ratings.get(question.pk)),
            "points": self.points.get(question.pk, []),
            "unlisted": self.unlisted.get(question.pk, []),
            "note": self.notes.get(question.pk),
        }


def _rating(rating: Rating | None) -> dict[str, Any] | None:
    if rating is None or (rating.value is None and not rating.flags):
        return None
    return {
        "value": rating.value,
        "flags": rating.flags,
        "at": moment(rating.at),
        "is_after_call": rating.is_after_call,
    }


def note_parts(note: Note, last_in_call: str | None) -> dict[str, Any] | None:
    """The note as it reads now and, where it was changed after the call, as it stood when the call ended.

    None for an empty one. `call_text` is None for a note of the call that nobody changed since, "" for one
    that was only begun after the call."""
    if not note.text.strip():
        return None
    call_text = last_in_call or ""
    is_changed = note.is_after_call and note.text != call_text
    return {"text": note.text, "at": moment(note.at), "call_text": call_text if is_changed else None}
