"""A script as interviewers see it: sections with minutes, questions with their follow-ups."""

from dataclasses import dataclass

from question_bank.browsing.cards import Card, card_of
from question_bank.models import Question, Script, ScriptItem, Section
from question_bank.tree import Tree


@dataclass(frozen=True)
class Block:
    """A top-level question with its follow-ups; without them if it is retired, since new interviews omit it."""

    item: ScriptItem
    cards: list[Card]

    @property
    def minutes(self) -> int:
        return sum(card.question.minutes for card in self.cards)


@dataclass(frozen=True)
class TimedSection:
    section: Section
    # Minutes into the interview.
    starts_at: int
    blocks: list[Block]

    @property
    def ends_at(self) -> int:
        return self.starts_at + self.section.minutes

    @property
    def planned(self) -> int:
        """Minutes of must-ask questions, follow-ups included."""
        return sum(
            block.minutes for block in self.blocks if block.item.is_must_ask and block.item.question.is_published
        )

    @property
    def excess(self) -> int:
        return max(0, self.planned - self.section.minutes)


@dataclass(frozen=True)
class Outline:
    sections: list[TimedSection]

    @property
    def minutes(self) -> int:
        return sum(timed.section.minutes for timed in self.sections)

    @property
    def blocks(self) -> list[Block]:
        """Questions that a new interview would have."""
        return [block for timed in self.sections for block in timed.blocks if block.item.question.is_published]


def outline(script: Script) -> Outline:
    """`script` comes from `with_parts()`. Seven more queries at any length and depth."""
    tree = Tree.of(Question.objects.published())
    sections = script.sections.all()
    tops = {item.question.pk for section in sections for item in section.items.all()}
    branches = {pk: list(tree.branch(pk)) if pk in tree.parents else [(pk, 0)] for pk in tops}
    held = {pk for branch in branches.values() for pk, _ in branch}
    questions = Question.objects.with_parts().in_bulk(held)
    timed, minute = [], 0
    for section in sections:
        blocks = [
            Block(
                item,
                [card_of(questions[pk], seen=held, depth=depth) for pk, depth in branches[item.question.pk]],
            )
            for item in section.items.all()
        ]
        timed.append(TimedSection(section, minute, blocks))
        minute += section.minutes
    return Outline(timed)
