"""All texts that one panelist wrote about an interview. Only they read them, even after they have left the panel.

Text that arrives after they left is stored too (ADR 23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from interviews.models import LooseEnd, Note, Panelist, Scorecard, UnlistedPoint
from interviews.records.printed import NoteEntry, SingleDocument
from interviews.scorecards.late_changes import FIELDS, LateChange, late_changes


@dataclass(frozen=True)
class Words:
    """One text, with the question's prompt or another label."""

    at: str
    text: str


class WrittenNotes(TypedDict):
    """The notes of a submitted scorecard as its author typed them, for static/js/my-notes.js."""

    notes: list[dict[str, str]]
    general: str


def written_notes(document: SingleDocument) -> WrittenNotes:
    """Of each question the newest text; a note that was added to after the call is one text again."""
    return {
        "notes": [
            {"section": section["title"], "prompt": question["prompt"], "text": _newest(question["notes"])}
            for section in document["sections"]
            for question in section["questions"]
        ],
        "general": _newest(document["notes"]),
    }


def _newest(notes: Sequence[NoteEntry]) -> str:
    return "\n".join(filter(None, [notes[-1]["text"], notes[-1]["added"]])) if notes else ""


@dataclass(frozen=True)
class OwnWords:
    panelist: Panelist
    texts: list[Words]
    late: list[LateChange]


def own_words(panelist: Panelist) -> OwnWords:
    """Read `panelist` with its interview. The number of queries is constant."""
    notes = Note.objects.filter(panelist=panelist).exclude(text="").select_related("question")
    points = UnlistedPoint.objects.filter(author=panelist).select_related("question").order_by("pk")
    loose_ends = LooseEnd.objects.filter(panelist=panelist).order_by("pk")
    texts = [Words(note.question.prompt if note.question else "General notes", note.text) for note in notes]
    texts += [Words(f"Extra point: {point.question.prompt}", point.text) for point in points]
    texts += [Words("Follow up later", end.text) for end in loose_ends]
    scorecard = Scorecard.objects.filter(panelist=panelist).first()
    for name, label in FIELDS.items():
        if name != "recommendation" and (text := getattr(scorecard, name, "")):
            texts.append(Words(f"Scorecard: {label}", text))
    return OwnWords(panelist, texts, late_changes(panelist))
