"""Standard error and coverage: what a score rests on (rules 6 and 7)."""

from fractions import Fraction
from unittest import TestCase

from interviews.records.scoring import Question, score
from interviews.records.tests.scores import block, rated, view


class StandardError(TestCase):
    """Rule 6."""

    def test_undefined_below_three_rated_blocks(self):
        self.assertIsNone(rated(3, 4).se_squared)
        self.assertIsNotNone(rated(3, 4, 3).se_squared)

    def test_equal_ratings_keep_a_spread_of_half_a_step(self):
        self.assertEqual(rated(3, 3, 3, 3).se_squared, Fraction(1, 16))

    def test_sample_deviation_of_the_blocks(self):
        self.assertEqual(rated(1, 2, 3).se_squared, Fraction(1, 3))


class CoverageShare(TestCase):
    """Rule 7."""

    def coverage(self, *blocks: Question) -> tuple[int, int]:
        coverage = score(blocks, [view(ratings={b.id: 3 for b in blocks})]).coverage
        return coverage.rated, coverage.must_ask

    def test_optional_conversation_and_gated_blocks_are_left_out(self):
        asked, unasked = block(1), block(2, state="unasked")

        self.assertEqual(self.coverage(asked, unasked), (1, 2))
        for left_out in ({"is_must_ask": False}, {"is_answer": False}, {"is_behind_gate": True}):
            with self.subTest(left_out):
                self.assertEqual(self.coverage(asked, unasked, block(3, **left_out)), (1, 2))

    def test_skipped_must_ask_is_not_covered(self):
        self.assertEqual(self.coverage(block(1), block(2, state="skipped")), (1, 2))

    def test_four_rated_blocks_are_not_provisional(self):
        self.assertTrue(rated(3, 3, 3).is_provisional)
        self.assertFalse(rated(3, 3, 3, 3).is_provisional)

    def test_provisional_below_sixty_percent(self):
        for unasked, share, is_provisional in ((4, Fraction(3, 5), False), (5, Fraction(6, 11), True)):
            with self.subTest(share):
                blocks = [block(number) for number in range(6)]
                blocks += [block(number, state="unasked") for number in range(6, 6 + unasked)]
                result = score(blocks, [view(ratings=dict.fromkeys(range(6), 3))])

                self.assertEqual(result.coverage.share, share)
                self.assertEqual(result.is_provisional, is_provisional)

    def test_without_must_asks_the_share_is_undefined_and_the_number_decides(self):
        self.assertIsNone(rated(3, 3, 3, 3, is_must_ask=False).coverage.share)
        self.assertFalse(rated(3, 3, 3, 3, is_must_ask=False).is_provisional)
        self.assertTrue(rated(3, 3, 3, is_must_ask=False).is_provisional)
