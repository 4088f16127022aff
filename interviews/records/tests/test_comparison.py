"""Comparing two scores: the words of rule 6 on the blocks of rule 7."""

from dataclasses import replace
from fractions import Fraction
from unittest import TestCase

from interviews.records.comparison import CLEAR_LEAD, NOT_COMPARABLE, SLIGHT_LEAD, TOO_CLOSE, common_sources, compare
from interviews.records.scoring import Question, Score, View, score


def rated(heard: int = 0, **ratings: int) -> Score:
    """One panelist's rating of each source, 0 for none; so many points heard in each."""
    blocks = [
        Question(
            id=f"frozen {source}",
            is_answer=True,
            is_must_ask=True,
            state="asked",
            topic="Python",
            is_behind_gate=False,
            source=source,
        )
        for source in ratings
    ]
    own = {f"frozen {source}": rating for source, rating in ratings.items() if rating}
    return score(blocks, [View("Mira", "lead", own, {block.id: set(range(heard)) for block in blocks})])


class CommonSources(TestCase):
    def test_only_blocks_rated_for_every_candidate(self):
        scores = [rated(a=3, b=3, c=0), rated(b=2, a=1), rated(a=1, b=0, c=2)]

        self.assertEqual(common_sources(scores[:2]), {"a", "b"})
        self.assertEqual(common_sources(scores), {"a"})

    def test_block_without_a_source_is_common_to_nobody(self):
        question = Question(1, True, True, "asked", "Python", False)
        unknown = score([question], [View("Mira", "lead", {1: 3})])

        self.assertEqual(common_sources([unknown, unknown]), frozenset())

    def test_nobody_has_nothing_in_common(self):
        self.assertEqual(common_sources([]), frozenset())


class Compare(TestCase):
    def test_less_than_one_error_is_too_close_to_call(self):
        # Both spreads are under half a step, so SE² is 1/16 each and one error 0.35.
        self.assertEqual(compare(rated(a=3, b=3, c=3, d=3), rated(a=4, b=3, c=3, d=3)), TOO_CLOSE)

    def test_between_is_a_slight_lead_from_either_side(self):
        # SE² is 1/16 and 1/12: one error is 0.38, 1.64 of them 0.63.
        low, high = rated(a=3, b=3, c=3, d=3), rated(a=4, b=4, c=3, d=3)

        self.assertEqual(compare(low, high), SLIGHT_LEAD)
        self.assertEqual(compare(high, low), SLIGHT_LEAD)

    def test_more_is_a_clear_lead(self):
        self.assertEqual(compare(rated(a=3, b=3, c=3, d=3), rated(a=4, b=4, c=4, d=4)), CLEAR_LEAD)

    def test_both_bounds_belong_to_the_greater_lead(self):
        # Eight blocks, spread under half a step: SE² is 1/32 each, one error exactly 0.25, 1.64 of them 0.41.
        low = rated(a=3, b=3, c=3, d=3, e=3, f=3, g=3, h=3)

        def higher(hundredths: int) -> Score:
            own = {"Mira": 3 + Fraction(hundredths, 100)}
            return Score(tuple(replace(block, by_panelist=own) for block in low.blocks))

        self.assertEqual(compare(low, higher(24)), TOO_CLOSE)
        self.assertEqual(compare(low, higher(25)), SLIGHT_LEAD)
        self.assertEqual(compare(low, higher(40)), SLIGHT_LEAD)
        self.assertEqual(compare(low, higher(41)), CLEAR_LEAD)

    def test_extra_good_points_count(self):
        # 0.5 apart in ratings, a slight lead; three points in each of four blocks are worth 0.2.
        low, high = {"a": 3, "b": 3, "c": 3, "d": 3}, {"a": 4, "b": 4, "c": 3, "d": 3}

        self.assertEqual(compare(rated(**low), rated(heard=3, **high)), CLEAR_LEAD)
        self.assertEqual(compare(rated(heard=3, **low), rated(**high)), TOO_CLOSE)

    def test_blocks_that_only_one_was_asked_do_not_count(self):
        strong_elsewhere = rated(a=3, b=3, c=3, x=4, y=4, z=4)

        self.assertEqual(compare(rated(a=3, b=3, c=3), strong_elsewhere), TOO_CLOSE)

    def test_under_three_common_blocks_is_not_comparable(self):
        self.assertEqual(compare(rated(a=4, b=4, c=4), rated(a=1, b=1, d=1)), NOT_COMPARABLE)
        self.assertEqual(compare(rated(a=4, b=4, c=4), rated(a=1, b=1, c=1)), CLEAR_LEAD)

    def test_blocks_must_be_common_to_everybody_compared(self):
        a, b = rated(a=4, b=4, c=4), rated(a=1, b=1, c=1)

        self.assertEqual(compare(a, b, among=[a, b, rated(a=2, b=2, d=2)]), NOT_COMPARABLE)
