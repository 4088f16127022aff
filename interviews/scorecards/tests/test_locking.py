from django.test import TestCase

from accounts.factories import InterviewerFactory
from interviews.factories import InterviewFactory, LeadFactory
from interviews.refusals import NotThere
from interviews.scorecards.locking import locked_author


class LockedAuthorTests(TestCase):
    def test_only_panelists_have_a_scorecard_to_lock(self):
        lead = LeadFactory(interview=InterviewFactory(script=None))
        with self.assertNumQueries(1):
            self.assertEqual(locked_author(user=lead.user, interview_id=lead.interview_id), lead)
        with self.assertRaises(NotThere):
            locked_author(user=InterviewerFactory(), interview_id=lead.interview_id)
