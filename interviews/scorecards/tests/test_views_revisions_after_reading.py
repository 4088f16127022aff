"""Revising after the debrief opened: the original stands beside it and stays in the score."""

from django.urls import reverse

from interviews.models import ScorecardVersion
from interviews.scorecards.tests.test_views_revisions import RevisionCase
from interviews.tests.submitting import seat, submit


class RevisionTests(RevisionCase):
    def setUp(self):
        super().setUp()
        self.debrief_url = reverse("debrief", args=[self.interview.pk])

    def all_in(self):
        submit(seat(self.interview, "Jo Tanaka"), recommendation=4)

    def revise(self, **fields):
        return self.client.post(f"{self.url}?to=debrief", self.fields(**fields))

    def test_who_has_read_nobody_else_revises_and_goes_on_counting(self):
        self.assertContains(self.client.get(self.url), "Revise your scorecard")
        self.assertNotContains(self.client.get(self.url), "the score keeps your earlier ratings")
        self.post(because="Looked again.")
        self.assertTrue(ScorecardVersion.objects.get(number=2).is_blind)

    def test_who_can_read_the_others_revises_and_is_told_what_that_means(self):
        self.all_in()
        self.assertContains(self.client.get(self.debrief_url), f"{self.url}?to=debrief")
        page = self.client.get(f"{self.url}?to=debrief")
        for words in ("Revise your scorecard", "the score keeps your earlier ratings", "Submit revision"):
            self.assertContains(page, words)

    def test_the_original_stays_in_the_score_and_stands_beside_the_revision(self):
        self.all_in()
        changed = {f"rating-{self.question.pk}": "4", "recommendation": "4", "reason": "Jo asked better."}
        self.assertRedirects(self.revise(**changed), self.debrief_url)
        version = ScorecardVersion.objects.get(number=2)
        self.assertEqual((version.is_blind, version.reason), (False, "Jo asked better."))
        page = self.client.get(self.debrief_url)
        self.assertContains(page, "Jo asked better.")
        self.assertContains(page, "revised to Excellent")
        self.assertEqual(page.context["debrief"].score.text, "2.00 + 0.00")
        self.assertEqual(page.context["debrief"].topics[0].cells[0].word, "Mixed")

    def test_without_a_reason_nothing_is_kept(self):
        self.all_in()
        response = self.revise(because="Changed.", reason=" ")
        self.assertContains(response, "Enter a reason for the revision.", status_code=422)
        self.assertEqual(ScorecardVersion.objects.filter(scorecard__panelist=self.lead).count(), 1)

    def test_another_way_back_than_the_debrief_is_not_taken(self):
        response = self.client.post(f"{self.url}?to=https://example.com", self.fields(because="Looked again."))
        self.assertRedirects(response, self.read_url)
