"""The page for revising a submitted scorecard: its data, and the form it sends.

Unchanged fields are ignored, so two tabs cannot overwrite each other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from editing.posted import unix_lines, whole_number
from interviews.models import Note, Panelist, Recommendation, ScorecardVersion
from interviews.records.note_history import text_at
from interviews.records.snapshot_types import Snapshot
from interviews.refusals import Invalid
from interviews.scorecards.form import Answer, scorecard_form
from interviews.scorecards.late_changes import FIELDS, LateChange, late_changes
from interviews.scorecards.revisions import Change
from question_bank.models import RatingStep

WHOLE = "interview"
REASON_CHARS = 1_000


class NoteText(NamedTuple):
    """The text of a note in the form, and the revision on which it is based."""

    text: str
    revision: int

    @classmethod
    def stored(cls, note: Note | None) -> Self:
        return cls(note.text, note.revision) if note else cls("", 0)


@dataclass
class RevisedAnswer:
    """One question, with the note and rating to show in the form."""

    answer: Answer
    note: str
    revision: int
    rating: str

    @property
    def ratings(self) -> list[tuple[int, str, bool]]:
        """Value, label, and whether it is disabled: "I don't know" is never rated below Mixed."""
        has_floor = self.answer.rating is not None and self.answer.rating.dont_know
        return [(each.value, str(each.label), has_floor and each == RatingStep.POOR) for each in RatingStep]


@dataclass
class RevisionPage:
    version: ScorecardVersion
    first: list[RevisedAnswer]
    others: list[RevisedAnswer]
    whole: NoteText
    texts: dict[str, str]
    late: list[LateChange]
    left_out: set[int]
    reason: str
    is_sent: bool = False
    problem: str = ""
    reason_problem: str = ""

    @property
    def recommendations(self) -> list[tuple[str, str]]:
        return [*((str(each.value), str(each.label)) for each in Recommendation), ("", Recommendation.words_of(None))]


@dataclass(frozen=True)
class Sent:
    """A revision as sent: the changes, the late changes to apply, and those that the page showed."""

    base: int
    changes: list[Change]
    late: list[int]
    seen: list[int]
    left_out: set[int]
    reason: str
    notes: dict[int | None, NoteText]
    scalars: dict[tuple[str, Any], Any]


def read_revision(panelist: Panelist, posted: Any) -> Sent:
    """Compare the posted form with the version that its page showed. Raises Invalid if the form names no version."""
    base = _number(posted.get("base", ""))
    shown = panelist.scorecard.versions.filter(number=base).first()
    if shown is None:
        raise Invalid("This page is out of date. Open it again.")
    before = json.loads(shown.snapshot)
    scalars = _scalars(posted, before)
    notes = _notes(panelist, posted)
    changes = [Change(kind, target, value) for (kind, target), value in scalars.items()]
    changes += [Change("note", target, text, base_rev=revision) for target, (text, revision) in notes.items()]
    seen, taken = _numbers(posted.getlist("seen")), set(_numbers(posted.getlist("late")))
    waiting = {change.pk: change for change in late_changes(panelist)}
    shown_changes = [waiting[pk] for pk in seen if pk in waiting]
    return Sent(
        base=base,
        changes=changes,
        late=[change.pk for change in shown_changes if change.pk in taken],
        seen=[pk for change in shown_changes for pk in change.pks],
        left_out={change.pk for change in shown_changes} - taken,
        reason=unix_lines(posted.get("reason", "")),
        notes=notes,
        scalars=scalars,
    )


def revision_page(
    panelist: Panelist, version: ScorecardVersion, sent: Sent | None, *, problem: str = "", reason_problem: str = ""
) -> RevisionPage:
    """The page with the newest version, overlaid with the changes of the sent form."""
    form = scorecard_form(panelist=panelist, now=version.submitted_at)
    notes, scalars = (sent.notes, sent.scalars) if sent else ({}, {})

    def revised(answer: Answer) -> RevisedAnswer:
        pk = answer.question.pk
        note = notes.get(pk) or NoteText.stored(answer.note)
        rating = scalars.get(("rate", pk), answer.rating.value if answer.rating else None)
        return RevisedAnswer(answer, note.text, note.revision, _choice(rating))

    texts = {name: scalars.get(("scorecard", name), getattr(form.scorecard, name)) for name in FIELDS}
    return RevisionPage(
        version=version,
        first=[revised(answer) for answer in form.first],
        others=[revised(answer) for answer in form.others],
        whole=notes.get(None) or NoteText.stored(form.note),
        texts=texts | {"recommendation": _choice(texts["recommendation"])},
        late=late_changes(panelist),
        left_out=sent.left_out if sent else set(),
        reason=sent.reason if sent else "",
        is_sent=sent is not None,
        problem=problem,
        reason_problem=reason_problem,
    )


def _scalars(posted: Mapping[str, str], before: Snapshot) -> dict[tuple[str, Any], Any]:
    """Changed ratings and fields of the scorecard, by kind and target."""
    changed: dict[tuple[str, Any], Any] = {}
    for question in before["questions"]:
        name, rating = f"rating-{question['id']}", question["rating"]
        if name in posted and (value := _step(posted[name])) != (rating["value"] if rating else None):
            changed["rate", question["id"]] = value
    if "recommendation" in posted and (value := _step(posted["recommendation"])) != before["recommendation"]:
        changed["scorecard", "recommendation"] = value
    texts = {"because": before["because"], "stood_out": before["stood_out"], "still_open": before["still_open"]}
    for name, stored in texts.items():
        if name in posted and (text := unix_lines(posted[name])) != unix_lines(stored):
            changed["scorecard", name] = text
    return changed


def _notes(panelist: Panelist, posted: Mapping[str, str]) -> dict[int | None, NoteText]:
    """Changed notes, each with the revision it is based on."""
    sent: dict[int | None, NoteText] = {}
    for name, text in posted.items():
        target = name.removeprefix("note-")
        if name != target and (target == WHOLE or _number(target)):
            revision = _number(posted.get(f"revision-{target}", ""))
            sent[None if target == WHOLE else _number(target)] = NoteText(unix_lines(text), revision)
    stored = {note.question_id: note for note in panelist.notes.all()}

    def before(target: int | None, revision: int) -> str:
        return (text_at(stored[target], revision) or "") if target in stored else ""

    return {target: note for target, note in sent.items() if note.text != unix_lines(before(target, note.revision))}


def _choice(value: Any) -> str:
    return "" if value is None else str(value)


def _step(text: str) -> int | None:
    return _number(text) or None


def _number(text: str) -> int:
    return whole_number(text) or 0


def _numbers(texts: list[str]) -> list[int]:
    return [number for text in texts if (number := _number(text))]
