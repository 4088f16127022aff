"""A submitted scorecard as text that is hashed and stored for good.

The text is canonical JSON: UTF-8, keys sorted by code point, no spaces, nothing escaped that JSON does not
ask for, times as "2026-11-20T14:04:09.120Z". The same facts always give the same bytes, so the SHA-256
of the bytes shows whether a scorecard is still what its author submitted. `snapshot_types` describes FORMAT 1; old
snapshots are never rewritten, so code for a later format must read this one too.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any, cast, overload

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
from interviews.records.snapshot_types import (
    Snapshot,
    SnapshotAdded,
    SnapshotInterview,
    SnapshotNote,
    SnapshotPoint,
    SnapshotQuestion,
    SnapshotRating,
    SnapshotSection,
    SnapshotUnlistedPoint,
)

FORMAT = 1


def canonical(value: Any) -> str:
    """`value` as canonical JSON: dicts with string keys, lists, strings, whole numbers, booleans, None."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256(text: str) -> str:
    """The hash of the text in UTF-8, as 64 digits."""
    return hashlib.sha256(text.encode()).hexdigest()


@overload
def moment(at: dt.datetime) -> str: ...


@overload
def moment(at: dt.datetime | None) -> str | None: ...


def moment(at: dt.datetime | None) -> str | None:
    """An aware time as text in UTC, to the millisecond."""
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def scorecard_snapshot(scorecard: Scorecard, *, number: int, is_blind: bool, reason: str, at: dt.datetime) -> Snapshot:
    """The scorecard of an ended interview, with the wording as it was asked. Points not heard are left out."""
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
            "part": cast("scoring.Part", panelist.part),
        },
        "sections": [_section(section, section.pk in behind) for section in sections],
        "questions": [
            evidence.of(question, behind)
            for question in interview.questions.in_order().select_related("asked_by__user")
        ],
        "note": evidence.notes.get(None),
        "recommendation": scorecard.recommendation,
        "because": scorecard.because,
        "stood_out": scorecard.stood_out,
        "still_open": scorecard.still_open,
    }


def behind_gates(sections: Iterable[ScriptedSection]) -> set[int]:
    """The ids of the sections behind a gate that is closed or undecided; `sections` come in their order.

    The candidate's own questions are never behind one."""
    behind, is_held = set(), False
    for section in sections:
        is_held = is_held or bool(section.gate and not section.is_gate_open)
        if is_held and not section.is_for_candidate:
            behind.add(section.pk)
    return behind


def _interview(interview: Interview) -> SnapshotInterview:
    assert interview.started_at and interview.ended_at  # scorecards are submitted after the end
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
        "paused_seconds": interview.paused_seconds,
        "welcome_seconds": interview.welcome_seconds,
    }


def _section(section: ScriptedSection, is_behind_gate: bool) -> SnapshotSection:
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
    """One panelist's records by question; a constant number of queries."""

    def __init__(self, panelist: Panelist) -> None:
        self.ratings = {rating.question_id: rating for rating in panelist.ratings.all()}
        self.notes: dict[int | None, SnapshotNote] = {}
        notes = list(panelist.notes.all())
        in_call = texts_in_call(notes)
        for note in notes:
            if said := note_parts(note, in_call.get(note.pk)):
                self.notes[note.question_id] = said
        self.points: dict[int, list[SnapshotPoint]] = {}
        self.unlisted: dict[int, list[SnapshotUnlistedPoint]] = {}
        for tick in panelist.ticks.select_related("point", "unlisted_point__author__user"):
            self._add(tick)

    def _add(self, tick: Tick) -> None:
        at, is_after_call = moment(tick.at), tick.is_after_call
        if tick.point is not None:
            listed = tick.point
            self.points.setdefault(listed.question_id, []).append(
                {"id": listed.pk, "text": listed.text, "kind": listed.kind, "at": at, "is_after_call": is_after_call}
            )
        elif tick.unlisted_point is not None:
            point = tick.unlisted_point
            self.unlisted.setdefault(point.question_id, []).append(
                {
                    "id": point.pk,
                    "text": point.text,
                    "author": {"panelist": point.author_id, "name": str(point.author.user)},
                    "at": at,
                    "is_after_call": is_after_call,
                }
            )

    def of(self, question: ScriptedQuestion, behind: set[int]) -> SnapshotQuestion:
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
            **_added(question),
            "is_must_ask": question.is_must_ask,
            "is_behind_gate": question.section_id in behind,
            "state": cast("scoring.State", question.state),
            "asked_at": moment(question.asked_at),
            "asked_by": str(question.asked_by.user) if question.asked_by else "",
            "seconds": question.seconds,
            "skip_reason": question.skip_reason,
            "rating": _rating(self.ratings.get(question.pk)),
            "points": self.points.get(question.pk, []),
            "unlisted": self.unlisted.get(question.pk, []),
            "note": self.notes.get(question.pk),
        }


def _added(question: ScriptedQuestion) -> SnapshotAdded:
    """Nothing for a question of the script, so that the bytes of other scorecards stay as they were."""
    marks: SnapshotAdded = {"is_added": True} if question.is_added else {}
    return {**marks, "is_removed": True} if question.is_removed else marks


def _rating(rating: Rating | None) -> SnapshotRating | None:
    if rating is None or (rating.value is None and not rating.flags):
        return None
    return {
        "value": rating.value,
        "flags": rating.flags,
        "at": moment(rating.at),
        "is_after_call": rating.is_after_call,
    }


def note_parts(note: Note, last_in_call: str | None) -> SnapshotNote | None:
    """The note's text now and, if it was changed after the call, its text when the call ended; None for an empty one.

    `call_text` is None for a note that was not changed since the call, "" for one begun after it."""
    if not note.text.strip():
        return None
    call_text = last_in_call or ""
    is_changed = note.is_after_call and note.text != call_text
    return {"text": note.text, "at": moment(note.at), "call_text": call_text if is_changed else None}
