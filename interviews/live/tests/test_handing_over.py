"""Who asks next, and who leads."""

import datetime as dt
import json
import threading
import uuid

from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import HiringManagerFactory
from interviews import access
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory, ShadowFactory
from interviews.live import commands, dispatch
from interviews.live.page import live_page
from interviews.models import Event, Interview, Panelist
from interviews.refusals import NotAllowed
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
        return access.asks_next(interview, Panelist.objects.filter(interview=interview))

    def assert_refused(self, response, status, words):
        self.assertEqual(response.status_code, status)
        self.assertIn(words, response.json()["error"])


class TakeLeadTests(HandingOverCase):
    def plan(self, **delta):
        start = timezone.now() + dt.timedelta(**delta)
        Interview.objects.update(status="scheduled", started_at=None, scheduled_for=start)

    def test_from_the_planned_time_on_an_interviewer_leads_a_call_whose_lead_is_missing(self):
        self.plan(minutes=-1)
        response = sender(self.jo).send("take_lead")
        self.assertEqual(response.json()["result"]["panel"][str(self.jo.pk)]["part"], "lead")
        self.assertEqual(Event.objects.get().kind, "panel")
        self.assertEqual(sender(self.jo).send("start").status_code, 200)
        self.assert_refused(sender(self.lead).send("end"), 403, "Only the lead")

    def test_not_before_and_no_shadow_nor_after_the_end(self):
        self.plan(minutes=1)
        self.assert_refused(sender(self.jo).send("take_lead"), 409, "from the planned time on")
        self.plan(minutes=-1)
        self.assert_refused(sender(self.sam).send("take_lead"), 403, "Only interviewers")
        Interview.objects.update(status="ended", started_at=timezone.now(), ended_at=timezone.now())
        self.assert_refused(sender(self.jo).send("take_lead"), 409, "has ended")

    def test_page_names_the_hiring_manager_and_how_to_reach_them(self):
        self.plan(minutes=-1)
        hana = HiringManagerFactory(name="Hana Berg")
        self.interview.opening.managers.add(hana)
        self.client.force_login(self.jo.user)
        for address in (reverse("live", args=[self.interview.pk]), self.interview.get_absolute_url()):
            self.assertContains(self.client.get(address), f'Hana Berg, <a href="mailto:{hana.email}">')


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
        self.assert_refused(sender(self.sam).send("turn", value=self.jo.pk), 403, "Shadows can’t")
        self.assert_refused(sender(self.lead).send("turn", value=self.sam.pk), 422, "Shadows can’t")

    def test_goes_to_nobody_who_is_not_on_this_panel(self):
        elsewhere = PanelistFactory()
        for value in (elsewhere.pk, 10**25, -1, "x", None, True, [], {"a": 1}):
            with self.subTest(value=value):
                self.assert_refused(sender(self.lead).send("turn", value=value), 404, "isn’t on the panel")

    def test_goes_to_nobody_whose_account_is_off(self):
        self.jo.user.is_active = False
        self.jo.user.save()
        for kind in ("turn", "lead"):
            self.assert_refused(sender(self.lead).send(kind, value=self.jo.pk), 404, "isn’t on the panel")

    def test_over_is_over(self):
        sender(self.lead).send("end")
        self.assert_refused(sender(self.lead).send("turn", value=self.jo.pk), 409, "has ended")


class LeadTests(HandingOverCase):
    def test_lead_goes_over_with_the_word_and_there_is_one_at_any_time(self):
        response = sender(self.lead).send("lead", value=self.jo.pk)
        self.assertEqual(response.status_code, 200)
        parts = {seat.pk: seat.part for seat in Panelist.objects.filter(interview=self.interview)}
        self.assertEqual(parts, {self.lead.pk: "interviewer", self.jo.pk: "lead", self.sam.pk: "shadow"})
        self.assertEqual(self.turn(), self.jo.pk)

    def test_who_gave_it_away_may_no_longer_end_the_call(self):
        sender(self.lead).send("lead", value=self.jo.pk)
        self.assert_refused(sender(self.lead).send("end"), 403, "Only the lead")
        self.assertEqual(sender(self.jo).send("end").status_code, 200)

    def test_event_says_the_panel_as_a_fresh_page_does(self):
        sender(self.lead).send("lead", value=self.jo.pk)
        interview, panelist = access.with_panelist(self.sam.user, self.interview.pk)
        page = live_page(interview=interview, panelist=panelist, now=timezone.now())
        told = Event.objects.get(kind="panel").payload
        self.assertEqual(told["panel"], page.state["panel"])
        self.assertEqual(told["turn"], page.state["turn"])

    def test_only_the_lead_gives_it_and_no_shadow_gets_it(self):
        self.assert_refused(sender(self.jo).send("lead", value=self.jo.pk), 403, "Only the lead")
        self.assert_refused(sender(self.lead).send("lead", value=self.sam.pk), 422, "Shadows can’t")


class AtOnceTests(TransactionTestCase):
    """Handing over takes rows of others. Whoever ticks meanwhile waits a moment, and nobody waits for ever."""

    def test_all_is_taken_whoever_leads_by_then(self):
        interview = InterviewFactory(live=True)
        lead, jo, luc = (make(interview=interview) for make in (LeadFactory, PanelistFactory, PanelistFactory))
        question = interview.questions.order_by("position").first()
        point = question.points.first()
        hand_over = [("lead", None, jo.pk), ("lead", None, lead.pk), ("turn", None, luc.pk)]
        evidence = [("tick", point.pk, True), ("tick", point.pk, False), ("rate", question.pk, 3)]
        wrong = []

        def work(panelist, tab, wanted):
            for n in range(30):
                kind, target, value = wanted[n % len(wanted)]
                body = {"id": str(uuid.uuid4()), "client": tab, "n": n + 1}
                body |= {"kind": kind, "target": target, "value": value, "age": 0}
                command = commands.read(json.dumps(body).encode())
                try:
                    dispatch.apply_command(
                        user=panelist.user, interview_id=interview.pk, command=command, now=timezone.now()
                    )
                except NotAllowed:
                    pass  # the other one leads now
                except Exception as error:  # noqa: BLE001  any would be wrong
                    wrong.append(error)
            connection.close()

        people = [(lead, hand_over + evidence), (jo, evidence + hand_over), (jo, evidence), (luc, evidence)]
        threads = [
            threading.Thread(target=work, args=(panelist, f"tab-{number}", wanted))
            for number, (panelist, wanted) in enumerate(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])
        self.assertEqual(Panelist.objects.filter(interview=interview, part="lead").count(), 1)
