"""Compares candidates pairwise: who leads, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from interviews.records.comparison import NOT_COMPARABLE, TOO_CLOSE, common_sources, compare
from interviews.records.scoring import Score


@dataclass(frozen=True)
class Pair:
    first: str
    second: str
    words: str

    @property
    def sentence(self) -> str:
        """ "Ada Okafor has a slight lead over Kwame Mensah": the first one leads."""
        if self.words in (TOO_CLOSE, NOT_COMPARABLE):
            return f"{self.first} and {self.second}: {self.words}"
        return f"{self.first} has a {self.words} over {self.second}"


def pairs(named: Sequence[tuple[str, Score]]) -> list[Pair]:
    """Compare pairwise, in the words of rule 6, on the blocks rated for all of them. The first of a pair leads."""
    everybody = [score for _, score in named]
    sources = common_sources(everybody)
    found = []
    for (one, a), (other, b) in combinations(named, 2):
        words = compare(a, b, among=everybody)
        lead, trail = a.on(sources).total, b.on(sources).total
        is_behind = words not in (TOO_CLOSE, NOT_COMPARABLE) and lead is not None and trail is not None and lead < trail
        found.append(Pair(other, one, words) if is_behind else Pair(one, other, words))
    return found
