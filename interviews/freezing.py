"""Freezing a script into an interview: what was asked stays as it was asked, whatever the bank becomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction

from interviews.models import Interview, ScriptedPoint, ScriptedQuestion, ScriptedSection
from question_bank.models import Question, Script, ScriptItem


@dataclass
class _Node:
    """A question of the bank at its place in the interview."""

    question: Question
    follow_ups: list[_Node] = field(default_factory=list)
    frozen: ScriptedQuestion = field(init=False)

    def walk(self) -> Iterator[_Node]:
        """Itself, then all below it, depth first: parents come before their follow-ups."""
        yield self
        for follow_up in self.follow_ups:
            yield from follow_up.walk()


@transaction.atomic
def freeze(*, interview: Interview, script: Script) -> None:
    """Copy the script into the interview, in place of what was frozen into it before.

    Sections with their gates; the published top-level questions in order, each followed by all its published
    follow-ups; their points, anchors and references. A point leads to the frozen copy of its question, else
    nowhere. The number of queries grows with neither the length of the script nor the depth of follow-ups.
    """
    ScriptedSection.objects.filter(interview=interview).delete()
    script = Script.objects.with_parts().get(pk=script.pk)
    sections = list(script.sections.all())
    frozen_sections = ScriptedSection.objects.bulk_create(
        ScriptedSection(
            interview=interview, title=section.title, minutes=section.minutes, gate=section.gate,
            is_for_candidate=section.is_for_candidate, position=position,
        )
        for position, section in enumerate(sections, start=1)
    )  # fmt: skip
    items = [
        (frozen, item)
        for frozen, section in zip(frozen_sections, sections, strict=True)
        for item in section.items.all()
        if item.question.is_published
    ]
    roots = _trees([item.question for _, item in items])
    blocks = [(section, item, root) for (section, item), root in zip(items, roots, strict=True)]
    _freeze_questions(interview, blocks)
    _freeze_points([root for _, _, root in blocks])


def _trees(questions: list[Question]) -> list[_Node]:
    """Each question with the whole tree of its published follow-ups, read in five queries."""
    below: dict[int, list[int]] = defaultdict(list)
    published = Question.objects.published().filter(parent__isnull=False)
    for pk, parent in published.order_by("position", "pk").values_list("pk", "parent_id"):
        below[parent].append(pk)
    wanted: set[int] = set()
    todo = [question.pk for question in questions]
    while todo:
        pk = todo.pop()
        if pk not in wanted:
            wanted.add(pk)
            todo += below[pk]
    rows = (
        Question.objects.filter(pk__in=wanted)
        .select_related("topic")
        .prefetch_related("points", "anchors", "references")
        .in_bulk()
    )

    def tree(pk: int, above: frozenset[int]) -> _Node:
        # Nothing forbids a ring of follow-ups in the bank: each question comes once on the way down.
        above |= {pk}
        return _Node(rows[pk], [tree(child, above) for child in below[pk] if child not in above])

    return [tree(question.pk, frozenset()) for question in questions]


def _freeze_questions(interview: Interview, blocks: list[tuple[ScriptedSection, ScriptItem, _Node]]) -> None:
    nodes = []
    for section, item, root in blocks:
        for node in root.walk():
            nodes.append(node)
            node.frozen = _copy(node.question, is_must_ask=item.is_must_ask, position=len(nodes))
            node.frozen.interview, node.frozen.section = interview, section
    ScriptedQuestion.objects.bulk_create(node.frozen for node in nodes)
    # Only now do the parents have keys to point at.
    followers = []
    for node in nodes:
        for follow_up in node.follow_ups:
            follow_up.frozen.parent = node.frozen
            followers.append(follow_up.frozen)
    ScriptedQuestion.objects.bulk_update(followers, ["parent"])


def _copy(question: Question, *, is_must_ask: bool, position: int) -> ScriptedQuestion:
    return ScriptedQuestion(
        source=question,
        source_version=question.version,
        topic=question.topic.name,
        condition=question.condition,
        prompt=question.prompt,
        purpose=question.purpose,
        guidance=question.guidance,
        kind=question.kind,
        level=question.level,
        minutes=question.minutes,
        is_must_ask=is_must_ask,
        anchors=[{"rating": anchor.rating, "text": anchor.text} for anchor in question.anchors.all()],
        references=[
            {"title": reference.title, "author": reference.author, "url": reference.url}
            for reference in question.references.all()
        ],
        position=position,
    )


def _freeze_points(roots: list[_Node]) -> None:
    anywhere: dict[int, ScriptedQuestion] = {}
    for root in roots:
        for node in root.walk():
            anywhere.setdefault(node.question.pk, node.frozen)
    points = []
    for root in roots:
        # A question that stands twice in the script leads to its own follow-ups, not to the other's.
        own = {node.question.pk: node.frozen for node in root.walk()}
        for node in root.walk():
            points += [
                ScriptedPoint(
                    question=node.frozen, source=point, text=point.text, kind=point.kind, position=position,
                    leads_to=own.get(point.leads_to_id or 0) or anywhere.get(point.leads_to_id or 0),
                )
                for position, point in enumerate(node.question.points.all(), start=1)
            ]  # fmt: skip
    ScriptedPoint.objects.bulk_create(points)
