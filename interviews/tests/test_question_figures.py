import datetime as dt

from django.test import TestCase
from django.utils import timezone

from accounts.factories import CuratorFactory, InterviewerFactory
from interviews.factories import InterviewFactory, PanelistFactory
from interviews.models import Interview
from interviews.planning.missing_scorecards import waive
from interviews.tests.submitting import END, rate, submit, tick
from question_bank.factories import PointFactory, ScriptItemFactory
from question_bank.usage import figures_of


class TestFigures(TestCase):
    def setUp(self):
        self.item = ScriptItemFactory(question__minutes=4)
        self.question = self.item.question
        self.point = PointFactory(question=self.question, text="names headers")
        self.days = 0

    def held(self, value, *, is_heard=False, is_submitted=True):
        """An interview with one panelist, in which the question was asked for six minutes and rated."""
        self.days += 1
        interview = InterviewFactory(script=self.item.section.script, ended=True)
        interview.questions.update(state="asked", asked_at=timezone.now(), seconds=360)
        seat, scripted = PanelistFactory(interview=interview, part="lead"), interview.questions.get()
        rate(seat, scripted, value)
        if is_heard:
            tick(seat, scripted.points.get())
        if is_submitted:
            submit(seat, at=END + dt.timedelta(days=self.days))

    def test_ratings_points_and_minutes_of_five_interviews(self):
        for value in (1, 3, 3, 4):
            self.held(value, is_heard=value > 2)
        self.assertEqual((figures_of(self.question).interviews, figures_of(self.question).needed), (0, 1))
        self.held(3)
        found = figures_of(self.question)
        self.assertEqual(found.spread, [("Poor", 1), ("Mixed", 0), ("Good", 3), ("Excellent", 1)])
        self.assertEqual((found.heard, found.minutes, found.planned), ({self.point.pk: (3, 5)}, 6, 4))

    def test_a_sixth_interview_changes_nothing_so_it_tells_nothing(self):
        for value in (3, 3, 3, 3, 3):
            self.held(value)
        before = figures_of(self.question)
        self.held(1, is_heard=True)
        self.held(1, is_submitted=False)
        self.assertEqual(figures_of(self.question), before)

    def test_a_waived_scorecard_holds_up_nothing(self):
        for value in (3, 3, 3, 3, 3):
            self.held(value)
        interview = Interview.objects.latest("pk")
        seat = PanelistFactory(interview=interview)
        self.assertEqual(figures_of(self.question).interviews, 0)
        hana = interview.opening.managers.get()
        waive(interview=interview, panelist_id=seat.pk, reason="Long ill.", by=hana, at=timezone.now())
        self.assertEqual(figures_of(self.question).interviews, 5)

    def test_only_curators_see_them_and_the_number_of_queries_is_constant(self):
        for _ in range(5):
            self.held(3, is_heard=True)
        with self.assertNumQueries(5):  # merged ones; asked, panelists, versions, points
            figures_of(self.question)
        address = self.question.get_absolute_url()
        self.client.force_login(CuratorFactory())
        page = self.client.get(address)
        for text in ("Asked 5 times.", "heard in 5 of 5", "Good <b>5</b>", "<b>6 min</b>"):
            self.assertContains(page, text)
        self.client.force_login(InterviewerFactory())
        self.assertNotContains(self.client.get(address), "In interviews")
