from django.test import TestCase
from django.utils import timezone

from accounts.factories import HiringManagerFactory
from interviews.models import Erasure, Event, Interview, ScorecardVersion
from interviews.planning.erasing import erase, held_for_erasing
from interviews.tests.submitting import ended_interview, seat, submit


class EraseTests(TestCase):
    def test_submitted_scorecards_of_this_interview_go_and_no_others(self):
        mine, other = ended_interview(), ended_interview()
        for interview in (mine, other):
            submit(seat(interview, "Jo Borg"), because="Measures.")
        erase(held_for_erasing(mine.pk), requested_by=HiringManagerFactory(), at=timezone.now())
        self.assertEqual(list(Interview.objects.all()), [other])
        self.assertEqual(ScorecardVersion.objects.get().scorecard.panelist.interview, other)
        self.assertFalse(Event.objects.filter(interview=mine.pk).exists() or Erasure.objects.exists())
