"""Submitting from the page that works without JavaScript."""

from django.db import IntegrityError, transaction
from django.urls import reverse

from interviews.factories import ScorecardFactory
from interviews.models import Event, Scorecard, ScorecardVersion
from interviews.scorecards.tests.test_views_scorecards import ScorecardViewCase
from interviews.tests.submitting import END, questions, rate

BOTH = "Thinks aloud.\n\n— also written, on another page —\nMeasures."


class TestSubmitPage(ScorecardViewCase):
    def setUp(self):
        super().setUp()
        self.url = reverse("scorecard-submit", args=[self.interview.pk])

    def post(self, recommendation="", because="", *, opened=("", "")):
        opened = dict(zip(("opened-recommendation", "opened-because"), opened, strict=True))
        return self.client.post(self.url, {"recommendation": recommendation, "because": because} | opened)

    def test_lists_what_is_missing(self):
        first, _ = questions(self.interview, 2, prompt="How would you speed it up?")
        self.assertContains(self.client.get(self.url), "2 answers have no rating:")
        rate(self.mira, first, 3)
        response = self.client.get(self.url)
        for words in (
            "1 answer has no rating:",
            "How would you speed it up?",
            "You haven’t chosen a recommendation.",
            "You gave no reason for your recommendation.",
        ):
            self.assertContains(response, words)

    def test_scorecard_links_to_it(self):
        page = self.client.get(reverse("scorecard", args=[self.interview.pk]))
        self.assertContains(page, f'href="{self.url}"')

    def test_nothing_is_missing(self):
        Scorecard.objects.create(panelist=self.mira, recommendation=3, because="Thinks aloud.")
        response = self.client.get(self.url)
        self.assertContains(response, "Nothing is missing.")
        self.assertContains(response, "Thinks aloud.")
        self.assertFalse(ScorecardVersion.objects.exists())

    def test_without_a_recommendation_says_so_and_shows_what_was_typed(self):
        response = self.post(because="Thinks aloud.")
        self.assertContains(response, "Choose a recommendation first.", status_code=422)
        self.assertContains(response, "Thinks aloud.", status_code=422)
        # Nothing was changed, the reason included.
        self.assertFalse(Scorecard.objects.exclude(because="").exists())

    def test_what_is_no_recommendation_is_refused(self):
        for value in ("5", "0", "x", "-1", "2.5"):
            with self.subTest(value):
                self.assertEqual(self.post(value).status_code, 422)
        self.assertFalse(ScorecardVersion.objects.exists())

    def test_submits_with_its_recommendation_and_reason(self):
        response = self.post("4", "Thinks\r\naloud.")
        self.assertRedirects(response, self.read_url(self.mira))
        card = Scorecard.objects.get()
        self.assertEqual((card.recommendation, card.because), (4, "Thinks\naloud."))
        self.assertEqual(ScorecardVersion.objects.get().number, 1)
        kinds = Event.objects.filter(stream=self.mira.own_stream).values_list("kind", flat=True)
        self.assertEqual(list(kinds), ["scorecard", "scorecard", "submit"])
        self.assertRedirects(self.post("1"), self.read_url(self.mira))
        self.assertEqual(ScorecardVersion.objects.count(), 1)

    def test_no_decision_is_a_recommendation(self):
        self.post("none")
        card = Scorecard.objects.get()
        self.assertEqual((card.recommendation, card.is_undecided, card.is_submitted), (None, True, True))

    def test_a_draft_changed_on_another_page_is_not_overwritten(self):
        Scorecard.objects.create(panelist=self.mira, recommendation=2, because="Thinks aloud.")
        response = self.post("3", "Measures.")
        self.assertContains(response, "You changed this scorecard on another page", status_code=409)
        self.assertContains(response, BOTH, status_code=409)
        self.assertFalse(ScorecardVersion.objects.exists())
        self.post("3", BOTH, opened=("2", "Thinks aloud."))
        card = Scorecard.objects.get()
        self.assertEqual((card.recommendation, card.because, card.is_submitted), (3, BOTH, True))

    def test_a_cleared_reason_does_not_hide_the_other_pages(self):
        Scorecard.objects.create(panelist=self.mira, recommendation=2, because="Thinks aloud.")
        self.assertContains(self.post("3", "", opened=("2", "Old.")), "Thinks aloud.", status_code=409)


class TestConstraints(ScorecardViewCase):
    def test_no_submitted_scorecard_is_without_a_recommendation(self):
        for fields in ({"submitted_at": END, "is_undecided": False}, {"recommendation": 3, "is_undecided": True}):
            with self.subTest(fields), self.assertRaises(IntegrityError), transaction.atomic():
                ScorecardFactory(panelist=self.mira, **fields)
