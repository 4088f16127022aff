"""The bank as plain values, from files or rows; the same content has the same digest.

Keys identify rows. A curator's row, which has no key, is `#` and its primary key.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from django.utils.text import slugify

from editing.posted import unix_lines
from question_bank.models import Point, Question, Reference, Script, Section


@dataclass(frozen=True)
class Place:
    """An entry's file and line."""

    file: str = ""
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A plain value. The fields in `PLACED` say where it is, and are not part of the digest."""

    PLACED = ("place", "position")
    # Fields added later are omitted if blank, so that older rows have the digest they were seeded with.
    ADDED: ClassVar[dict[str, Any]] = {}

    def content(self) -> dict[str, Any]:
        return {
            each.name: _plain(getattr(self, each.name))
            for each in fields(self)
            if each.name not in self.PLACED
            and not (each.name in self.ADDED and getattr(self, each.name) == self.ADDED[each.name])
        }

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        canonical = json.dumps(self.content(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class TopicEntry(Entry):
    key: str
    name: str
    position: int
    place: Place = Place()


@dataclass(frozen=True, kw_only=True)
class PointEntry(Entry):
    text: str
    kind: str
    leads_to: str = ""
    place: Place = Place()

    @classmethod
    def of(cls, point: Point) -> "PointEntry":
        return cls(text=point.text, kind=point.kind, leads_to=name_of(point.leads_to))


@dataclass(frozen=True, kw_only=True)
class ReferenceEntry(Entry):
    title: str
    author: str = ""
    url: str = ""

    @classmethod
    def of(cls, reference: Reference) -> "ReferenceEntry":
        return cls(title=reference.title, author=reference.author, url=reference.url)


@dataclass(frozen=True, kw_only=True)
class QuestionEntry(Entry):
    ADDED = {"form": "", "exhibit": "", "exhibit_says": "", "expect": {}}

    key: str
    topic: str
    parent: str = ""
    condition: str = ""
    prompt: str
    purpose: str = ""
    guidance: str = ""
    kind: str
    level: str
    form: str = ""
    exhibit: str = ""
    exhibit_says: str = ""
    # One line per level, by the level's value.
    expect: dict[str, str] = field(default_factory=dict)
    minutes: int
    status: str
    reviewed_on: dt.date | None
    points: tuple[PointEntry, ...] = ()
    # Texts of Poor, Mixed, Good and Excellent by rating.
    anchors: dict[int, str]
    references: tuple[ReferenceEntry, ...] = ()
    position: int = 0
    place: Place = Place()

    @classmethod
    def of(cls, question: Question) -> "QuestionEntry":
        """From a row with prefetched topic, parent, points, anchors and references."""
        return cls(
            key=name_of(question),
            topic=question.topic.key,
            parent=name_of(question.parent),
            condition=question.condition,
            prompt=question.prompt,
            purpose=question.purpose,
            guidance=question.guidance,
            kind=question.kind,
            level=question.level,
            form=question.form,
            exhibit=question.exhibit,
            exhibit_says=question.exhibit_says,
            expect=question.expect,
            minutes=question.minutes,
            status=question.status,
            reviewed_on=question.reviewed_on,
            points=tuple(PointEntry.of(point) for point in question.points.all()),
            anchors={anchor.rating: anchor.text for anchor in question.anchors.all()},
            references=tuple(ReferenceEntry.of(reference) for reference in question.references.all()),
            position=question.position,
        )


@dataclass(frozen=True, kw_only=True)
class ItemEntry(Entry):
    question: str
    is_must_ask: bool = True
    place: Place = Place()


@dataclass(frozen=True, kw_only=True)
class SectionEntry(Entry):
    title: str
    minutes: int
    gate: str = ""
    is_for_candidate: bool = False
    items: tuple[ItemEntry, ...] = ()
    place: Place = Place()

    @classmethod
    def of(cls, section: Section) -> "SectionEntry":
        return cls(
            title=section.title,
            minutes=section.minutes,
            gate=section.gate,
            is_for_candidate=section.is_for_candidate,
            items=tuple(
                ItemEntry(question=name_of(item.question), is_must_ask=item.is_must_ask) for item in section.items.all()
            ),
        )


@dataclass(frozen=True, kw_only=True)
class ScriptEntry(Entry):
    ADDED = {"level": Question.Level.ANY}

    key: str
    name: str
    purpose: str = ""
    level: str = Question.Level.ANY
    is_retired: bool = False
    sections: tuple[SectionEntry, ...] = ()
    place: Place = Place()

    @classmethod
    def of(cls, script: Script) -> "ScriptEntry":
        """From a row with prefetched sections, items and questions."""
        return cls(
            key=script.key or f"#{script.pk}",
            name=script.name,
            purpose=script.purpose,
            level=script.level,
            is_retired=script.is_retired,
            sections=tuple(SectionEntry.of(section) for section in script.sections.all()),
        )


@dataclass(frozen=True, kw_only=True)
class RuleEntry(Entry):
    title: str
    text: str

    @property
    def key(self) -> str:
        """Identifies its row: the title as first seeded."""
        return slugify(self.title)[:80]


@dataclass(frozen=True)
class Bank:
    """A whole bank. Parents come before their follow-ups."""

    topics: tuple[TopicEntry, ...] = ()
    questions: tuple[QuestionEntry, ...] = ()
    scripts: tuple[ScriptEntry, ...] = ()
    rules: tuple[RuleEntry, ...] = ()


def name_of(question: Question | None) -> str:
    return "" if question is None else question.key or f"#{question.pk}"


def _plain(value: Any) -> Any:
    if isinstance(value, Entry):
        return value.content()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, dt.date):
        return value.isoformat()
    # Browsers change line breaks and spaces; saving an unchanged form must not count as a change.
    return unix_lines(value).strip() if isinstance(value, str) else value
