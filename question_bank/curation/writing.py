"""Writes a curator's version of a question: the row, its parts, and the effects on its follow-ups."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Self

from django.db.models import F

from question_bank import history
from question_bank.models import Anchor, Change, Point, Question, Reference, Topic
from question_bank.models.questions import NEVER_PUBLISHED
from question_bank.tree import Tree

# Texts and choices in the question's own row.
TEXTS = history.QUESTION_TEXTS


@dataclass(frozen=True, kw_only=True)
class WantedPoint:
    text: str
    kind: str
    leads_to: Question | None = None
    # Primary key of its row, which ticks in interviews refer to.
    pk: int | None = None


@dataclass(frozen=True, kw_only=True)
class WantedReference:
    title: str
    author: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class WantedQuestion:
    """A curator's version of a question. `follow_ups` are conditions by pk, in order."""

    # None if `parent` determines it.
    topic: Topic | None = None
    parent: Question | None = None
    condition: str = ""
    prompt: str
    purpose: str = ""
    guidance: str = ""
    kind: str = Question.Kind.ANSWER
    level: str = Question.Level.ANY
    form: str = ""
    exhibit: str = ""
    exhibit_says: str = ""
    expect: dict[str, str] = field(default_factory=dict)
    minutes: int = 4
    points: tuple[WantedPoint, ...] = ()
    anchors: dict[int, str] = field(default_factory=dict)
    references: tuple[WantedReference, ...] = ()
    follow_ups: dict[int, str] = field(default_factory=dict)
    is_reviewed: bool = False

    @classmethod
    def of(cls, question: Question) -> Self:
        """The stored version, from `with_parts()`."""
        return cls(
            **{name: getattr(question, name) for name in TEXTS},
            topic=question.topic,
            parent=question.parent,
            points=tuple(
                WantedPoint(text=point.text, kind=point.kind, leads_to=point.leads_to, pk=point.pk)
                for point in question.points.all()
            ),
            anchors={anchor.rating: anchor.text for anchor in question.anchors.all()},
            references=tuple(
                WantedReference(title=reference.title, author=reference.author, url=reference.url)
                for reference in question.references.all()
            ),
            follow_ups={follow_up.pk: follow_up.condition for follow_up in question.follow_ups.all()},
        )


def write_question(question: Question, wanted: WantedQuestion, *, on: dt.date) -> None:
    """Write the row with all parts. A moved question comes last in its new place, with its follow-ups."""
    before = (question.topic_id, question.parent_id)
    for name in ("parent", *TEXTS):
        setattr(question, name, getattr(wanted, name))
    topic = wanted.parent.topic if wanted.parent else wanted.topic
    assert topic
    question.topic = topic
    if wanted.parent is None:
        question.condition = ""
    if before != (question.topic_id, question.parent_id):
        siblings = Question.objects.filter(topic=question.topic, parent=question.parent)
        question.position = max(siblings.values_list("position", flat=True), default=0) + 1
    if wanted.is_reviewed:
        question.reviewed_on = on
    question.save()
    _write_points(question, wanted.points)
    question.anchors.all().delete()
    Anchor.objects.bulk_create(
        Anchor(question=question, rating=rating, text=text) for rating, text in wanted.anchors.items() if text
    )
    question.references.all().delete()
    Reference.objects.bulk_create(
        Reference(question=question, title=item.title, author=item.author, url=item.url, position=position)
        for position, item in enumerate(wanted.references, start=1)
    )
    _write_conditions(question, wanted.follow_ups)
    if before[0] not in (None, question.topic_id):
        _move_below(question)


def _write_points(question: Question, wanted: tuple[WantedPoint, ...]) -> None:
    """A point stays the same row when reworded, because ticks in interviews refer to it."""
    before = {point.pk: point for point in Point.objects.filter(question=question)}
    for position, item in enumerate(wanted, start=1):
        point = before.pop(item.pk or 0, None) or Point(question=question)
        point.text, point.kind, point.leads_to, point.position = item.text, item.kind, item.leads_to, position
        point.save()
    Point.objects.filter(pk__in=before).delete()


def _write_conditions(question: Question, conditions: dict[int, str]) -> None:
    """Write conditions and order of the follow-ups. A changed condition raises the follow-up's version."""
    order = {pk: position for position, pk in enumerate(conditions, start=1)}
    follow_ups = Question.objects.filter(parent=question, pk__in=conditions).order_by("pk")
    changed = {
        follow_up.pk for follow_up in follow_ups.select_for_update() if follow_up.condition != conditions[follow_up.pk]
    }
    history.keep_first(Question.objects.with_parts().filter(pk__in=changed))
    for follow_up in follow_ups:
        if follow_up.condition != conditions[follow_up.pk]:
            follow_up.version += not follow_up.is_draft
            follow_up.condition = conditions[follow_up.pk]
            # Who wrote it may not approve it, where two people publish.
            follow_up.changed_by, follow_up.changed_at = question.changed_by, question.changed_at
        follow_up.position = order[follow_up.pk]
        follow_up.save(update_fields=["condition", "version", "position", "changed_by", "changed_at"])
    if question.changed_at:
        now = Question.objects.with_parts().filter(pk__in=changed)
        history.record(now, Change.Act.SAVED, by=question.changed_by, at=question.changed_at)


def _move_below(question: Question) -> None:
    below = Question.objects.filter(pk__in=Tree.of(Question.objects.all()).below(question.pk))
    below.exclude(status__in=NEVER_PUBLISHED).update(version=F("version") + 1)
    below.update(topic=question.topic)
