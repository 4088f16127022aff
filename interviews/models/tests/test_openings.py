import datetime as dt

from django.test import TestCase

from interviews.factories import START, CandidateFactory, InterviewFactory, OpeningFactory
from interviews.models import Opening


class OpeningQuerySetTests(TestCase):
    def test_for_list_counts_candidates_and_finds_the_next_interview(self):
        opening = OpeningFactory()
        ada = CandidateFactory(opening=opening)
        CandidateFactory(opening=opening)
        for days, state in ((3, {}), (1, {}), (0, {"cancelled": True}), (-1, {"ended": True})):
            InterviewFactory(script=None, candidate=ada, scheduled_for=START + dt.timedelta(days=days), **state)
        found = Opening.objects.for_list(START).get()
        self.assertEqual((found.candidate_count, found.next_interview_at), (2, START + dt.timedelta(days=1)))

    def test_for_list_of_an_empty_opening(self):
        OpeningFactory()
        found = Opening.objects.for_list(START).get()
        self.assertEqual((found.candidate_count, found.next_interview_at), (0, None))

    def test_for_list_knows_no_next_interview_in_the_past(self):
        candidate = CandidateFactory()
        InterviewFactory(script=None, candidate=candidate, scheduled_for=START)
        found = Opening.objects.for_list(START + dt.timedelta(minutes=1)).get()
        self.assertIsNone(found.next_interview_at)
