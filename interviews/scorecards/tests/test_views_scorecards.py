import datetime as dt

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.factories import AdministratorFactory, CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.factories import (
    CandidateFactory,
    InterviewFactory,
    LooseEndFactory,
    NoteFactory,
    OpeningFactory,
    ScriptedPointFactory,
    UnlistedPointFactory,
)
from interviews.models import Panelist, Scorecard, ScorecardVersion, Tick
from interviews.tests.commanding import sender
from interviews.tests.submitting import END, ended_interview, questions, rate, revise, seat, submit, tick

SCRIPT = '<script>alert("x")</script>'


class ScorecardViewCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory()
        self.interview = ended_interview(
            candidate=CandidateFactory(opening=OpeningFactory(managers=[self.hana]), name="Ada Okafor")
        )
        self.mira = seat(self.interview, "Mira Rahman", "lead")
        self.jo = seat(self.interview, "Jo Tanaka")
        self.client.force_login(self.mira.user)
        self.url = reverse("scorecard", args=[self.interview.pk])

    def read_url(self, panelist, interview=None):
        return reverse("scorecard-read", args=[(interview or self.interview).pk, panelist.pk])

    def queries(self, url):
        """How many a page takes, with the session read already."""
        self.client.get(url)
        with CaptureQueriesContext(connection) as queries:
            self.client.get(url)
        return len(queries)

    def outsiders(self):
        return HiringManagerFactory(), InterviewerFactory(), CuratorFactory(), AdministratorFactory()


class ScorecardTests(ScorecardViewCase):
    def test_it_opens_with_what_was_recorded(self):
        [slow] = questions(self.interview, 1, prompt="How would you speed it up?")
        tick(self.mira, ScriptedPointFactory(question=slow, text="measures first"))
        noted = UnlistedPointFactory(question=slow, author=self.mira, text="a materialised view")
        Tick.objects.create(panelist=self.mira, unlisted_point=noted, at=END)
        NoteFactory(panelist=self.mira, question=slow, text="Log first.")
        rate(self.mira, slow, 3)
        LooseEndFactory(panelist=self.mira, text="Vary header")
        LooseEndFactory(panelist=self.mira, text="done already", is_done=True)
        Scorecard.objects.create(panelist=self.mira, recommendation=3, because="Thinks aloud.")
        response = self.client.get(self.url)
        for words in (
            "How would you speed it up?",
            "measures first",
            "a materialised view",
            "Log first.",
            "Vary header",
        ):
            self.assertContains(response, words)
        self.assertContains(response, "Thinks aloud.")
        self.assertNotContains(response, "done already")
        self.assertInHTML(
            '<input class="sr-only" type="radio" name="recommendation" value="3" autocomplete="off" checked>',
            response.content.decode(),
        )

    def test_the_score_is_nowhere_in_sight(self):
        for question in questions(self.interview, 4):
            rate(self.mira, question, 3)
        response = self.client.get(self.url)
        self.assertNotContains(response, "3.00")
        self.assertContains(response, "The score is hidden on purpose")

    def test_others_evidence_is_not_on_it(self):
        [slow] = questions(self.interview, 1)
        tick(self.jo, ScriptedPointFactory(question=slow, text="canary point"))
        NoteFactory(panelist=self.jo, question=slow, text="canary note")
        LooseEndFactory(panelist=self.jo, text="canary end")
        rate(self.jo, slow, 4)
        submit(self.jo, because="canary because")
        self.assertNotContains(self.client.get(self.url), "canary")

    def test_answers_come_first_and_the_others_behind_a_click(self):
        questions(self.interview, 2)
        questions(self.interview, 3, asked=False)
        self.assertContains(self.client.get(self.url), "Show the other 3 questions")
        form = self.client.get(self.url).context["form"]
        self.assertEqual((len(form.first), len(form.others)), (2, 3))

    def test_a_note_tick_rating_or_flag_brings_an_unasked_question_to_the_front(self):
        noted, ticked, rated, flagged, _, unrated = questions(self.interview, 6, asked=False)
        NoteFactory(panelist=self.mira, question=noted)
        tick(self.mira, ScriptedPointFactory(question=ticked))
        rate(self.mira, rated, 2)
        rate(self.mira, flagged, None, depth=True)
        rate(self.mira, unrated, None)
        form = self.client.get(self.url).context["form"]
        self.assertEqual([answer.question for answer in form.first], [noted, ticked, rated, flagged])

    def test_unrated_answers_are_counted_in_words(self):
        question, *_ = questions(self.interview, 2)
        questions(self.interview, 1, kind="conversation")
        questions(self.interview, 1, asked=False)
        self.assertContains(self.client.get(self.url), "2 answers have no rating.")
        rate(self.mira, question, 3)
        self.assertContains(self.client.get(self.url), "1 answer has no rating.")

    def test_what_submitting_opens_follows_the_blind_policy(self):
        for policy, words in (
            ("after_own", "You can then read"),
            ("after_all", "once all are in"),
            ("never", "You won’t see the others’"),
        ):
            self.interview.blind_policy = policy
            self.interview.save()
            with self.subTest(policy):
                self.assertContains(self.client.get(self.url), words)

    def test_a_shadows_stays_their_own(self):
        sam = seat(self.interview, "Sam Keller", "shadow")
        self.client.force_login(sam.user)
        self.assertContains(self.client.get(self.url), "You shadowed, so it stays private and isn’t counted.")

    def test_hostile_text_is_shown_as_text(self):
        [slow] = questions(self.interview, 1, prompt=SCRIPT)
        tick(self.mira, ScriptedPointFactory(question=slow, text=SCRIPT))
        NoteFactory(panelist=self.mira, question=slow, text=f"\n</textarea>{SCRIPT}")
        LooseEndFactory(panelist=self.mira, text=SCRIPT)
        Scorecard.objects.create(panelist=self.mira, because=SCRIPT, stood_out=SCRIPT, still_open=SCRIPT)
        response = self.client.get(self.url)
        self.assertNotContains(response, "<script>alert")
        self.assertContains(response, "\n\n&lt;/textarea&gt;&lt;script&gt;alert")

    def test_before_the_end_it_is_too_early(self):
        for state in ({"live": True}, {}):
            interview = InterviewFactory(candidate=self.interview.candidate, script=None, **state)
            mine = Panelist.objects.create(interview=interview, user=self.mira.user)
            response = self.client.get(reverse("scorecard", args=[mine.interview_id]))
            self.assertContains(response, "The recommendation comes last.", status_code=409)
        self.assertFalse(Scorecard.objects.exists())

    def test_a_cancelled_interview_has_none(self):
        interview = InterviewFactory(candidate=self.interview.candidate, script=None, cancelled=True)
        Panelist.objects.create(interview=interview, user=self.mira.user)
        response = self.client.get(reverse("scorecard", args=[interview.pk]))
        self.assertContains(response, "There is no scorecard", status_code=409)

    def test_submitted_it_leads_to_the_page_that_reads(self):
        submit(self.mira)
        self.assertRedirects(self.client.get(self.url), self.read_url(self.mira))

    def test_submitting_twice_is_refused_in_words_and_the_first_stands(self):
        browser = sender(self.mira)
        first = browser.send("submit")
        self.assertEqual(first.json()["result"]["redirect"], self.read_url(self.mira))
        second = sender(self.mira, "tab-2").send("submit")
        self.assertEqual(second.status_code, 409)
        self.assertIn("submitted", second.json()["error"])
        self.assertEqual(ScorecardVersion.objects.count(), 1)

    def test_looking_creates_nothing(self):
        self.client.get(self.url)
        self.assertFalse(Scorecard.objects.exists())

    def test_the_manager_sees_the_interview_but_has_no_scorecard(self):
        self.client.force_login(self.hana)
        self.assertEqual(self.client.get(self.url).status_code, 403)

    def test_outsiders_do_not_see_it(self):
        for outsider in self.outsiders():
            self.client.force_login(outsider)
            self.assertEqual(self.client.get(self.url).status_code, 404)

    def test_who_left_the_panel_is_led_to_their_own_words(self):
        Panelist.objects.filter(pk=self.mira.pk).update(left_at=END)
        self.assertRedirects(self.client.get(self.url), reverse("own-words", args=[self.interview.pk]))

    def test_without_signing_in_it_leads_to_the_sign_in_page(self):
        self.client.logout()
        self.assertRedirects(self.client.get(self.url), f"{reverse('sign-in')}?next={self.url}")

    def test_it_is_only_looked_at(self):
        for method in ("post", "put", "patch", "delete"):
            self.assertEqual(getattr(self.client, method)(self.url).status_code, 405)

    def test_number_of_queries_does_not_depend_on_the_length_of_the_script(self):
        def record(question):
            rate(self.mira, question, 3)
            NoteFactory(panelist=self.mira, question=question)
            tick(self.mira, ScriptedPointFactory(question=question))

        record(*questions(self.interview, 1))
        before = self.queries(self.url)
        for question in questions(self.interview, 29):
            record(question)
        self.assertEqual(self.queries(self.url), before)
        self.assertLessEqual(before, 9)


class ScorecardReadTests(ScorecardViewCase):
    def test_the_author_reads_what_was_submitted_not_what_the_rows_say_now(self):
        [slow] = questions(self.interview, 1, prompt="How would you speed it up?")
        NoteFactory(panelist=self.mira, question=slow, text="Log first.")
        rate(self.mira, slow, 3)
        submit(self.mira, recommendation=3, because="Thinks aloud.", stood_out="Outbox")
        self.mira.notes.update(text="changed in the row")
        self.mira.ratings.update(value=1)
        response = self.client.get(self.read_url(self.mira))
        for words in ("Thinks aloud.", "Log first.", "How would you speed it up?", "Outbox", "Good", "Yes"):
            self.assertContains(response, words)
        self.assertNotContains(response, "changed in the row")
        self.assertNotContains(response, "Poor")

    def test_others_open_with_ones_own_submission(self):
        submit(self.jo, because="Jo’s reason")
        self.assertEqual(self.client.get(self.read_url(self.jo)).status_code, 404)
        submit(self.mira)
        self.assertContains(self.client.get(self.read_url(self.jo)), "Jo’s reason")

    def test_under_a_stricter_policy_they_stay_closed(self):
        for policy in ("after_all", "never"):
            interview = ended_interview(candidate=self.interview.candidate, blind_policy=policy)
            mine = Panelist.objects.create(interview=interview, user=self.mira.user)
            jo, _ = seat(interview, "Jo Tanaka"), seat(interview, "Luc Perrin")
            submit(mine)
            submit(jo)
            with self.subTest(policy):
                self.assertEqual(self.client.get(self.read_url(jo, interview)).status_code, 404)
                self.assertEqual(self.client.get(self.read_url(mine, interview)).status_code, 200)

    def test_the_manager_reads_submitted_ones_and_no_drafts(self):
        self.client.force_login(self.hana)
        Scorecard.objects.create(panelist=self.jo, because="draft")
        submit(self.mira, because="Mira’s reason")
        self.assertContains(self.client.get(self.read_url(self.mira)), "Mira’s reason")
        self.assertEqual(self.client.get(self.read_url(self.jo)).status_code, 404)

    def test_a_managers_seat_on_the_panel_binds_them_like_everybody(self):
        seat_of_hana = Panelist.objects.create(interview=self.interview, user=self.hana)
        submit(self.mira)
        self.client.force_login(self.hana)
        self.assertEqual(self.client.get(self.read_url(self.mira)).status_code, 404)
        submit(seat_of_hana)
        self.assertEqual(self.client.get(self.read_url(self.mira)).status_code, 200)

    def test_it_leads_back_to_a_debrief_that_is_open(self):
        address = reverse("debrief", args=[self.interview.pk])
        submit(self.mira)
        self.client.force_login(self.hana)
        self.assertNotContains(self.client.get(self.read_url(self.mira)), address)
        submit(self.jo)
        self.assertContains(self.client.get(self.read_url(self.mira)), address)

    def test_a_shadows_is_read_by_nobody_else(self):
        sam = seat(self.interview, "Sam Keller", "shadow")
        submit(sam)
        submit(self.mira)
        for reader in (self.mira.user, self.hana):
            self.client.force_login(reader)
            self.assertEqual(self.client.get(self.read_url(sam)).status_code, 404)
        self.client.force_login(sam.user)
        self.assertContains(self.client.get(self.read_url(sam)), "Not counted in the score")

    def test_a_revision_stands_beside_it_with_its_reason(self):
        submit(self.mira, recommendation=2)
        submit(self.jo)
        revise(self.mira, reason="Jo is right", at=END + dt.timedelta(hours=1), recommendation=3)
        response = self.client.get(self.read_url(self.mira))
        self.assertContains(response, "Jo is right")
        self.assertContains(response, "Revised 20 Nov, 16:58: Yes.")

    def test_hostile_text_is_shown_as_text(self):
        [slow] = questions(self.interview, 1, prompt=SCRIPT)
        NoteFactory(panelist=self.mira, question=slow, text=SCRIPT)
        submit(self.mira, because=SCRIPT, stood_out=SCRIPT, still_open=SCRIPT)
        response = self.client.get(self.read_url(self.mira))
        self.assertNotContains(response, "<script>alert")
        self.assertContains(response, "&lt;script&gt;alert", count=5)

    def test_another_interviews_scorecard_is_not_there(self):
        other = ended_interview(candidate=self.interview.candidate)
        submit(self.mira)
        self.client.force_login(self.hana)
        self.assertEqual(self.client.get(self.read_url(self.mira, other)).status_code, 404)

    def test_outsiders_do_not_see_it(self):
        submit(self.mira)
        for outsider in self.outsiders():
            self.client.force_login(outsider)
            self.assertEqual(self.client.get(self.read_url(self.mira)).status_code, 404)

    def test_without_signing_in_it_leads_to_the_sign_in_page(self):
        submit(self.mira)
        self.client.logout()
        url = self.read_url(self.mira)
        self.assertRedirects(self.client.get(url), f"{reverse('sign-in')}?next={url}")

    def test_it_is_only_looked_at(self):
        submit(self.mira)
        self.assertEqual(self.client.post(self.read_url(self.mira)).status_code, 405)

    def test_number_of_queries_does_not_depend_on_script_and_panel(self):
        first, *_ = questions(self.interview, 30)
        rate(self.mira, first, 3)
        submit(self.mira)
        before = self.queries(self.read_url(self.mira))
        for number in range(5):
            submit(seat(self.interview, f"Jo {number}"))
        self.assertEqual(self.queries(self.read_url(self.mira)), before)
