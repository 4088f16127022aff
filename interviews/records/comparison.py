"""Compares two candidates of one opening by rules 6 and 7 of Score v1. Pure, like scoring."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction

from interviews.records.scoring import Score

CLEAR_LEAD_FROM = Fraction(164, 100)  # in standard errors of the difference; below 1 it is too close to call
COMMON_BLOCKS_MIN = 3

TOO_CLOSE = "too close to call"
SLIGHT_LEAD = "slight lead"
CLEAR_LEAD = "clear lead"
NOT_COMPARABLE = "not comparable on score; read the evidence"


def common_sources(scores: Sequence[Score]) -> frozenset[Hashable]:
    """Sources of the blocks rated for every candidate compared; a block without one is common to nobody."""
    rated = [frozenset(block.source for block in score.blocks if block.by_panelist) for score in scores]
    return frozenset.intersection(*rated) - {None} if rated else frozenset()


def compare(a: Score, b: Score, *, among: Sequence[Score] = ()) -> str:
    """How far apart two scores are, in the words of rule 6. Their totals say which one leads.

    Counts only the blocks rated for both and for every other candidate `among` those compared (rule 7).
    """
    sources = common_sources((a, b, *among))
    a, b = a.on(sources), b.on(sources)
    if min(a.n, b.n) < COMMON_BLOCKS_MIN:
        return NOT_COMPARABLE
    assert a.total is not None and b.total is not None  # three rated blocks have a total and an error
    assert a.se_squared is not None and b.se_squared is not None
    difference_squared = (a.total - b.total) ** 2
    error_squared = a.se_squared + b.se_squared
    if difference_squared < error_squared:
        return TOO_CLOSE
    return SLIGHT_LEAD if difference_squared < CLEAR_LEAD_FROM**2 * error_squared else CLEAR_LEAD
