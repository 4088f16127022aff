import datetime as dt

from django.test import TestCase

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import (
    START,
    CandidateFactory,
    InterviewFactory,
    OpeningFactory,
    PanelistFactory,
    ScorecardFactory,
)
from interviews.models import Interview


class InterviewQuerySetTests(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory()
        self.mira, self.jo = InterviewerFactory(), InterviewerFactory()
        self.opening = OpeningFactory(managers=[self.hana])

    def test_about_finds_a_candidate_by_the_new_name(self):
        interview = self.interview(script=None)
        interview.candidate.name = "Ömer Çelik"
        interview.candidate.save()
        for words, found in (
            ("OMER celik", [interview]),
            (interview.candidate.email or "@", []),
            ("no script", [interview]),
        ):
            with self.subTest(words=words):
                self.assertEqual(list(Interview.objects.about(words)), found)

    def test_begun_apart_is_five_minutes_before_or_after_the_planned_start(self):
        for minutes, expected in ((None, False), (0, False), (4, False), (5, True), (-5, True)):
            began = None if minutes is None else START + dt.timedelta(minutes=minutes)
            interview = Interview(scheduled_for=START, started_at=began)
            with self.subTest(minutes=minutes):
                self.assertEqual(interview.has_begun_apart, expected)

    def test_latest_are_the_last_by_time_whatever_the_number(self):
        late, early, later = (self.interview(scheduled_for=START + dt.timedelta(days=days)) for days in (2, 1, 3))
        self.assertEqual(list(Interview.objects.all().last_by_time(2)), [later, late])
        self.assertEqual(list(Interview.objects.exclude(pk=later.pk).last_by_time(9)), [late, early])

    def interview(self, **fields):
        return InterviewFactory(
            candidate=CandidateFactory(opening=self.opening),
            panel=[(self.mira, "lead"), (self.jo, "interviewer")],
            **fields,
        )

    def test_visible_to_panel_and_managers(self):
        interview = self.interview(script=None)
        for user in (self.hana, self.mira, self.jo):
            self.assertEqual(list(Interview.objects.visible_to(user)), [interview])
        PanelistFactory(interview=interview, user=self.hana)
        self.assertEqual(list(Interview.objects.visible_to(self.hana)), [interview])

    def test_outstanding_leaves_out_shadows_and_who_has_submitted(self):
        interview = self.interview(script=None, ended=True)
        PanelistFactory(interview=interview, part="shadow")
        ScorecardFactory(panelist=interview.panelists.get(user=self.mira), submitted_at=START)
        read = Interview.objects.with_people().get()
        self.assertEqual([seat.user for seat in read.outstanding], [self.jo])
