"""Loads the built-in bank into the database without touching curators' changes.

A seeded row has a key and the digest of its seeded content. If its content now has another digest, a curator changed
it: it is left alone and reported. Otherwise it follows the files. A question's position is set once and is not part of
the digest, so curators may change it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from question_bank import history
from question_bank.entries import Bank, QuestionEntry, RuleEntry, ScriptEntry
from question_bank.models import Anchor, Change, Point, Question, Reference, Rule, Script, ScriptItem, Section, Topic

E = TypeVar("E", QuestionEntry, ScriptEntry)
R = TypeVar("R", Question, Script)

_QUESTION_FIELDS = (
    "condition", "prompt", "purpose", "guidance", "kind", "level", "form", "exhibit", "exhibit_says", "expect",
    "minutes", "status", "reviewed_on",
)  # fmt: skip
_SCRIPT_FIELDS = ("name", "purpose", "level", "is_retired")


class SeedConflictError(Exception):
    """The files are valid but conflict with rows that curators made."""


@dataclass
class Outcome:
    """The result for one kind of entry. Rows are (key, prompt or name)."""

    new: int = 0
    updated: int = 0
    same: int = 0
    kept: list[tuple[str, str]] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.new + self.updated + self.same + len(self.kept)

    @property
    def is_nothing_done(self) -> bool:
        return not (self.new or self.updated)


@dataclass
class Seeded:
    topics: Outcome
    questions: Outcome
    scripts: Outcome
    rules: Outcome

    @property
    def is_nothing_done(self) -> bool:
        return all(kind.is_nothing_done for kind in (self.topics, self.questions, self.scripts, self.rules))


@transaction.atomic
def seed_bank(bank: Bank) -> Seeded:
    """Update the database to `bank`, all or nothing. Raises SeedConflictError.

    Constant number of queries; writes nothing if nothing changed.
    """
    topics, topic_outcome = _seed_topics(bank)
    # Under the key of the topic that they come into, so that a merged topic does not look like a curator's change.
    placed = [replace(entry, topic=topics[entry.topic].key) for entry in bank.questions]
    questions, question_outcome = _seed_questions(placed, {topic.key: topic for topic in topics.values()})
    rules = _seed_rules(bank.rules)
    return Seeded(topic_outcome, question_outcome, _seed_scripts(bank.scripts, questions), rules)


def _seed_rules(entries: Iterable[RuleEntry]) -> Outcome:
    """Add, update and remove rules for all scripts, except those that a curator changed or removed."""
    rows = {str(rule.key): rule for rule in Rule.objects.exclude(key=None).select_for_update()}
    outcome = Outcome()
    new, changed = [], []
    for position, entry in enumerate(entries):
        row = rows.pop(entry.key, None)
        if row is None:
            new.append(
                Rule(key=entry.key, title=entry.title, text=entry.text, position=position, seeded_digest=entry.digest())
            )
        elif row.is_removed or _digest_of(row) != row.seeded_digest:
            outcome.kept.append((entry.key, row.title))
        elif row.seeded_digest == entry.digest():
            outcome.same += 1
        else:
            row.title, row.text, row.seeded_digest = entry.title, entry.text, entry.digest()
            changed.append(row)
    Rule.objects.bulk_create(new)
    Rule.objects.bulk_update(changed, ["title", "text", "seeded_digest"])
    gone = [rule.pk for rule in rows.values() if rule.is_removed or _digest_of(rule) == rule.seeded_digest]
    if gone:
        Rule.objects.filter(pk__in=gone).delete()
    outcome.new, outcome.updated = len(new), len(changed) + len(gone)
    return outcome


def _digest_of(rule: Rule) -> str:
    return RuleEntry(title=rule.title, text=rule.text).digest()


def _seed_topics(bank: Bank) -> tuple[dict[str, Topic], Outcome]:
    """Add missing topics. Existing ones are unchanged, since topics have no digest.

    Returns the topic of each key in the files: where curators merged one, or made one of the same name, theirs."""
    rows = {topic.key: topic for topic in Topic.objects.select_related("merged_into")}
    by_name = {topic.name: topic for topic in rows.values()}
    outcome = Outcome()
    new = []
    for entry in bank.topics:
        if entry.key not in rows and entry.name not in by_name:
            new.append(Topic(key=entry.key, name=entry.name, position=entry.position))
            continue
        row = rows[entry.key] = rows.get(entry.key) or by_name[entry.name]
        if row.name != entry.name or row.merged_into or row.is_retired:
            outcome.kept.append((entry.key, str(row.merged_into or row)))
        else:
            outcome.same += 1
    outcome.new = len(new)
    rows |= {topic.key: topic for topic in Topic.objects.bulk_create(new)}
    return {key: topic.merged_into or topic for key, topic in rows.items()}, outcome


def _seed_questions(entries: Iterable[QuestionEntry], topics: dict[str, Topic]) -> tuple[dict[str, Question], Outcome]:
    rows = _seeded_questions()
    found = {key: QuestionEntry.of(row) for key, row in rows.items()}
    outcome, new, changed = _sort_out(entries, rows, found)
    levels: dict[int, list[Question]] = {}
    depths: dict[str, int] = {}
    for entry in new:
        depths[entry.key] = depth = depths.get(entry.parent, 0) + 1
        row = Question(key=entry.key, position=entry.position)
        _fill_question(row, entry, topics, rows)
        rows[entry.key] = row
        levels.setdefault(depth, []).append(row)
    # Save parents first: a follow-up needs its parent's primary key.
    for depth in sorted(levels):
        Question.objects.bulk_create(levels[depth])
    history.keep_first(_with_history(Question.objects.with_parts(), changed))
    for entry in changed:
        _fill_question(rows[entry.key], entry, topics, rows)
        rows[entry.key].version += 1
    _refuse_circles(changed, rows)
    Question.objects.bulk_update(
        [rows[entry.key] for entry in changed],
        [*_QUESTION_FIELDS, "topic", "parent", "version", "seeded_digest"],
    )
    _write_parts([*new, *changed], rows)
    history.record(_with_history(Question.objects.with_parts(), changed), Change.Act.SEEDED, by=None, at=timezone.now())
    return rows, outcome


def _with_history(rows: models.QuerySet[R], entries: list[E]) -> models.QuerySet[R]:
    """The rows of these entries, fresh from the database."""
    return rows.filter(key__in=[entry.key for entry in entries])


def _seeded_questions() -> dict[str, Question]:
    """Rows locked until the end of the transaction, so that no curator saves in between."""
    questions = Question.objects.exclude(key=None).select_for_update(of=("self",)).order_by("pk")
    with_parts = questions.prefetch_related("topic", "parent", "points__leads_to", "anchors", "references")
    return {str(row.key): row for row in with_parts}


def _fill_question(row: Question, entry: QuestionEntry, topics: dict[str, Topic], rows: dict[str, Question]) -> None:
    for name in _QUESTION_FIELDS:
        setattr(row, name, getattr(entry, name))
    row.topic = topics[entry.topic]
    row.parent = rows[entry.parent] if entry.parent else None
    row.seeded_digest = entry.digest()


def _refuse_circles(changed: list[QuestionEntry], rows: dict[str, Question]) -> None:
    """The files contain no cycle, but together with a curator's move there could be one."""
    for entry in changed:
        above = rows[entry.key].parent
        seen = set()
        while above is not None and above.pk not in seen:
            seen.add(above.pk)
            above = rows[above.key].parent if above.key else above.parent
        if above is not None:
            raise SeedConflictError(f"{entry.key} would be below itself: a curator moved {above.key}.")


def _write_parts(entries: list[QuestionEntry], rows: dict[str, Question]) -> None:
    """Write points, anchors and references. A point with unchanged text stays the same row: ticks in interviews
    refer to it."""
    if not entries:
        return
    written = [rows[entry.key] for entry in entries]
    before = {(point.question_id, point.text): point for point in Point.objects.filter(question__in=written)}
    new: list[Point] = []
    stayed: list[Point] = []
    anchors, references = [], []
    for entry in entries:
        row = rows[entry.key]
        for position, wanted in enumerate(entry.points, start=1):
            point = before.pop((row.pk, wanted.text), None)
            (stayed if point else new).append(point := point or Point(question=row, text=wanted.text))
            point.kind, point.position = wanted.kind, position
            point.leads_to = rows[wanted.leads_to] if wanted.leads_to else None
        anchors += [Anchor(question=row, rating=rating, text=text) for rating, text in entry.anchors.items()]
        references += [
            Reference(question=row, title=item.title, author=item.author, url=item.url, position=position)
            for position, item in enumerate(entry.references, start=1)
        ]
    Point.objects.filter(pk__in=[point.pk for point in before.values()]).delete()
    Point.objects.bulk_update(stayed, ["kind", "position", "leads_to"])
    Point.objects.bulk_create(new)
    Anchor.objects.filter(question__in=written).delete()
    Anchor.objects.bulk_create(anchors)
    Reference.objects.filter(question__in=written).delete()
    Reference.objects.bulk_create(references)


def _seed_scripts(entries: Iterable[ScriptEntry], questions: dict[str, Question]) -> Outcome:
    rows = {
        str(script.key): script
        for script in Script.objects.exclude(key=None).select_for_update().prefetch_related("sections__items__question")
    }
    found = {key: ScriptEntry.of(row) for key, row in rows.items()}
    outcome, new, changed = _sort_out(entries, rows, found)
    _refuse_taken_names([*new, *changed])
    history.keep_first(_with_history(Script.objects.with_parts(), changed))
    for entry in [*new, *changed]:
        row = rows.setdefault(entry.key, Script(key=entry.key, version=0))
        for name in _SCRIPT_FIELDS:
            setattr(row, name, getattr(entry, name))
        row.version += 1
        row.seeded_digest = entry.digest()
    Script.objects.bulk_create([rows[entry.key] for entry in new])
    Script.objects.bulk_update([rows[entry.key] for entry in changed], [*_SCRIPT_FIELDS, "version", "seeded_digest"])
    _write_sections([*new, *changed], rows, questions)
    history.record(_with_history(Script.objects.with_parts(), changed), Change.Act.SEEDED, by=None, at=timezone.now())
    return outcome


def _refuse_taken_names(entries: list[ScriptEntry]) -> None:
    keys = {entry.name: entry.key for entry in entries}
    for name, key in Script.objects.filter(name__in=keys).values_list("name", "key"):
        if keys[name] != key:
            raise SeedConflictError(
                f"A script named “{name}” already exists and did not come from the seeds. Rename it."
            )


def _write_sections(entries: list[ScriptEntry], rows: dict[str, Script], questions: dict[str, Question]) -> None:
    """Recreate sections and items: no other row references them."""
    if not entries:
        return
    Section.objects.filter(script__in=[rows[entry.key] for entry in entries]).delete()
    sections, items = [], []
    for entry in entries:
        for position, wanted in enumerate(entry.sections, start=1):
            section = Section(
                script=rows[entry.key],
                title=wanted.title,
                minutes=wanted.minutes,
                gate=wanted.gate,
                is_for_candidate=wanted.is_for_candidate,
                position=position,
            )
            sections.append(section)
            items += [
                ScriptItem(
                    section=section,
                    question=questions[item.question],
                    is_must_ask=item.is_must_ask,
                    position=number,
                )
                for number, item in enumerate(wanted.items, start=1)
            ]
    Section.objects.bulk_create(sections)
    ScriptItem.objects.bulk_create(items)


def _sort_out(
    entries: Iterable[E], rows: Mapping[str, Any], found: Mapping[str, E]
) -> tuple[Outcome, list[E], list[E]]:
    """New entries, changed ones, and the outcome; `found` are the current rows."""
    outcome = Outcome(gone=[(key, str(row)) for key, row in rows.items()])
    new, changed, adopted = [], [], []
    for entry in entries:
        row = rows.get(entry.key)
        if row is None:
            new.append(entry)
            continue
        outcome.gone.remove((entry.key, str(row)))
        digest = found[entry.key].digest()
        if digest == entry.digest():
            outcome.same += 1
            if row.seeded_digest != digest:
                # A curator already made the same change: the row follows the files again.
                row.seeded_digest = digest
                adopted.append(row)
        elif digest == row.seeded_digest:
            changed.append(entry)
        else:
            outcome.kept.append((entry.key, str(row)))
    if adopted:
        type(adopted[0]).objects.bulk_update(adopted, ["seeded_digest"])
    outcome.new, outcome.updated = len(new), len(changed)
    return outcome, new, changed
