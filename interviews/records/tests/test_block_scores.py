"""One block: each panelist's own rating and the points heard (rules 1 and 4)."""

from unittest import TestCase

from interviews.records.scoring import Question, score
from interviews.records.tests.scores import block, points, view


class OwnRating(TestCase):
    """Rule 1, b_kp."""

    def own(self, question: Question, **ratings: int):
        return score([question], [view(ratings=ratings)]).blocks[0].by_panelist.get("Mira")

    def test_blank_parent_takes_the_best_follow_up(self):
        self.assertEqual(self.own(block("q", block("f"), block("g")), f=2, g=3), 3)

    def test_unasked_parent_takes_the_follow_up_that_was_asked(self):
        self.assertEqual(self.own(block("q", block("f"), state="unasked"), q=4, f=2), 2)

    def test_nothing_rated_is_blank(self):
        self.assertIsNone(self.own(block("q", block("f"))))

    def test_follow_up_of_a_follow_up_counts_nested_as_well_as_flat(self):
        nested = block("q", block("f", block("g")))
        flat = block("q", block("f"), block("g"))

        self.assertEqual(self.own(nested, q=2, g=4), 3)
        self.assertEqual(self.own(flat, q=2, g=4), 3)

    def test_asked_follow_up_below_a_skipped_one_counts(self):
        self.assertEqual(self.own(block("q", block("f", block("g"), state="skipped")), q=2, f=4, g=3), 2.5)

    def test_conversation_is_not_rated(self):
        self.assertIsNone(self.own(block("q", is_answer=False), q=4))
        self.assertEqual(self.own(block("q", block("f", is_answer=False)), q=2, f=4), 2)

    def test_skipped_or_unasked_follow_up_counts_nothing(self):
        for state in ("skipped", "unasked"):
            with self.subTest(state):
                self.assertEqual(self.own(block("q", block("f", state=state)), q=2, f=4), 2)

    def test_rating_outside_the_scale_is_refused(self):
        for rating in (0, 5, 2.5, None):
            with self.subTest(rating), self.assertRaisesRegex(ValueError, "must be 1 to 4"):
                view(ratings={"q": rating})


class Points(TestCase):
    """Rule 4, t_k."""

    def test_three_of_a_block_count_and_all_are_heard(self):
        result = score([block("q", block("f"))], [view(heard={"q": points(2), "f": points(2)})])

        self.assertEqual((result.blocks[0].heard, result.blocks[0].points), (4, 3))

    def test_point_heard_by_two_counts_once(self):
        views = [view(heard={"q": {"a"}}), view("Jo", "interviewer", heard={"q": {"a"}})]

        self.assertEqual(score([block("q")], views).points, 1)

    def test_shadow_counts_nowhere(self):
        shadow = view("Ana", "shadow", {"q": 1}, {"q": {"b"}})

        self.assertEqual(
            score([block("q")], [view(ratings={"q": 3}), shadow]),
            score([block("q")], [view(ratings={"q": 3})]),
        )

    def test_tick_on_an_unrated_answer_counts(self):
        result = score([block(1), block(2)], [view(ratings={1: 3}, heard={1: points(1), 2: points(2)})])

        self.assertEqual(result.points, 3)

    def test_point_in_a_conversation_counts(self):
        result = score([block("q", is_answer=False)], [view(heard={"q": points(1)})])

        self.assertEqual(result.points, 1)

    def test_skipped_block_counts_nothing_not_even_its_follow_ups(self):
        question = block("q", block("f"), state="skipped")

        result = score([question], [view(ratings={"q": 4, "f": 4}, heard={"q": {"a"}, "f": {"b"}})])

        self.assertEqual((result.n, result.points), (0, 0))
