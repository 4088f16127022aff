from django.test import TestCase

from interviews.factories import CandidateFactory
from interviews.planning.stage_forms import CandidateOutcomeForm


class CandidateOutcomeFormTests(TestCase):
    def test_it_asks_for_both(self):
        form = CandidateOutcomeForm({}, candidate=CandidateFactory())
        self.assertEqual(set(form.errors), {"outcome", "reason"})
