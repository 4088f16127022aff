import datetime as dt

from django.test import TestCase

from interviews.demo.calls import Times
from interviews.demo.outcomes import CHOICES, play
from interviews.demo.texts import read_texts


class PlayTests(TestCase):
    def test_a_call_that_has_not_ended_has_none(self):
        text = next(text for text in read_texts().interviews if text.decisions)
        now = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
        with self.assertNumQueries(0):
            play(interview=None, text=text, times=Times(now, now, None), people={})

    def test_each_decision_of_the_demo_is_one_that_a_manager_can_make(self):
        made = {decision.choice for text in read_texts().interviews for decision in text.decisions}
        self.assertLessEqual(made, set(CHOICES))
