"""Suggestions from the live page: for the curators, and in no record of the interview."""

import uuid

from django.urls import reverse
from django.utils import timezone

from accounts.factories import CuratorFactory
from interviews.factories import ShadowFactory
from interviews.live.tests.call_case import CallCase
from interviews.models import Event
from interviews.tests.commanding import sender
from question_bank.curation import suggestions
from question_bank.models import Suggestion


class TestSuggest(CallCase):
    def setUp(self):
        super().setUp()
        self.target = str(uuid.uuid4())

    def suggest(self, text="Ask how they measured it.", *, kind="change", question=None, browser=None):
        value = {"kind": kind, "question": question or self.first.pk, "text": text}
        return (browser or self.browser).send("suggest", self.target, value)

    def test_it_is_about_the_question_of_the_bank_and_the_panel_hears_nothing(self):
        shadow = ShadowFactory(interview=self.interview)
        self.suggest(kind="dated", browser=sender(shadow))
        self.suggest("Something else.", browser=sender(shadow))
        row = Suggestion.objects.get()
        self.assertEqual((row.kind, row.text), ("dated", "Ask how they measured it."))
        self.assertEqual((row.question, row.by), (self.first.source, shadow.user))
        self.assertFalse(Event.objects.filter(payload__icontains="measured").exists())

    def test_curators_see_nothing_of_the_interview(self):
        self.suggest()
        self.client.force_login(CuratorFactory())
        page = self.client.get(reverse("suggestion-list"))
        self.assertContains(page, "Ask how they measured it.")
        self.assertNotContains(page, self.interview.candidate.name)

    def test_for_a_question_that_is_not_in_the_bank_it_is_a_new_one(self):
        type(self.first).objects.filter(pk=self.first.pk).update(source=None)
        self.suggest()
        self.assertEqual((Suggestion.objects.get().kind, Suggestion.objects.get().question), ("new", None))

    def test_it_is_taken_back_until_a_curator_has_answered(self):
        receipt = self.suggest().json()["receipt"]
        self.browser.send("suggest", self.target, None, undoes=receipt)
        self.assertFalse(Suggestion.objects.exists())
        self.assert_refused(self.browser.send("suggest", self.target, None), 404, "was not sent")
        self.suggest()
        row = Suggestion.objects.get()
        suggestions.answer(suggestion=row, is_accepted=True, words="", by=CuratorFactory(), at=timezone.now())
        self.assert_refused(self.browser.send("suggest", self.target, None), 403, "already answered")

    def test_after_the_scorecard_too(self):
        self.browser.send("end")
        self.browser.send("submit")
        self.assertEqual(self.suggest().status_code, 200)
        self.assertTrue(Suggestion.objects.exists())

    def test_what_cannot_be_sent_is_refused_with_the_reason(self):
        for more, status, part in [
            ({"text": " "}, 422, "Enter a suggestion"),
            ({"text": "x" * 1_001}, 413, "1,001 characters"),
            ({"kind": "praise"}, 422, "A suggestion is"),
            ({"text": f"Ask {self.interview.candidate.name.split()[0].upper()} less"}, 422, "This names the candidate"),
            ({"question": "x"}, 422, "about a question"),
            ({"question": 987_654}, 404, "isn’t in the interview"),
        ]:
            with self.subTest(part):
                self.assert_refused(self.suggest(**more), status, part)
        self.assertFalse(Suggestion.objects.exists())
