"""The tree of questions and follow-ups, from one query at any depth."""

from collections.abc import Iterable, Iterator
from typing import Self

from question_bank.models.questions import QuestionQuerySet


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
