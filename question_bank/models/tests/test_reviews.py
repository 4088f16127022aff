from django.db import IntegrityError
from django.test import TestCase
from django.utils import timezone

from accounts.factories import CuratorFactory, InterviewerFactory
from question_bank.models import ReviewPolicy, Suggestion


class TestSuggestion(TestCase):
    def setUp(self):
        self.author, self.curator = InterviewerFactory(), CuratorFactory()
        self.first, self.second = (self.suggestion(by=by) for by in (self.author, InterviewerFactory()))

    def suggestion(self, **fields):
        return Suggestion.objects.create(**{"kind": "new", "text": "Ask about Vary.", "at": timezone.now()} | fields)

    def test_curators_see_all_and_others_their_own(self):
        self.assertEqual(list(Suggestion.objects.visible_to(self.curator)), [self.first, self.second])
        self.assertEqual(list(Suggestion.objects.visible_to(self.author)), [self.first])

    def test_answered_ones_are_not_open_and_have_a_time(self):
        Suggestion.objects.filter(pk=self.first.pk).update(state="accepted", answered_at=timezone.now())
        self.assertEqual(list(Suggestion.objects.open()), [self.second])
        with self.assertRaises(IntegrityError):
            self.suggestion(by=self.author, state="dismissed")


class TestReviewPolicy(TestCase):
    def test_second_person_is_needed_where_asked_for_and_there_is_one(self):
        CuratorFactory()
        self.assertFalse(ReviewPolicy.is_second_person_needed())
        ReviewPolicy.objects.create(needs_second_person=True)
        self.assertFalse(ReviewPolicy.is_second_person_needed())
        CuratorFactory()
        self.assertTrue(ReviewPolicy.is_second_person_needed())
