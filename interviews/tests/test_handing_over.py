"""Who asks next, and who leads."""

from django.test import TestCase
from django.utils import timezone

from interviews import live_state, policies
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory, ShadowFactory
from interviews.models import Event, Interview, Panelist
from interviews.tests.commanding import sender


class HandingOverCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.interview = InterviewFactory(live=True)
        cls.lead = LeadFactory(interview=cls.interview)
        cls.jo = PanelistFactory(interview=cls.interview)
        cls.sam = ShadowFactory(interview=cls.interview)

    def turn(self):
        interview = Interview.objects.get(pk=self.interview.pk)
        return policies.asks_next(interview, Panelist.objects.filter(interview=interview))

    def refused(self, response, status, words):
        self.assertEqual(response.status_code, status)
        self.assertIn(words, response.json()["error"])


class TurnTests(HandingOverCase):
    def test_lead_has_the_word_until_somebody_is_named(self):
        self.assertEqual(self.turn(), self.lead.pk)
        response = sender(self.lead).send("turn", value=self.jo.pk)
        self.assertEqual(response.json()["result"], {"panelist": self.jo.pk})
        self.assertEqual(self.turn(), self.jo.pk)

    def test_whoever_asks_may_take_the_word(self):
        sender(self.jo).send("turn", value=self.jo.pk)
        self.assertEqual(self.turn(), self.jo.pk)
        self.assertEqual(Event.objects.get(kind="turn").stream, Event.SHARED)

    def test_word_is_the_lead_s_again_once_its_holder_has_left(self):
        sender(self.lead).send("turn", value=self.jo.pk)
        self.jo.left_at = timezone.now()
        self.jo.save()
        self.assertEqual(self.turn(), self.lead.pk)

    def test_shadow_neither_gives_nor_gets_it(self):
        self.refused(sender(self.sam).send("turn", value=self.jo.pk), 403, "shadow watches")
        self.refused(sender(self.lead).send("turn", value=self.sam.pk), 422, "shadow watches")

    def test_goes_to_nobody_who_is_not_on_this_panel(self):
        elsewhere = PanelistFactory()
        for value in (elsewhere.pk, 10**25, -1, "x", None, True, [], {"a": 1}):
            with self.subTest(value=value):
                self.refused(sender(self.lead).send("turn", value=value), 404, "no such person")

    def test_over_is_over(self):
        sender(self.lead).send("end")
        self.refused(sender(self.lead).send("turn", value=self.jo.pk), 409, "is over")


class LeadTests(HandingOverCase):
    def test_lead_goes_over_with_the_word_and_there_is_one_at_any_time(self):
        response = sender(self.lead).send("lead", value=self.jo.pk)
        self.assertEqual(response.status_code, 200)
        parts = {seat.pk: seat.part for seat in Panelist.objects.filter(interview=self.interview)}
        self.assertEqual(parts, {self.lead.pk: "interviewer", self.jo.pk: "lead", self.sam.pk: "shadow"})
        self.assertEqual(self.turn(), self.jo.pk)

    def test_who_gave_it_away_may_no_longer_end_the_call(self):
        sender(self.lead).send("lead", value=self.jo.pk)
        self.refused(sender(self.lead).send("end"), 403, "Only the lead")
        self.assertEqual(sender(self.jo).send("end").status_code, 200)

    def test_event_says_the_panel_as_a_fresh_page_does(self):
        sender(self.lead).send("lead", value=self.jo.pk)
        interview, panelist = live_state.with_panelist(self.sam.user, self.interview.pk)
        page = live_state.live_page(interview=interview, panelist=panelist, now=timezone.now())
        told = Event.objects.get(kind="panel").payload
        self.assertEqual(told["panel"], page.state["panel"])
        self.assertEqual(told["turn"], page.state["turn"])

    def test_only_the_lead_gives_it_and_no_shadow_gets_it(self):
        self.refused(sender(self.jo).send("lead", value=self.jo.pk), 403, "Only the lead")
        self.refused(sender(self.lead).send("lead", value=self.sam.pk), 422, "shadow watches")
