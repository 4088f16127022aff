"""The tree of questions and follow-ups, from one query at any depth."""

from collections.abc import Iterable, Iterator
from typing import Self

from question_bank.models.questions import Place, QuestionQuerySet


class Tree:
    """Built from (pk, parent's pk) in sibling order. A question whose parent is missing is a root."""

    def __init__(self, rows: Iterable[tuple[int, int | None]]) -> None:
        self.parents = dict(rows)
        self.children: dict[int | None, list[int]] = {}
        roots = self.children[None] = []
        for pk, parent in self.parents.items():
            if parent in self.parents:
                self.children.setdefault(parent, []).append(pk)
            else:
                roots.append(pk)

    @classmethod
    def of(cls, questions: QuestionQuerySet) -> Self:
        return cls(questions.values_list("pk", "parent_id"))

    def root(self, pk: int) -> int:
        """The topmost question above `pk`, or `pk` itself."""
        while (parent := self.parents.get(pk)) in self.parents:
            pk = parent
        return pk

    def branch(self, pk: int) -> Iterator[tuple[int, int]]:
        """`pk` and all below it, parents before their follow-ups, each with its depth from 0."""
        waiting = [(pk, 0)]
        while waiting:
            pk, depth = waiting.pop()
            yield pk, depth
            waiting += [(child, depth + 1) for child in reversed(self.children.get(pk, []))]

    def below(self, pk: int) -> set[int]:
        """All follow-ups of `pk`, at any depth."""
        return {found for found, depth in self.branch(pk) if depth}

    def order(self) -> list[int]:
        """Every question, parents before their follow-ups."""
        found: list[int] = []
        waiting = self.children.get(None, [])[::-1]
        while waiting:
            found.append(pk := waiting.pop())
            if below := self.children.get(pk):
                waiting += reversed(below)
        return found


def in_reading_order(visible: QuestionQuerySet, places: list[Place]) -> list[int]:
    """The questions at these places, sorted as siblings, as they come in the whole tree of `visible` ones: parents
    before their follow-ups. Reads only those above them: a query for each level of these."""
    rows, found = list(places), {place[0] for place in places}
    missing = _parents(rows) - found
    while missing:
        above = list(visible.order_by().filter(pk__in=missing).places())
        rows += above
        missing = _parents(above) - {row[0] for row in rows}
    if len(rows) > len(places):
        rows.sort(key=lambda row: (row[2], row[3], row[0]))
    return [pk for pk in Tree((row[0], row[1]) for row in rows).order() if pk in found]


def _parents(places: list[Place]) -> set[int]:
    return {place[1] for place in places if place[1] is not None}
