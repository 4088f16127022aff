"""Freeze a script into an interview, so that later changes to the bank do not change what was asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction

from interviews.models import Interview, ScriptedPoint, ScriptedQuestion, ScriptedSection
from question_bank.models import Question, Script
from question_bank.wanted_scripts import WantedItem, WantedScript


@dataclass
class _Node:
    """A question from the bank, at its place in the interview."""

    question: Question
    follow_ups: list[_Node] = field(default_factory=list)
    frozen: ScriptedQuestion = field(init=False)

    def walk(self) -> Iterator[_Node]:
        """This node, then all below it, depth first: parents come before their follow-ups."""
        yield self
        for follow_up in self.follow_ups:
            yield from follow_up.walk()


@transaction.atomic
def freeze(*, interview: Interview, script: Script, is_draft: bool = False) -> None:
    """Copy the published version of the script, or its draft, into the interview, replacing an earlier copy.

    Sections with their gates; the published top-level questions in order, each followed by all its published
    follow-ups; their points, anchors and references. A point leads to the frozen copy of its follow-up, if there is
    one. The number of queries is constant.

    Script and questions are locked first: a curator's save waits, so that no question is half of one version and half
    of the next. In the curators' order, scripts before questions, and before the rows that curators write to here."""
    sections, blocks = _read(interview, script, is_draft=is_draft, is_locked=True)
    ScriptedSection.objects.filter(interview=interview).delete()
    ScriptedSection.objects.bulk_create(sections)
    _freeze_questions(blocks)
    _freeze_points([root for *_, root in blocks])


Block = tuple[ScriptedSection, WantedItem, _Node]


def _read(
    interview: Interview, script: Script, *, is_draft: bool = False, is_locked: bool = False
) -> tuple[list[ScriptedSection], list[Block]]:
    """Build the rows that freezing would write now; writes nothing."""
    scripts = Script.objects.with_parts()
    script = (scripts.select_for_update(of=("self",), no_key=True) if is_locked else scripts).get(pk=script.pk)
    sections = (WantedScript.newest(script) if is_draft else WantedScript.of(script)).sections
    frozen = [
        ScriptedSection(
            interview=interview, title=section.title, minutes=section.minutes, gate=section.gate,
            is_for_candidate=section.is_for_candidate, position=position,
        )
        for position, section in enumerate(sections, start=1)
    ]  # fmt: skip
    items = [
        (scripted, item)
        for scripted, section in zip(frozen, sections, strict=True)
        for item in section.items
        if item.question.is_published
    ]
    roots = _trees([item.question for _, item in items], is_locked=is_locked)
    return frozen, [(section, item, root) for (section, item), root in zip(items, roots, strict=True)]


@dataclass(frozen=True)
class ScriptChanges:
    """What freezing the script again would change, by question prompts."""

    added: list[str]
    removed: list[str]
    changed: list[str]
    # Titles, minutes, gates or the order.
    is_outline_changed: bool

    def __str__(self) -> str:
        """ "2 questions added, 1 changed, other sections or order" """
        counts = [(len(self.added), "added"), (len(self.removed), "removed"), (len(self.changed), "changed")]
        words = [f"{count} {did}" for count, did in counts if count]
        if words:
            count, did = words[0].split()
            words[0] = f"{count} question{'' if count == '1' else 's'} {did}"
        return ", ".join([*words, *(["other sections or order"] if self.is_outline_changed else [])])

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.is_outline_changed)


def script_changes(interview: Interview) -> ScriptChanges:
    """How the script in the bank differs from the frozen one. The number of queries is constant."""
    if interview.script is None:
        return ScriptChanges([], [], [], is_outline_changed=False)
    sections, blocks = _read(interview, interview.script)
    old = list(
        # Questions added in a call that broke off are not part of the script.
        ScriptedQuestion.objects.filter(interview=interview, added_at=None)
        .in_order()
        .select_related("section")
        .prefetch_related("points", "points__leads_to")
    )
    new = [(section, item, node.question) for section, item, root in blocks for node in root.walk()]
    known = {question.pk for *_, question in new}
    before = {row.source_id: (row.prompt, _shape(row, _points_frozen(row))) for row in old}
    after = {
        question.pk: (question.prompt, _shape(_copied(question, item), _points_now(question, known)))
        for _, item, question in new
    }
    return ScriptChanges(
        added=[prompt for key, (prompt, _) in after.items() if key not in before],
        removed=[prompt for key, (prompt, _) in before.items() if key not in after],
        changed=[prompt for key, (prompt, shape) in after.items() if key in before and before[key][1] != shape],
        is_outline_changed=(
            [_section_shape(section) for section in interview.sections.all()] != [_section_shape(s) for s in sections]
            or [(row.section.position, row.source_id) for row in old if row.source_id in after]
            != [(section.position, question.pk) for section, _, question in new if question.pk in before]
        ),
    )


# What freezing copies from a question.
_COPIED = (
    "topic", "condition", "prompt", "purpose", "guidance", "kind", "level", "form", "exhibit", "exhibit_says", "expect",
    "minutes", "is_must_ask", "anchors", "references",
)  # fmt: skip


def _shape(row: ScriptedQuestion, points: list[tuple[str, str, int | None]]) -> list[object]:
    return [*(getattr(row, name) for name in _COPIED), points]


def _copied(question: Question, item: WantedItem) -> ScriptedQuestion:
    return _copy(question, is_must_ask=item.is_must_ask, position=0)


def _points_frozen(row: ScriptedQuestion) -> list[tuple[str, str, int | None]]:
    points = sorted(row.points.all(), key=lambda point: point.position)
    return [(point.text, point.kind, point.leads_to.source_id if point.leads_to else None) for point in points]


def _points_now(question: Question, known: set[int]) -> list[tuple[str, str, int | None]]:
    points = question.points.all()
    return [(p.text, p.kind, p.leads_to_id if p.leads_to_id in known else None) for p in points]


def _section_shape(section: ScriptedSection) -> tuple[object, ...]:
    return section.title, section.minutes, section.gate, section.is_for_candidate


def _trees(questions: list[Question], *, is_locked: bool) -> list[_Node]:
    """Each question with its tree of published follow-ups, perhaps locked. Five queries."""
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
    found = Question.objects.filter(pk__in=wanted).order_by("pk")
    if is_locked:
        found = found.select_for_update(of=("self",), no_key=True)
    rows = found.select_related("topic").prefetch_related("points", "anchors", "references").in_bulk()

    def tree(pk: int, above: frozenset[int]) -> _Node:
        # The bank may contain a cycle of follow-ups: use each question once per path.
        above |= {pk}
        return _Node(rows[pk], [tree(child, above) for child in below[pk] if child not in above])

    return [tree(question.pk, frozenset()) for question in questions]


def freeze_one(*, section: ScriptedSection, question: Question, position: int) -> list[ScriptedQuestion]:
    """Copy one question with its published follow-ups into an interview, as optional ones from `position` on.

    The positions must be free: see `size_of`. The number of queries is constant."""
    [root] = _trees([question], is_locked=True)
    nodes = list(root.walk())
    for number, node in enumerate(nodes, start=position):
        _place(node, section, is_must_ask=False, position=number)
    _save(nodes)
    _freeze_points([root])
    return [node.frozen for node in nodes]


def size_of(question: Question) -> int:
    """How many questions `freeze_one` would add."""
    [root] = _trees([question], is_locked=True)
    return sum(1 for _ in root.walk())


def _freeze_questions(blocks: list[Block]) -> None:
    nodes: list[_Node] = []
    for section, item, root in blocks:
        for node in root.walk():
            nodes.append(node)
            _place(node, section, is_must_ask=item.is_must_ask, position=len(nodes))
    _save(nodes)


def _place(node: _Node, section: ScriptedSection, *, is_must_ask: bool, position: int) -> None:
    node.frozen = _copy(node.question, is_must_ask=is_must_ask, position=position)
    node.frozen.interview, node.frozen.section = section.interview, section


def _save(nodes: list[_Node]) -> None:
    ScriptedQuestion.objects.bulk_create(node.frozen for node in nodes)
    # The parents have keys only now.
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
        form=question.form,
        exhibit=question.exhibit,
        exhibit_says=question.exhibit_says,
        expect=question.expect,
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
        # A question that appears twice in the script leads to the follow-ups of its own copy.
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
