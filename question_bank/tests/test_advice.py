import datetime as dt
from dataclasses import replace

from django.test import SimpleTestCase

from question_bank.advice import advice_on
from question_bank.entries import PointEntry, QuestionEntry

PLAIN = QuestionEntry(
    key="lost-update",
    topic="databases",
    prompt="Two requests each add one, and the counter grew by one. Why?",
    purpose="Shows whether they can reason about two requests at once.",
    kind="answer",
    level="mid",
    minutes=6,
    status="published",
    reviewed_on=dt.date(2026, 11, 28),
    anchors={},
    points=(PointEntry(text="Both read first", kind="brownie"), PointEntry(text="A row lock", kind="brownie")),
)


def with_point(text: str) -> QuestionEntry:
    return replace(PLAIN, points=(PLAIN.points[0], PointEntry(text=text, kind="brownie")))


class AdviceOnTests(SimpleTestCase):
    def test_a_question_by_the_rules_gets_no_advice(self):
        self.assertEqual(advice_on(PLAIN), [])

    def test_a_prompt_that_takes_too_long_to_say(self):
        said = advice_on(replace(PLAIN, prompt="How " + "very " * 30 + "long?"))
        self.assertEqual(said, ["The prompt has 32 words. Up to 25 can be said in ten seconds."])

    def test_a_closed_prompt(self):
        said = advice_on(replace(PLAIN, prompt="Have you used transactions?"))
        self.assertEqual(len(said), 1)
        self.assertIn("a closed question only gets a yes or no", said[0])

    def test_a_case_may_begin_with_any_word(self):
        self.assertEqual(advice_on(replace(PLAIN, prompt="Can-do teams fail. How do you explain that?")), [])

    def test_a_point_that_is_two_points(self):
        self.assertEqual(
            advice_on(with_point("A lock and a retry")),
            ["“A lock and a retry” is more than one point: split it at “and”."],
        )

    def test_a_point_that_is_a_matter_of_degree(self):
        self.assertIn("is a matter of degree", advice_on(with_point("Understands isolation"))[0])

    def test_a_point_too_long_to_listen_for(self):
        self.assertIn("to 12 words", advice_on(with_point("one " * 13))[0])

    def test_the_number_of_points(self):
        self.assertEqual(advice_on(replace(PLAIN, points=())), ["Write 2 to 4 brownie points. This question has 0."])

    def test_a_follow_up_or_a_conversation_needs_no_points(self):
        self.assertEqual(advice_on(replace(PLAIN, points=(), parent="slow-page")), [])
        self.assertEqual(advice_on(replace(PLAIN, points=(), kind="conversation")), [])

    def test_guidance_too_long_for_a_call(self):
        said = advice_on(replace(PLAIN, guidance="word " * 61))
        self.assertEqual(said, ["The guidance has 61 words. Up to 60 can be read during a call."])

    def test_something_private(self):
        said = advice_on(replace(PLAIN, prompt="What is your native language?"))
        self.assertIn("“native language” may touch on something private", said[0])
