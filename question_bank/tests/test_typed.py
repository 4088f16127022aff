from unittest import mock

from django.test import TestCase
from django.utils import timezone

from question_bank import typed
from question_bank.factories import QuestionFactory
from question_bank.models import DismissedQuestion


class TestTypedQuestions(TestCase):
    def groups(self, *prompts):
        rows = [(prompt, at, []) for at, prompt in enumerate(prompts, start=1)]
        with mock.patch.object(typed, "_sources", [lambda: rows]):
            return [(group.text, group.times, group.by) for group in typed.typed_questions()]

    def test_alike_ones_are_one_group_most_often_asked_first(self):
        found = self.groups("Why queues?", "How do you test a migration?", "how would you test the migration")
        own_words = {2: "How do you test a migration?", 3: "how would you test the migration"}
        self.assertEqual(found[0], ("How do you test a migration?", 2, own_words))
        self.assertEqual(found[1], ("Why queues?", 1, {1: "Why queues?"}))

    def test_what_is_in_the_bank_or_dismissed_is_left_out(self):
        QuestionFactory(prompt="How do you test a migration?", status="draft")
        DismissedQuestion.objects.create(text="Why queues?", at=timezone.now())
        self.assertEqual(self.groups("How would you test a migration?", "why queues"), [])

    def test_queries_do_not_grow(self):
        with self.assertNumQueries(2):
            self.groups(*(f"What about case{number} of{number}?" for number in range(8)))
        with self.assertNumQueries(0):
            self.assertEqual(self.groups(), [])
