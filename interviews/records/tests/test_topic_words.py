"""Words for topics, and numbers as they are shown."""

from collections.abc import Sequence
from fractions import Fraction
from unittest import TestCase

from interviews.records.scoring import Question, View, score, topic_word, two_decimals
from interviews.records.tests.scores import block, points, view


class Topic(TestCase):
    def word(self, *views: View, blocks: Sequence[Question] = (block(1), block(2))):
        return topic_word(score(blocks, views), "Python")

    def test_half_goes_down_and_more_goes_up(self):
        self.assertEqual(self.word(view(ratings={1: 3, 2: 4})).text, "Good")
        self.assertEqual(self.word(view(ratings={1: 1, 2: 2})).text, "Poor")
        views = [view(ratings={1: 3, 2: 4}), view("Jo", "interviewer", {1: 4, 2: 4})]
        self.assertEqual(self.word(*views).text, "Excellent")

    def test_one_step_apart_prints_no_span(self):
        topic = self.word(view(ratings={1: 3}), view("Jo", "interviewer", {1: 4}))

        self.assertEqual((topic.text, topic.is_split), ("Good", False))
        self.assertEqual(topic.by_panelist, {"Mira": "Good", "Jo": "Excellent"})

    def test_three_steps_apart_prints_the_span(self):
        topic = self.word(view(ratings={1: 1}), view("Jo", "interviewer", {1: 4}))

        self.assertEqual((topic.word, topic.text, topic.is_split), ("Mixed", "Mixed (Poor to Excellent)", True))

    def test_panelists_are_compared_by_their_own_words_for_the_topic(self):
        # Opposite on each question, the same on the topic.
        topic = self.word(view(ratings={1: 2, 2: 4}), view("Jo", "interviewer", {1: 4, 2: 2}))

        self.assertEqual((topic.text, topic.is_split), ("Good", False))

    def test_panelists_who_rated_different_blocks_are_compared_too(self):
        topic = self.word(view(ratings={1: 2}), view("Jo", "interviewer", {2: 4}))

        self.assertEqual(topic.text, "Good (Mixed to Excellent)")

    def test_every_rating_counts_once(self):
        # The mean of b_k, (7/3 + 4) / 2, would say Good; a mean of the panelists' means, 17/6, too.
        views = [
            view(ratings={1: 1, 2: 4}),
            view("Jo", "interviewer", {1: 2}),
            view("Luc", "interviewer", {1: 2}),
        ]

        self.assertEqual(self.word(*views).text, "Mixed")

    def test_other_topics_and_shadows_do_not_count(self):
        shadow = view("Ana", "shadow", {1: 1}, {1: points(1)})
        topic = self.word(
            view(ratings={1: 3, 2: 1}, heard={2: points(2)}),
            shadow,
            blocks=[block(1), block(2, topic="REST")],
        )

        self.assertEqual((topic.text, topic.heard), ("Good", 0))
        self.assertEqual(topic.by_panelist, {"Mira": "Good"})

    def test_unrated_topic_has_no_word_and_keeps_what_was_heard(self):
        topic = self.word(view(heard={1: points(5)}))

        self.assertEqual((topic.word, topic.text, topic.is_split, topic.heard), ("", "", False, 5))
        self.assertEqual(topic.by_panelist, {})


class TwoDecimals(TestCase):
    def test_half_goes_up(self):
        for value, text in (
            (Fraction(2875, 1000), "2.88"),
            (Fraction(2885, 1000), "2.89"),
            (Fraction(28749, 10000), "2.87"),
            (Fraction(3995, 1000), "4.00"),
            (Fraction(5, 1000), "0.01"),
            (Fraction(1005, 1000), "1.01"),
            (0, "0.00"),
        ):
            with self.subTest(text):
                self.assertEqual(two_decimals(value), text)
