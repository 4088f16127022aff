"""B-5: who loses the role, the place or the account in mid-call loses the interview, everywhere and at once."""

import datetime as dt

from django.contrib.auth.models import Group
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import InterviewerFactory
from accounts.models import User
from accounts.roles import Role
from interviews.access import Barred, debrief_access
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory
from interviews.models import Interview, LateCommand, Panelist, Receipt, Tick
from interviews.planning import reminders
from interviews.streams import subscriptions
from interviews.tests.commanding import sender
from interviews.tests.debriefing import managed_interview, three_seats
from interviews.tests.submitting import submit


def lose_role(seat):
    seat.user.groups.clear()


def lose_account(seat):
    User.objects.filter(pk=seat.user_id).update(is_active=False)


def lose_place(seat):
    Panelist.objects.filter(pk=seat.pk).update(left_at=timezone.now())


LOSSES = {"role": (lose_role, 404), "place": (lose_place, 404), "account": (lose_account, 302)}


class AccessEndsTests(TestCase):
    def setUp(self):
        self.hana, self.ended = managed_interview()
        self.mira, self.jo, self.luc = three_seats(self.ended)
        self.ended.candidate.name = "Planted Candidate"
        self.ended.candidate.save()
        for seat in (self.mira, self.jo, self.luc):
            submit(seat)
        self.live = InterviewFactory(candidate=self.ended.candidate, live=True)
        LeadFactory(interview=self.live, user=self.mira.user)
        self.seat = PanelistFactory(interview=self.live, user=self.jo.user)
        self.browser = sender(self.seat)

    def addresses(self):
        live, ended, candidate = self.live.pk, self.ended.pk, self.ended.candidate_id
        return [
            reverse("live-events", args=[live]) + "?since=0.0",
            reverse("interview-detail", args=[live]),
            reverse("interview-calendar", args=[live]),
            reverse("interview-detail", args=[ended]),
            reverse("scorecard-read", args=[ended, self.jo.pk]),
            reverse("scorecard-read", args=[ended, self.mira.pk]),
            reverse("scorecard-revise", args=[ended]),
            reverse("debrief", args=[ended]),
            reverse("export-pdf", args=[ended]),
            reverse("export-verify", args=[ended]),
            reverse("candidate-detail", args=[candidate]),
            reverse("candidate-packet", args=[candidate]),
            reverse("candidate-packet-verify", args=[candidate]),
        ]

    def statuses(self):
        return {address: self.browser.http.get(address).status_code for address in self.addresses()}

    def test_pages_files_and_past_records(self):
        self.assertEqual(set(self.statuses().values()), {200})
        for loss, (lose, status) in LOSSES.items():
            with self.subTest(loss):
                self.setUp()
                for seat in Panelist.objects.filter(user=self.jo.user):
                    lose(seat)
                self.assertEqual(self.statuses(), dict.fromkeys(self.addresses(), status))

    def test_lists_and_search_name_nothing_any_more(self):
        lists = [reverse("my-day"), reverse("interview-list") + "?show=ended", reverse("interview-list") + "?q=Planted"]
        for address in lists:
            self.assertContains(self.browser.http.get(address), "Planted Candidate")
        lose_role(self.seat)
        for address in lists:
            self.assertNotContains(self.browser.http.get(address), "Planted Candidate")

    def test_the_next_command_is_refused(self):
        for loss, (lose, status) in LOSSES.items():
            with self.subTest(loss):
                self.setUp()
                lose(self.seat)
                answer = self.browser.send("ask", self.live.questions.order_by("position")[0].pk, "now")
                self.assertEqual(answer.status_code, 401 if loss == "account" else status)
        self.setUp()
        lose_role(self.seat)
        point = self.live.questions.order_by("position")[0].points.all()[0]
        self.assertEqual(self.browser.send("note", None, "Mine.").status_code, 404)
        self.assertEqual(self.browser.send("tick", point.pk).status_code, 404)
        self.assertFalse(Receipt.objects.exists() or LateCommand.objects.exists() or Tick.objects.exists())

    def test_the_socket_may_listen_no_longer(self):
        key = self.browser.http.session.session_key
        for loss, (lose, _) in LOSSES.items():
            with self.subTest(loss):
                self.setUp()
                key = self.browser.http.session.session_key
                place, _ = subscriptions.subscribe(user=self.seat.user, interview_id=self.live.pk, session_key=key)
                self.assertIn(place, subscriptions.numbers_of([place]))
                lose(self.seat)
                # The socket monitor asks this every two seconds, and closes the socket.
                self.assertEqual(subscriptions.numbers_of([place]), {})
                user = User.objects.get(pk=self.seat.user_id)
                self.assertIsNone(subscriptions.subscribe(user=user, interview_id=self.live.pk, session_key=key))

    def test_another_role_does_not_replace_the_interviewers(self):
        self.seat.user.groups.set(Group.objects.exclude(name=Role.INTERVIEWER))
        self.assertEqual(set(self.statuses().values()), {404})

    def test_a_role_that_comes_back_brings_everything_back(self):
        groups = list(self.seat.user.groups.all())
        lose_role(self.seat)
        self.seat.user.groups.set(groups)
        self.assertEqual(set(self.statuses().values()), {200})

    def test_a_manager_whose_place_gives_no_access_stays_blind(self):
        mine = Panelist.objects.create(interview=self.ended, user=self.hana)
        self.hana.groups.remove(*self.hana.groups.filter(name=Role.INTERVIEWER))
        access = debrief_access(User.objects.get(pk=self.hana.pk), self.ended)
        self.assertEqual((access.me, access.barred), (mine, Barred.OWN_MISSING))


class NobodyWaitsTests(TestCase):
    """Whose access has ended is waited for by nobody, and everybody who waited is told."""

    def setUp(self):
        self.hana, self.interview = managed_interview()
        now = timezone.now()
        Interview.objects.filter(pk=self.interview.pk).update(
            started_at=now - dt.timedelta(hours=2), ended_at=now - dt.timedelta(hours=1)
        )
        self.interview.refresh_from_db()
        self.mira, self.jo, self.luc = three_seats(self.interview)
        for seat in (self.mira, self.jo):
            submit(seat)

    def page(self, person, name, *args):
        self.client.force_login(person)
        return self.client.get(reverse(name, args=args))

    def test_the_debrief_opens_without_them_and_says_so(self):
        closed = self.page(self.hana, "debrief", self.interview.pk)
        self.assertContains(closed, "Waiting for Luc")
        lose_account(self.luc)
        opened = self.page(self.hana, "debrief", self.interview.pk)
        self.assertContains(opened, "Luc no longer has access; not waiting.")
        self.assertNotContains(opened, "all scorecards in")
        self.assertContains(self.page(self.jo.user, "debrief", self.interview.pk), "Luc no longer has access")

    def test_the_other_pages_say_so_too(self):
        lose_role(self.luc)
        said = {
            ("interview-detail", self.interview.pk): "Luc no longer has access; not waiting for this scorecard.",
            ("my-day",): "Not waiting for Luc",
            ("opening-detail", self.interview.opening_id): "Not waiting for Luc",
        }
        for (name, *args), words in said.items():
            with self.subTest(name):
                page = self.page(self.hana, name, *args)
                self.assertContains(page, words)
                self.assertNotContains(page, "to come")
                self.assertNotContains(page, "Scorecards in<")
        self.assertContains(self.page(self.jo.user, "my-day"), "not waiting for Luc")

    def test_they_are_not_reminded(self):
        at = self.interview.ended_at + dt.timedelta(hours=25)
        lose_role(self.luc)
        self.assertEqual(reminders.remind(at=at), 0)

    def test_a_planned_interview_without_its_lead_needs_its_manager(self):
        coming = InterviewFactory(
            candidate=self.interview.candidate, scheduled_for=timezone.now() + dt.timedelta(days=1)
        )
        lead = LeadFactory(interview=coming, user=InterviewerFactory(name="Vera Lind"))
        PanelistFactory(interview=coming)
        lose_role(lead)
        self.assertContains(self.page(self.hana, "my-day"), "No lead: Vera no longer has access")
        detail = self.page(self.hana, "interview-detail", coming.pk)
        self.assertContains(detail, "Vera no longer has access. This interview has no lead.")
