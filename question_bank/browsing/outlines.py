"""A script as interviewers see it: sections with minutes, questions with their follow-ups."""

from dataclasses import dataclass

from question_bank.browsing.cards import Card, card_of
from question_bank.models import Question, Script
from question_bank.tree import Tree
from question_bank.wanted_scripts import WantedItem, WantedScript, WantedSection


@dataclass(frozen=True)
class Block:
    """A top-level question with its follow-ups; without them if it is retired, since new interviews omit it."""

    item: WantedItem
    cards: list[Card]

    @property
    def minutes(self) -> int:
        return sum(card.question.minutes for card in self.cards)


@dataclass(frozen=True)
class TimedSection:
    section: WantedSection
    # Minutes into the interview.
    starts_at: int
    blocks: list[Block]

    @property
    def ends_at(self) -> int:
        return self.starts_at + self.section.minutes

    @property
    def asked(self) -> list[Block]:
        """Questions that a new interview would have."""
        return [block for block in self.blocks if block.item.question.is_published]

    @property
    def planned(self) -> int:
        """Minutes of must-ask questions, follow-ups included."""
        return sum(block.minutes for block in self.asked if block.item.is_must_ask)

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
        return [block for timed in self.sections for block in timed.asked]


def outline(script: Script) -> Outline:
    """The published version of a script from `with_parts()`. Seven more queries at any length and depth."""
    return outline_of(WantedScript.of(script))


def outline_of(wanted: WantedScript) -> Outline:
    """The same for any version."""
    tree = Tree.of(Question.objects.published().in_trees())
    tops = {item.question.pk for section in wanted.sections for item in section.items}
    branches = {pk: list(tree.branch(pk)) if pk in tree.parents else [(pk, 0)] for pk in tops}
    held = {pk for branch in branches.values() for pk, _ in branch}
    questions = Question.objects.with_parts().in_bulk(held)
    timed, minute = [], 0
    for section in wanted.sections:
        blocks = [
            Block(
                item,
                [card_of(questions[pk], seen=held, depth=depth) for pk, depth in branches[item.question.pk]],
            )
            for item in section.items
        ]
        timed.append(TimedSection(section, minute, blocks))
        minute += section.minutes
    return Outline(timed)
