"""The balance of a script being written: minutes against its sections and the slot, and what is out of balance."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from accounts.models import User
from editing.posted import whole_number
from question_bank.curation.forms.scripts import ScriptEditor
from question_bank.models import Question, Topic
from question_bank.tree import Tree
from question_bank.wanted_topics import topics_left_out

# At most this share of a script's questions may ask for knowledge (docs/question-bank.md).
KNOWLEDGE = 1 / 3


@dataclass(frozen=True, kw_only=True)
class SectionPlan:
    """Minutes of one section; `must` and `optional` are those of its questions, follow-ups included."""

    number: int
    minutes: int
    must: int
    optional: int

    @property
    def excess(self) -> int:
        return max(0, self.must - self.minutes)


@dataclass(frozen=True, kw_only=True)
class ScriptPlan:
    sections: list[SectionPlan]
    slot: int
    hints: list[str] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(section.minutes for section in self.sections)

    @property
    def excess(self) -> int:
        """Minutes over the slot; 0 if there is no slot to fit."""
        return max(0, self.minutes - self.slot) if self.slot else 0


def plan_of(
    editor: ScriptEditor, *, slot: int, reader: User, script: int | None = None, role: int | None = None
) -> ScriptPlan:
    """The plan of a form that may be half written. `script` and `role`: see `topics_left_out`. The number of queries
    is constant."""
    sections: list[SectionPlan] = []
    asked: list[Question] = []
    has_own_section = False
    minutes = branch_minutes(question.pk for question in editor.picks.questions.values())
    for number, (section, rows) in enumerate(editor.rows()):
        if section["DELETE"].value():
            continue
        must = optional = 0
        for row in rows:
            question = editor.picks.find(str(row["question"].value() or ""))
            if question is None or row["DELETE"].value():
                continue
            asked.append(question)
            is_must_ask = bool(row["is_must_ask"].value())
            must += minutes.get(question.pk, 0) if is_must_ask else 0
            optional += 0 if is_must_ask else minutes.get(question.pk, 0)
        given = whole_number(str(section["minutes"].value() or ""), digits=4) or 0
        has_own_section |= bool(section["is_for_candidate"].value())
        sections.append(SectionPlan(number=number, minutes=given, must=must, optional=optional))
    hints = [*_hints(asked, has_own_section=has_own_section), *_on_topics(asked)]
    hints += topics_left_out(asked, script=script, role=role, reader=reader)
    return ScriptPlan(sections=sections, slot=slot, hints=hints)


def branch_minutes(questions: Iterable[int]) -> dict[int, int]:
    """The minutes of each of these published questions with all its published follow-ups, by primary key. A query for
    each level of follow-ups."""
    minutes: dict[int, int] = {}
    tree: list[tuple[int, int | None]] = []
    level: Collection[int] = set(questions)
    found = Question.objects.published().filter(pk__in=level)
    while level:
        rows = list(found.order_by().values_list("pk", "parent_id", "minutes"))
        level = [pk for pk, _, _ in rows if pk not in minutes]
        minutes |= {pk: each for pk, _, each in rows}
        tree += [(pk, parent) for pk, parent, _ in rows]
        found = Question.objects.published().filter(parent__in=level)
    branches = Tree(tree)
    return {pk: sum(minutes[each] for each, _ in branches.branch(pk)) for pk in minutes}


def _on_topics(asked: list[Question]) -> Iterable[str]:
    """One query. A topic may be retired while the script is built."""
    for topic in Topic.objects.filter(pk__in={question.topic_id for question in asked}, is_retired=True):
        yield f"The topic “{topic}” was retired. Its questions can still be asked."


def _hints(asked: list[Question], *, has_own_section: bool) -> Iterable[str]:
    rated = [question for question in asked if question.is_answer]
    if len(rated) < 3:  # too few to speak of a balance
        return
    if not any(question.form == Question.Form.BEHAVIOURAL for question in rated):
        yield "No behavioural question: ask about something they did."
    levels = {question.level for question in rated}
    if len(levels) == 1 and levels != {Question.Level.ANY}:
        yield f"All questions are for one level ({rated[0].get_level_display().lower()})."
    if sum(question.form == Question.Form.KNOWLEDGE for question in rated) > len(rated) * KNOWLEDGE:
        yield "More than a third of the questions test knowledge. Prefer cases and past behaviour."
    if len({question.topic_id for question in rated}) == 1:
        yield "All questions are from one topic."
    if not has_own_section:
        yield "No section for the candidate’s own questions."
