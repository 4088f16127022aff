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
