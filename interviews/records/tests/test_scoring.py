"""The score of an interview: the worked examples, and the whole (rules 3 and 5)."""

from dataclasses import FrozenInstanceError
from fractions import Fraction
from unittest import TestCase

from interviews.records.scoring import score, topic_word, two_decimals
from interviews.records.tests.scores import block, points, rated, view


class WorkedExamples(TestCase):
    def test_one_panelist_with_unasked_and_skipped_blocks(self):
        blocks = [
            block(1),
            block(2),
            block(3),
            block(4, state="unasked"),
            block(5, state="skipped"),
            block(6),
        ]
        heard = {1: points(2), 2: points(5), 6: points(1)}

        result = score(blocks, [view(ratings={1: 3, 2: 4, 3: 2, 6: 3}, heard=heard)])

        self.assertEqual(result.rating_part, 3)
        self.assertEqual(result.points, 6)
        self.assertEqual(result.extra_part, Fraction(15, 100))
        self.assertEqual(result.total, Fraction(315, 100))
        self.assertEqual(result.se_squared, Fraction(1, 6))
        self.assertEqual(result.text, "3.00 + 0.15")
        self.assertEqual(result.version, "score v1")

    def test_one_added_in_the_call_counts_like_an_optional_one_and_a_parked_one_like_one_not_asked(self):
        script = [block(1), block(2), block(3), block("parked", state="unasked"), block(6)]
        added = block("added", is_must_ask=False)
        ratings = {1: 3, 2: 4, 3: 2, 6: 3}

        without = score(script, [view(ratings=ratings)])
        unrated = score([*script, added], [view(ratings=ratings)])
        result = score([*script, added], [view(ratings=ratings | {"added": 4}, heard={"added": points(1)})])

        self.assertEqual((without.text, unrated.text, result.text), ("3.00 + 0.00", "3.00 + 0.00", "3.20 + 0.04"))
        self.assertEqual([one.coverage.must_ask for one in (without, unrated, result)], [5, 5, 5])

    def test_follow_ups(self):
        blocks = [
            block("a", block("a1"), block("a2")),
            block("b", block("b1")),
            block("c", block("c1")),
            block("d", block("d1", state="unasked")),
        ]
        ratings = {"a": 3, "a1": 4, "a2": 4, "b": 3, "b1": 2, "c": 2, "c1": 4, "d": 2}

        result = score(blocks, [view(ratings=ratings)])

        self.assertEqual([b.rating for b in result.blocks], [Fraction(7, 2), 3, 3, 2])
        self.assertEqual(result.rating_part, Fraction(2875, 1000))
        self.assertEqual(result.points, 0)
        self.assertEqual(two_decimals(result.total), "2.88")
        self.assertEqual(result.text, "2.88 + 0.00")

    def test_two_panelists(self):
        views = [
            view("Mira", "lead", {1: 3, 2: 4, 3: 2}, {1: {"a", "b"}}),
            view("Jo", "interviewer", {1: 4, 2: 3}, {1: {"b", "c"}}),
        ]

        result = score([block(1), block(2), block(3)], views)

        self.assertEqual([b.rating for b in result.blocks], [Fraction(7, 2), Fraction(7, 2), 2])
        self.assertEqual(result.rating_part, 3)
        self.assertEqual(result.points, 3)
        self.assertEqual(result.extra_part, Fraction(1, 10))
        self.assertEqual(two_decimals(result.total), "3.10")
        self.assertFalse(result.is_single_view)

    def test_scorecard_and_debrief_of_the_design(self):
        blocks = [
            block(1, topic="Response time"),
            block(2, topic="Authentication"),
            block(3, topic="Task queues"),
            block(4, topic="REST design"),
            block(5, topic="Django", state="unasked", is_behind_gate=True),
        ]
        views = [
            view("Mira", "lead", {1: 3, 2: 2, 3: 4, 4: 3}, {1: points(4), 2: points(1)}),
            view("Jo", "interviewer", {1: 3, 2: 4, 3: 4, 4: 3}, {3: points(6), 4: points(3)}),
            view("Luc", "interviewer", {1: 3, 2: 3, 3: 3}),
        ]

        result = score(blocks, views)
        topics = {b.topic: topic_word(result, b.topic) for b in blocks}

        self.assertEqual(result.text, "3.17 + 0.19")
        self.assertEqual((result.coverage.rated, result.coverage.must_ask), (4, 4))
        self.assertFalse(result.is_provisional)
        self.assertEqual(
            {name: topic.text for name, topic in topics.items()},
            {
                "Response time": "Good",
                "Authentication": "Good (Mixed to Excellent)",
                "Task queues": "Excellent",
                "REST design": "Good",
                "Django": "",
            },
        )
        self.assertEqual([topic.heard for topic in topics.values()], [4, 1, 6, 3, 0])
        self.assertEqual(topics["Authentication"].by_panelist, {"Mira": "Mixed", "Jo": "Excellent", "Luc": "Good"})
        self.assertNotIn("Luc", topics["REST design"].by_panelist)


class Whole(TestCase):
    """Rules 3 and 5."""

    def test_nothing_rated_is_blank_never_0(self):
        result = score([block("q")], [view(heard={"q": points(3)})])

        self.assertIsNone(result.rating_part)
        self.assertIsNone(result.total)
        self.assertEqual(result.text, "")
        self.assertEqual(result.extra_part, Fraction(1, 10))
        self.assertFalse(result.is_single_view)

    def test_no_questions_is_blank(self):
        result = score([], [])

        self.assertEqual((result.text, result.n, result.points), ("", 0, 0))
        self.assertIsNone(result.coverage.share)

    def test_one_panelist_rating_is_a_single_view_though_two_heard(self):
        views = [view(ratings={"q": 3}), view("Jo", "interviewer", heard={"q": points(1)})]

        self.assertTrue(score([block("q")], views).is_single_view)

    def test_extra_nears_its_limit_and_never_reaches_it(self):
        for blocks, extra in (
            (0, 0),
            (2, Fraction(15, 100)),
            (4, Fraction(2, 10)),
            (1000, Fraction(150, 501)),
        ):
            with self.subTest(blocks):
                heard = {number: points(9) for number in range(blocks)}
                result = score([block(number) for number in range(blocks)], [view(heard=heard)])

                self.assertEqual(result.extra_part, extra)
                self.assertLess(result.extra_part, Fraction(3, 10))

    def test_question_or_panelist_that_comes_twice_is_refused(self):
        with self.assertRaisesRegex(ValueError, "question comes twice"):
            score([block(1, block(2)), block(2)], [])
        with self.assertRaisesRegex(ValueError, "panelist comes twice"):
            score([block(1)], [view("Jo"), view("Jo")])

    def test_result_cannot_be_changed(self):
        with self.assertRaises(FrozenInstanceError):
            rated(3).version = "score v2"
