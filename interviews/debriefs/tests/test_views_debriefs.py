import datetime as dt

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.factories import AdministratorFactory, CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.factories import (
    InterviewFactory,
    LooseEndFactory,
    NoteFactory,
    ScriptedPointFactory,
    UnlistedPointFactory,
)
from interviews.models import EarlyDebrief, Panelist, Tick
from interviews.tests.debriefing import body, large_panel, managed_interview, opened_early, three_seats
from interviews.tests.submitting import END, ended_interview, questions, rate, revise, seat, submit, tick

SCRIPT = '<script>alert("x")</script>'
CANARY = "canary"


class DebriefViewCase(TestCase):
    def setUp(self):
        self.hana, self.interview = managed_interview()
        self.mira, self.jo, self.luc = three_seats(self.interview)
        self.url = reverse("debrief", args=[self.interview.pk])
        self.open_url = reverse("debrief-open", args=[self.interview.pk])
        self.client.force_login(self.hana)

    def sign_in(self, who):
        self.client.force_login(getattr(who, "user", who))

    def policy(self, policy):
        self.interview.blind_policy = policy
        self.interview.save()

    def submit_all(self):
        for panelist in (self.mira, self.jo, self.luc):
            submit(panelist)


class DebriefTests(DebriefViewCase):
    def judge(self, panelist, question, mark=CANARY):
        """A judgement of every kind, each with the mark in it."""
        rate(panelist, question, 1, depth=True)
        NoteFactory(panelist=panelist, question=question, text=f"{mark} note")
        NoteFactory(panelist=panelist, question=None, text=f"{mark} on the whole")
        LooseEndFactory(panelist=panelist, text=f"{mark} end", question=question)
        noted = UnlistedPointFactory(question=question, author=panelist, text=f"{mark} unlisted")
        Tick.objects.create(panelist=panelist, unlisted_point=noted, at=END)
        submit(panelist, recommendation=1, because=f"{mark} because", stood_out=f"{mark} up", still_open=f"{mark} open")

    def test_it_reads_the_panel_together(self):
        [slow] = questions(self.interview, 1, topic="Response time", prompt="Why is it slow?")
        tick(self.mira, ScriptedPointFactory(question=slow, text="measures first"))
        for panelist, value in ((self.mira, 2), (self.jo, 4)):
            rate(panelist, slow, value)
            NoteFactory(panelist=panelist, question=slow, text=f"{panelist} wrote")
        submit(self.mira, recommendation=2, because="Not yet.")
        submit(self.jo, recommendation=4, because="Now.", still_open="On call?")
        submit(self.luc)
        response = self.client.get(self.url)
        for words in (
            "Ada Okafor", "Not yet.", "Strong yes", "two steps apart", "Mira rated Mixed, Jo Excellent",
            "Mira Rahman wrote", "Jo Tanaka wrote", "measures first", "Mira 15:00", "On call?", "3.00 + 0.04",
            "Provisional: only 1 question is rated (a follow-up counts with its question)", "1 good point<",
            "all scorecards in",
        ):  # fmt: skip
            self.assertContains(response, words)
        self.assertNotContains(response, "Opened early")

    def test_those_who_have_not_submitted_get_not_a_byte_of_the_others(self):
        [slow] = questions(self.interview, 1)
        self.judge(self.mira, slow)
        opened_early(self.interview, self.hana, reason=f"{CANARY} reason")
        sam = seat(self.interview, "Sam Keller", "shadow")
        manager = Panelist.objects.create(interview=self.interview, user=self.hana)
        for reader in (self.jo, self.luc, sam, manager):
            self.sign_in(reader)
            response = self.client.get(self.url)
            self.assertContains(response, "Submit your scorecard to open the debrief", status_code=409)
            for words in (CANARY, "Mira", "Poor", "Strong no", "depth", "1.00"):
                self.assertNotContains(response, words, status_code=409)

    def test_what_they_get_is_the_same_whatever_the_others_wrote(self):
        [slow] = questions(self.interview, 1)
        opened_early(self.interview, self.hana)
        self.sign_in(self.jo)
        before = body(self.client.get(self.url))
        self.judge(self.mira, slow)
        self.assertEqual(body(self.client.get(self.url)), before)

    def test_the_blind_policy_is_kept(self):
        submit(self.mira, because=CANARY)
        opened_early(self.interview, self.hana)
        self.sign_in(self.mira)
        for policy, status, words in (
            ("after_own", 200, "Opened early"),
            ("after_all", 409, "after everyone has submitted"),
            ("never", 403, "never see each other’s scorecards"),
        ):
            self.policy(policy)
            with self.subTest(policy):
                response = self.client.get(self.url)
                self.assertContains(response, words, status_code=status)
                self.assertEqual(CANARY in response.content.decode(), status == 200)

    def test_opened_early_says_by_whom_why_and_who_is_awaited(self):
        submit(self.mira)
        opened_early(self.interview, self.hana, reason="She has another offer.")
        response = self.client.get(self.url)
        self.assertContains(response, "Hana Berg")
        self.assertContains(response, "She has another offer.")
        self.assertContains(response, "Outstanding: Jo and Luc.")

    def test_too_early_and_cancelled_are_pages_in_words(self):
        for state, words in (
            ({"live": True}, "comes after the interview"),
            ({}, "comes after the interview"),
            ({"cancelled": True}, "was cancelled"),
        ):
            interview = InterviewFactory(candidate=self.interview.candidate, script=None, **state)
            response = self.client.get(reverse("debrief", args=[interview.pk]))
            self.assertContains(response, words, status_code=409)

    def test_others_find_nothing_and_writing_is_not_allowed(self):
        self.submit_all()
        for outsider in (HiringManagerFactory(), InterviewerFactory(), CuratorFactory(), AdministratorFactory()):
            self.sign_in(outsider)
            self.assertEqual(self.client.get(self.url).status_code, 404)
        self.sign_in(self.hana)
        self.assertEqual(self.client.post(self.url).status_code, 405)
        self.client.logout()
        self.assertRedirects(
            self.client.get(self.url), f"{reverse('sign-in')}?next={self.url}", fetch_redirect_response=False
        )

    def test_empty_scorecards_are_told_in_words(self):
        self.submit_all()
        response = self.client.get(self.url)
        for words in (
            "No questions are rated",
            "No ratings are two or more steps apart",
            "No points were ticked",
            "no rated questions",
        ):
            self.assertContains(response, words)

    def test_hostile_text_is_shown_as_text(self):
        [slow] = questions(self.interview, 1, prompt=SCRIPT, topic=SCRIPT)
        tick(self.mira, ScriptedPointFactory(question=slow, text=SCRIPT))
        self.judge(self.mira, slow, mark=SCRIPT)
        rate(self.jo, slow, 4)
        submit(self.jo)
        opened_early(self.interview, self.hana, reason=SCRIPT)
        revise(self.mira, reason=SCRIPT, at=END + dt.timedelta(days=1))
        self.assertNotContains(self.client.get(self.url), "<script>alert")

    def test_more_than_five_disagreements_are_a_click_away(self):
        for question in questions(self.interview, 7):
            rate(self.mira, question, 1)
            rate(self.jo, question, 4)
        self.submit_all()
        self.assertContains(self.client.get(self.url), "2 more questions with ratings two steps apart")

    def test_long_notes_are_cut_with_all_of_it_a_click_away(self):
        [slow] = questions(self.interview, 1)
        for panelist, value in ((self.mira, 1), (self.jo, 4)):
            rate(panelist, slow, value)
        NoteFactory(panelist=self.mira, question=slow, text="word " * 2_000 + "the end")
        self.submit_all()
        self.assertContains(self.client.get(self.url), "Read all of it")
        self.assertContains(self.client.get(self.url), "the end", count=1)

    def test_a_panelist_finds_where_to_revise_and_a_manager_does_not(self):
        self.submit_all()
        self.assertNotContains(self.client.get(self.url), "Revise my scorecard")
        self.sign_in(self.mira)
        self.assertContains(self.client.get(self.url), "Revise my scorecard")

    def test_queries_do_not_grow(self):
        self.submit_all()
        hana, larger = managed_interview()
        large_panel(larger)
        few = self.queries(self.url)
        self.sign_in(hana)
        self.assertEqual(self.queries(reverse("debrief", args=[larger.pk])), few)
        self.assertLessEqual(few, 12)

    def queries(self, url):
        self.client.get(url)
        with CaptureQueriesContext(connection) as queries:
            self.assertEqual(self.client.get(url).status_code, 200)
        return len(queries)


class OpenEarlyTests(DebriefViewCase):
    def open(self, reason="She has another offer."):
        return self.client.post(self.open_url, {"reason": reason})

    def test_a_manager_opens_it_with_a_reason_that_is_kept(self):
        submit(self.mira)
        response = self.client.get(self.url)
        self.assertContains(response, "Waiting for Jo and Luc")
        self.assertContains(response, "Why can’t it wait?")
        self.assertRedirects(self.open(), self.url)
        opened = EarlyDebrief.objects.get()
        self.assertEqual((opened.opened_by, opened.reason), (self.hana, "She has another offer."))

    def test_the_lead_opens_it_after_submitting(self):
        submit(self.jo)
        self.sign_in(self.mira)
        self.assertEqual(self.open().status_code, 409)
        submit(self.mira)
        self.assertRedirects(self.open(), self.url)

    def test_an_interviewer_may_not(self):
        submit(self.jo)
        self.sign_in(self.jo)
        self.assertNotContains(self.client.get(self.url), "Why can’t it wait?", status_code=409)
        self.assertEqual(self.open().status_code, 403)
        self.assertFalse(EarlyDebrief.objects.exists())

    def test_without_a_reason_it_stays_closed_and_what_was_typed_stays(self):
        submit(self.mira)
        response = self.open("  \r\n ")
        self.assertContains(response, "Enter why it can’t wait.", status_code=422)
        response = self.open("long " * 300)
        self.assertContains(response, "At most 1,000 characters.", status_code=422)
        self.assertContains(response, "long long", status_code=422)
        self.assertContains(self.open("a\x00b"), "can’t be saved", status_code=422)
        self.assertFalse(EarlyDebrief.objects.exists())

    def test_whoever_comes_second_gets_their_reason_back(self):
        submit(self.mira)
        self.open()
        self.interview.opening.managers.add(other := HiringManagerFactory())
        self.sign_in(other)
        response = self.client.post(self.open_url, {"reason": "My own reason."}, follow=True)
        self.assertContains(response, "so your reason wasn’t recorded: My own reason.")
        self.assertEqual(EarlyDebrief.objects.count(), 1)

    def test_sent_twice_it_is_opened_once(self):
        submit(self.mira)
        self.open("first")
        self.assertRedirects(self.open("second"), self.url)
        self.assertEqual(EarlyDebrief.objects.get().reason, "first")

    def test_with_nothing_to_read_or_before_the_end_it_is_too_early(self):
        self.assertEqual(self.open().status_code, 409)
        live = InterviewFactory(candidate=self.interview.candidate, script=None, live=True)
        response = self.client.post(reverse("debrief-open", args=[live.pk]), {"reason": "x"})
        self.assertEqual(response.status_code, 409)
        self.assertFalse(EarlyDebrief.objects.exists())

    def test_others_find_nothing_and_reading_is_not_allowed(self):
        submit(self.mira)
        self.assertEqual(self.client.get(self.open_url).status_code, 405)
        other = ended_interview()
        submit(seat(other, "Mira Rahman", "lead"))
        self.assertEqual(self.client.post(reverse("debrief-open", args=[other.pk]), {"reason": "x"}).status_code, 404)
        self.sign_in(HiringManagerFactory())
        self.assertEqual(self.open().status_code, 404)
        self.client.logout()
        self.assertEqual(self.open().status_code, 302)
        self.assertFalse(EarlyDebrief.objects.exists())


class LinkTests(DebriefViewCase):
    def test_interview_and_opening_lead_to_it_once_it_is_open(self):
        page, opening = self.interview.get_absolute_url(), self.interview.opening.get_absolute_url()
        submit(self.mira)
        self.assertContains(self.client.get(page), "Open the debrief early")
        self.assertNotContains(self.client.get(opening), self.url)
        submit(self.jo)
        submit(self.luc)
        self.assertContains(self.client.get(page), f'<a class="btn btn-primary" href="{self.url}">Debrief</a>')
        self.assertContains(self.client.get(opening), self.url)

    def test_no_link_for_those_to_whom_it_is_closed(self):
        submit(self.mira)
        opened_early(self.interview, self.hana)
        self.sign_in(self.jo)
        self.assertNotContains(self.client.get(self.interview.get_absolute_url()), self.url)
