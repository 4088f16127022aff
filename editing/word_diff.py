"""The difference of two texts, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing takes up to (words of the one) × (words of the other) steps; longer texts are shown whole.
STEPS_MAX = 4_000_000


class Piece(NamedTuple):
    """Text that is in both versions ("same"), in the older only ("removed"), or in the newer only ("added")."""

    kind: str
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """The pieces in reading order: without the added ones they give `old`, without the removed ones `new`."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) * len(after) > STEPS_MAX:
        return [piece for piece in (Piece("removed", old), Piece("added", new)) if piece.text]
    return list(_pieces(before, after))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    for tag, i, j, k, m in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i:j]))
            continue
        if i < j:
            yield Piece("removed", "".join(before[i:j]))
        if k < m:
            yield Piece("added", "".join(after[k:m]))
