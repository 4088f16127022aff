"""Debriefs and decisions on My day: what waits to be decided, and nothing of it for who may not read it."""

import datetime as dt
import re
import uuid

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from interviews.models import Decision, Panelist
from interviews.pages.my_day import my_day
from interviews.tests.debriefing import body, managed_interview, opened_early, three_seats
from interviews.tests.submitting import submit


class MyDayDebriefCase(TestCase):
    def setUp(self):
        self.now = timezone.now()
        self.hana, self.interview = managed_interview()
        self.interview.ended_at = self.now - dt.timedelta(hours=30)
        self.interview.started_at = self.interview.ended_at - dt.timedelta(hours=1)
        self.interview.save()
        self.mira, self.jo, self.luc = three_seats(self.interview)
        self.debrief_url = reverse("debrief", args=[self.interview.pk])

    def submit_all(self):
        for panelist in (self.mira, self.jo, self.luc):
            submit(panelist)

    def decide(self, choice="offer"):
        Decision.objects.create(
            interview=self.interview, number=1, choice=choice, reason="canary", decided_by=self.hana,
            decided_at=self.now, token=uuid.uuid4(),
        )  # fmt: skip

    def day(self, who):
        user = getattr(who, "user", who)
        return my_day(user=User.objects.get(pk=user.pk), now=self.now)

    def see(self, who):
        self.client.force_login(getattr(who, "user", who))
        return self.client.get(reverse("my-day"))

    def found(self, rows):
        return [row.interview for row in rows]


class ManagerTests(MyDayDebriefCase):
    def test_it_waits_for_scorecards_and_says_whose_and_that_they_are_overdue(self):
        submit(self.mira)
        response = self.see(self.hana)
        self.assertContains(response, "Waiting for Jo and Luc")
        self.assertContains(response, "overdue since")
        self.assertNotContains(response, self.debrief_url)

    def test_all_in_it_is_ready_until_it_is_decided(self):
        self.submit_all()
        self.assertContains(self.see(self.hana), self.debrief_url)
        day = self.day(self.hana)
        self.assertEqual((self.found(day.to_read), day.decided), ([self.interview], []))
        self.decide("go_on")
        day = self.day(self.hana)
        self.assertEqual((day.to_read, self.found(day.decided)), ([], [self.interview]))
        self.assertContains(self.see(self.hana), "<b>Advance</b>, by Hana Berg")

    def test_opened_early_it_is_ready_and_says_who_is_awaited(self):
        submit(self.mira)
        opened_early(self.interview, self.hana)
        self.assertContains(self.see(self.hana), "Opened early, waiting for Jo and Luc")

    def test_undecided_ones_stay_for_two_months_and_decided_ones_for_two_weeks(self):
        self.submit_all()
        self.interview.ended_at = self.now - dt.timedelta(days=59)
        self.interview.started_at = self.interview.ended_at - dt.timedelta(hours=1)
        self.interview.save()
        self.assertEqual(self.found(self.day(self.hana).to_read), [self.interview])
        self.decide()
        day = self.day(self.hana)
        self.assertEqual((day.to_read, day.decided), ([], []))

    def test_whom_the_debrief_is_closed_to_does_not_learn_that_it_was_decided(self):
        self.interview.ended_at = self.now - dt.timedelta(days=20)
        self.interview.started_at = self.interview.ended_at - dt.timedelta(hours=1)
        self.interview.save()
        Panelist.objects.create(interview=self.interview, user=self.hana, left_at=self.now)
        self.submit_all()
        before = self.see(self.hana).content
        self.assertIn(self.interview.get_absolute_url().encode(), before)
        self.decide()
        # The page's token is another each time.
        pages = (before, self.see(self.hana).content)
        self.assertEqual(*(re.sub(rb"\b[A-Za-z0-9]{64}\b", b"", page) for page in pages))

    def test_a_manager_on_the_panel_is_told_nothing_before_submitting(self):
        mine = Panelist.objects.create(interview=self.interview, user=self.hana)
        self.submit_all()
        self.decide()
        response = self.see(self.hana)
        for words in ("canary", "Offer", self.debrief_url):
            self.assertNotContains(response, words)
        submit(mine)
        self.assertContains(self.see(self.hana), "Offer")

    def test_who_left_the_panel_is_led_to_the_interview_only(self):
        Panelist.objects.create(interview=self.interview, user=self.hana, left_at=self.now)
        self.submit_all()
        self.decide()
        response = self.see(self.hana)
        self.assertNotContains(response, self.debrief_url)
        self.assertNotContains(response, "Offer")
        self.assertContains(response, self.interview.get_absolute_url())


class PanelistTests(MyDayDebriefCase):
    def test_who_has_submitted_finds_the_debrief_and_then_what_was_decided(self):
        self.submit_all()
        self.assertContains(self.see(self.jo), self.debrief_url)
        self.assertNotContains(self.see(self.jo), "decided:")
        self.decide()
        self.assertContains(self.see(self.jo), "decided: <b>Offer</b>")

    def test_waiting_for_others_the_debrief_is_not_open_yet(self):
        submit(self.jo)
        response = self.see(self.jo)
        self.assertContains(response, "Mira and Luc haven’t submitted · the debrief opens once everyone has")
        self.assertNotContains(response, self.debrief_url)

    def test_who_has_not_submitted_finds_not_a_byte_of_it(self):
        before = body(self.see(self.luc))
        submit(self.mira, recommendation=1, because="canary")
        submit(self.jo, recommendation=1, because="canary")
        opened_early(self.interview, self.hana, reason="canary")
        self.decide()
        self.assertEqual(body(self.see(self.luc)), before)

    def test_the_blind_policy_is_kept(self):
        self.interview.blind_policy = "never"
        self.interview.save()
        self.submit_all()
        self.decide()
        response = self.see(self.jo)
        self.assertNotContains(response, "Offer")
        self.assertNotContains(response, self.debrief_url)

    def test_the_list_and_the_debrief_agree_who_may_read(self):
        mine = Panelist.objects.create(interview=self.interview, user=self.hana)
        seen = set()
        for panelist in (None, self.mira, self.jo, self.luc, mine):
            if panelist:
                submit(panelist)
            for policy in ("after_own", "after_all", "never"):
                self.interview.blind_policy = policy
                self.interview.save()
                for seat in (self.mira, self.jo, self.luc, mine):
                    leads = self.debrief_url in self.see(seat).content.decode()
                    page = self.client.get(self.debrief_url)
                    self.assertEqual(leads, "Recommendations" in page.content.decode())
                    seen.add((policy, leads))
        self.assertEqual(len(seen), 5)  # never is never
