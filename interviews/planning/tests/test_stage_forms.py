from django.test import TestCase

from interviews.factories import START, CandidateFactory
from interviews.planning.stage_forms import CandidateOutcomeForm


class CandidateOutcomeFormTests(TestCase):
    def test_it_asks_for_both(self):
        form = CandidateOutcomeForm({}, candidate=CandidateFactory())
        self.assertEqual(set(form.errors), {"outcome", "reason"})

    def test_the_second_of_two_managers_is_asked(self):
        ada = CandidateFactory(name="Ada Okafor", outcome="hired", outcome_at=START)
        sent = {"outcome": "rejected", "reason": "Not yet.", "was": ""}
        form = CandidateOutcomeForm(sent, candidate=ada)
        self.assertEqual(
            form.errors["outcome"],
            ["Someone marked Ada Okafor as hired since you opened this page. Save again to change it."],
        )
        self.assertIn('name="was" value="hired"', str(form["was"]))
        for again in ({"was": "hired"}, {"outcome": "hired"}):
            self.assertTrue(CandidateOutcomeForm(sent | again, candidate=ada).is_valid(), again)
