"""Reads a folder of seed files into entries, or reports all problems.

The folder has `topics.yaml`, `references.yaml`, `rules.yaml`, `scripts.yaml`, and questions in `questions/*.yaml`, one
topic per file. Other files are ignored. Nothing here touches the database.
"""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db import models

from question_bank.entries import (
    Bank,
    ItemEntry,
    Place,
    PointEntry,
    QuestionEntry,
    ReferenceEntry,
    RuleEntry,
    ScriptEntry,
    SectionEntry,
    TopicEntry,
)
from question_bank.models import Anchor, Point, Question, RatingStep, Reference, Script, Section, Topic
from question_bank.models.questions import EXHIBIT_LENGTH, EXPECT_LENGTH
from question_bank.scale import ANCHOR_WORDS
from question_bank.seeds.checks import check_bank
from question_bank.seeds.strict_yaml import Document, Problem
from question_bank.seeds.yaml_values import MAX_TEXT, Fields, Value

SEED_DIR = Path(settings.BASE_DIR) / "fixtures_seed"


class SeedFilesError(Exception):
    """The files are invalid; `problems` has all problems, in file order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def read_bank(directory: Path = SEED_DIR) -> Bank:
    """Read and check every file in `directory`. Raises SeedFilesError with all problems."""
    problems: list[Problem] = []
    shared = _references(_roots(directory, "references.yaml", problems))
    roots = _roots(directory, "questions/*.yaml", problems)
    misnamed = directory.glob("questions/*.yml")
    problems += [Problem(_shown(path), 1, "expected a name that ends in .yaml") for path in misnamed]
    bank = Bank(
        topics=_topics(_roots(directory, "topics.yaml", problems)),
        questions=tuple(question for root in roots for question in read_questions(root, shared)),
        scripts=_scripts(_roots(directory, "scripts.yaml", problems)),
        rules=_rules(_roots(directory, "rules.yaml", problems)),
    )
    problems += check_bank(bank)
    if problems:
        raise SeedFilesError(problems)
    return bank


def read_questions(root: Fields, shared: Mapping[str, ReferenceEntry]) -> list[QuestionEntry]:
    """The questions of one file, each before its follow-ups; `shared` are references by key."""
    topic = root["topic"].slug()
    top_level = root["questions"].items()
    root.refuse_others()
    found: list[QuestionEntry] = []
    for position, value in enumerate(top_level, start=1):
        _read_question(value.fields(), topic, None, position, shared, found)
    return found


def _read_question(
    fields: Fields,
    topic: str,
    parent: QuestionEntry | None,
    position: int,
    shared: Mapping[str, ReferenceEntry],
    found: list[QuestionEntry],
) -> None:
    """Read one question and its follow-ups into `found`. A follow-up inherits kind, status and date from its parent."""
    key, condition, reviewed_on = fields["key"].slug(), fields["condition"], fields["reviewed_on"]
    if parent is None and condition.is_given:
        condition.problem("expected only on a follow-up")
    question = QuestionEntry(
        key=key,
        topic=topic,
        parent=parent.key if parent else "",
        condition=condition.line_of_text(most=_most(Question, "condition")) if parent else "",
        prompt=fields["prompt"].text(),
        purpose=fields["purpose"].text(),
        guidance=fields["guidance"].text(default=""),
        kind=fields["kind"].choice(Question.Kind.values, default=parent.kind if parent else Question.Kind.ANSWER),
        # A follow-up inherits level and form.
        level=fields["level"].choice(Question.Level.values, default=parent.level if parent else Question.Level.ANY),
        form=fields["form"].choice(Question.Form.values, default=parent.form if parent else ""),
        exhibit=fields["exhibit"].text(default="", most=EXHIBIT_LENGTH),
        exhibit_says=fields["exhibit_says"].line_of_text(default="", most=_most(Question, "exhibit_says")),
        expect=_expect(fields["expect"]),
        minutes=fields["minutes"].number(1, 120),
        status=fields["status"].choice(
            Question.Status.values, default=parent.status if parent else Question.Status.PUBLISHED
        ),
        reviewed_on=reviewed_on.date(default=parent.reviewed_on) if parent else reviewed_on.date(),
        points=tuple(_point(value) for value in fields["points"].items(default=())),
        anchors=_anchors(fields["anchors"]),
        references=tuple(_reference(value, shared) for value in fields["references"].items(default=())),
        position=position,
        place=_place(fields),
    )
    found.append(question)
    for number, value in enumerate(fields["follow_ups"].items(default=()), start=1):
        _read_question(value.fields(), topic, question, number, shared, found)
    fields.refuse_others()


def _expect(value: Value) -> dict[str, str]:
    if not value.is_given:
        return {}
    fields = value.fields()
    lines = {
        level.value: fields[level.value].line_of_text(default="", most=EXPECT_LENGTH)
        for level in Question.Level
        if level != Question.Level.ANY
    }
    fields.refuse_others()
    return {level: line for level, line in lines.items() if line}


def _point(value: Value) -> PointEntry:
    fields = value.fields()
    kinds = [kind for kind in Point.Kind.values if fields[kind].is_given]
    if len(kinds) != 1:
        fields.problem(f"expected one of {', '.join(Point.Kind.values)}, found {len(kinds) or 'none'} of them")
    kind = kinds[0] if kinds else Point.Kind.BROWNIE
    text = fields[kind].line_of_text(most=_most(Point, "text")) if kinds else ""
    # A cue must lead to a follow-up; a brownie point may.
    leads_to = fields["leads_to"].slug() if kind == Point.Kind.CUE else fields["leads_to"].slug(default="")
    fields.refuse_others()
    return PointEntry(text=text, kind=kind, leads_to=leads_to, place=_place(fields))


def _anchors(value: Value) -> dict[int, str]:
    if not value.is_given:
        return {}
    fields = value.fields()
    anchors = {}
    for rating in RatingStep:
        anchor = fields[rating.label.lower()]
        anchors[rating.value] = text = anchor.line_of_text(most=_most(Anchor, "text"))
        if (words := len(text.split())) > ANCHOR_WORDS:
            anchor.problem(f"expected at most {ANCHOR_WORDS} words, found {words}")
    fields.refuse_others()
    return anchors


def _reference(value: Value, shared: Mapping[str, ReferenceEntry]) -> ReferenceEntry:
    if not value.is_scalar:
        fields = value.fields()
        reference = _reference_fields(fields)
        fields.refuse_others()
        return reference
    key = value.slug()
    if key and key not in shared:
        value.problem(f"expected the key of a reference in references.yaml, found {key!r}")
    return shared.get(key, ReferenceEntry(title=key))


def _reference_fields(fields: Fields) -> ReferenceEntry:
    return ReferenceEntry(
        title=fields["title"].line_of_text(most=_most(Reference, "title")),
        author=fields["author"].line_of_text(default="", most=_most(Reference, "author")),
        url=fields["url"].address(default="", most=_most(Reference, "url")),
    )


def _references(roots: list[Fields]) -> dict[str, ReferenceEntry]:
    shared: dict[str, ReferenceEntry] = {}
    for fields in _listed(roots, "references"):
        key = fields["key"].slug()
        if key in shared:
            fields.problem(f"key: expected once, found {key!r} already")
        shared[key] = _reference_fields(fields)
        fields.refuse_others()
    return shared


def _topics(roots: list[Fields]) -> tuple[TopicEntry, ...]:
    topics = []
    for position, fields in enumerate(_listed(roots, "topics"), start=1):
        name = fields["name"].line_of_text(most=_most(Topic, "name"))
        topics.append(TopicEntry(key=fields["key"].slug(), name=name, position=position, place=_place(fields)))
        fields.refuse_others()
    return tuple(topics)


def _rules(roots: list[Fields]) -> tuple[RuleEntry, ...]:
    rules = []
    for fields in _listed(roots, "rules"):
        rules.append(RuleEntry(title=fields["title"].line_of_text(most=80), text=fields["text"].text()))
        fields.refuse_others()
    return tuple(rules)


def _scripts(roots: list[Fields]) -> tuple[ScriptEntry, ...]:
    scripts = []
    for fields in _listed(roots, "scripts"):
        script = ScriptEntry(
            key=fields["key"].slug(),
            name=fields["name"].line_of_text(most=_most(Script, "name")),
            purpose=fields["purpose"].text(),
            level=fields["level"].choice(Question.Level.values, default=Question.Level.ANY),
            is_retired=fields["is_retired"].flag(default=False),
            sections=tuple(_section(value.fields()) for value in fields["sections"].items()),
            place=_place(fields),
        )
        fields.refuse_others()
        scripts.append(script)
    return tuple(scripts)


def _section(fields: Fields) -> SectionEntry:
    section = SectionEntry(
        title=fields["title"].line_of_text(most=_most(Section, "title")),
        minutes=fields["minutes"].number(1, 240),
        gate=fields["gate"].line_of_text(default="", most=_most(Section, "gate")),
        is_for_candidate=fields["for_candidate"].flag(default=False),
        items=tuple(_item(value.fields()) for value in fields["questions"].items()),
        place=_place(fields),
    )
    fields.refuse_others()
    return section


def _item(fields: Fields) -> ItemEntry:
    is_must_ask = not fields["optional"].is_given
    if is_must_ask is not fields["must_ask"].is_given:
        fields.problem("expected either must_ask or optional")
    question = fields["must_ask" if is_must_ask else "optional"].slug()
    fields.refuse_others()
    return ItemEntry(question=question, is_must_ask=is_must_ask, place=_place(fields))


def _roots(directory: Path, pattern: str, problems: list[Problem]) -> list[Fields]:
    """The fields of every matching file. A missing or unreadable file is a problem."""
    paths = sorted(directory.glob(pattern)) if "*" in pattern else [directory / pattern]
    if not paths:
        problems.append(Problem(_shown(directory / pattern), 1, "expected at least one file, found none"))
    documents = {path: Document(_shown(path), problems) for path in paths}
    nodes = [(document, document.read(path)) for path, document in documents.items()]
    return [Value(document, node, "", 1).fields() for document, node in nodes if node is not None]


def _listed(roots: list[Fields], name: str) -> list[Fields]:
    listed = []
    for root in roots:
        listed += [value.fields() for value in root[name].items()]
        root.refuse_others()
    return listed


def _shown(path: Path) -> str:
    """The path relative to the project, if inside it."""
    base = Path(settings.BASE_DIR)
    return str(path.relative_to(base) if path.is_relative_to(base) else path)


def _place(fields: Fields) -> Place:
    return Place(fields.document.name, fields.line)


def _most(model: type[models.Model], name: str) -> int:
    field = model._meta.get_field(name)  # noqa: SLF001 (Django's documented way)
    return getattr(field, "max_length", None) or MAX_TEXT
