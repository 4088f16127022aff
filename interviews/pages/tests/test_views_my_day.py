import datetime as dt

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import (
    AdministratorFactory,
    CuratorFactory,
    HiringManagerFactory,
    InterviewerFactory,
    UserFactory,
)
from accounts.roles import Role
from interviews.factories import (
    InterviewFactory,
    OpeningFactory,
    PanelistFactory,
    RatingFactory,
    ScriptedQuestionFactory,
)
from interviews.pages.tests.test_my_day import ended, submit
from question_bank.factories import QuestionFactory
from question_bank.models import Question


class MyDayPageTests(TestCase):
    def see(self, user):
        self.client.force_login(user)
        return self.client.get(reverse("my-day"))

    def test_next_interview_with_what_it_takes(self):
        mira = InterviewerFactory(name="Mira Rahman")
        interview = InterviewFactory(
            script=None, candidate__name="Ada Okafor", candidate__assignment_url="https://example.org/pull/1",
            scheduled_for=timezone.now() + dt.timedelta(minutes=12), script_name="Backend",
            panel=[(mira, "lead"), (InterviewerFactory(name="Jo Borg"), "interviewer")],
        )  # fmt: skip
        response = self.see(mira)
        self.assertContains(response, "Mira</h1>")
        self.assertContains(response, "in 12 min")
        self.assertContains(response, "Jo (interviewer)")
        self.assertContains(response, 'href="https://example.org/pull/1"')
        self.assertContains(response, f'href="{reverse("live", args=[interview.pk])}">Start</a>')

    def test_start_is_offered_when_it_is_near_only(self):
        mira = InterviewerFactory()
        interview = InterviewFactory(
            script=None, scheduled_for=timezone.now() + dt.timedelta(minutes=40), panel=[(mira, "lead")]
        )
        self.assertNotContains(self.see(mira), reverse("live", args=[interview.pk]))

    def test_waiting_one_says_since_when(self):
        mira = InterviewerFactory(time_zone="Europe/Malta")
        start = timezone.now() - dt.timedelta(minutes=5)
        InterviewFactory(script=None, scheduled_for=start, panel=[(mira, "shadow")])
        with timezone.override("Europe/Malta"):
            since = timezone.localtime(start).strftime("%H:%M")
        response = self.see(mira)
        self.assertContains(response, f"waiting since {since}")
        self.assertContains(response, "Open the live page")

    def test_time_given_elsewhere_is_named(self):
        mira = InterviewerFactory(time_zone="Europe/Malta")
        InterviewFactory(
            script=None,
            scheduled_for=timezone.now() + dt.timedelta(days=1),
            time_zone="Asia/Tokyo",
            panel=[(mira, "lead")],
        )
        self.assertContains(self.see(mira), "in Tokyo")

    def test_scorecard_to_finish_says_how_far_it_is(self):
        mira = InterviewerFactory()
        seat = PanelistFactory(user=mira, interview=InterviewFactory(script=None, ended=True))
        self.assertContains(self.see(mira), "No answers rated, no recommendation yet")
        RatingFactory(panelist=seat, question=ScriptedQuestionFactory())
        response = self.see(mira)
        self.assertContains(response, "1 answer rated, no recommendation yet")
        self.assertContains(response, "1 overdue")
        self.assertContains(response, reverse("scorecard", args=[seat.interview.pk]))

    def test_each_role_without_work_is_led_on(self):
        for factory, words in (
            (InterviewerFactory, "No interviews yet."),
            (HiringManagerFactory, "No openings yet."),
            (CuratorFactory, "No drafts."),
            (AdministratorFactory, "active"),
            (UserFactory, "You have no role"),
        ):
            with self.subTest(words=words):
                self.assertContains(self.see(factory()), words)

    def test_curator_without_drafts_reads_how_many_are_in_review(self):
        QuestionFactory(status=Question.Status.REVIEW)
        response = self.see(CuratorFactory())
        self.assertContains(response, "1 in review")
        self.assertNotContains(response, "Everything in the bank is published or retired.")

    def test_manager_finds_pdf_and_page_of_what_is_complete(self):
        hana = HiringManagerFactory()
        interview = InterviewFactory(script=None, ended=True, candidate__opening=OpeningFactory(managers=[hana]))
        ended(interview, at=timezone.now() - dt.timedelta(hours=1))
        submit(PanelistFactory(interview=interview, part="lead"))
        response = self.see(hana)
        self.assertContains(response, "1 debrief ready")
        self.assertContains(response, reverse("export-pdf", args=[interview.pk]))
        self.assertContains(response, reverse("debrief", args=[interview.pk]))

    def test_names_are_escaped(self):
        mira = InterviewerFactory()
        InterviewFactory(script=None, candidate__name="<script>alert(1)</script>", panel=[(mira, "lead")])
        self.assertContains(self.see(mira), "&lt;script&gt;alert(1)&lt;/script&gt;")

    def test_anonymous_signs_in_and_wrong_method_is_refused(self):
        self.assertRedirects(self.client.get("/"), f"{reverse('sign-in')}?next=/")
        self.client.force_login(InterviewerFactory())
        self.assertEqual(self.client.post("/").status_code, 405)

    def test_number_of_queries_is_constant_and_small_with_every_role(self):
        person = UserFactory(roles=list(Role))
        opening = OpeningFactory(managers=[person])
        self.client.force_login(person)
        for more in (1, 29):
            for _ in range(more):
                OpeningFactory(managers=[person])
                QuestionFactory(status=Question.Status.DRAFT)
                for state in ({}, {"live": True}, {"ended": True}):
                    interview = InterviewFactory(script=None, candidate__opening=opening, **state)
                    if state == {"ended": True}:
                        ended(interview, at=timezone.now() - dt.timedelta(hours=1))
                    PanelistFactory(interview=interview, user=person)
                    PanelistFactory(interview=interview)
                managed = InterviewFactory(script=None, candidate__opening=opening, ended=True)
                ended(managed, at=timezone.now() - dt.timedelta(hours=1))
                submit(PanelistFactory(interview=managed))
            with self.subTest(more=more), self.assertNumQueries(12):
                self.client.get(reverse("my-day"))
