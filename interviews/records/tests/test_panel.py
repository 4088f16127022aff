from unittest import TestCase

from interviews.records.panel import Panel, lead_first
from interviews.records.tests.submitted import submission


class NamesTests(TestCase):
    def test_first_names(self):
        panel = Panel([submission(1, "Mira Rahman"), submission(2, "Jo Tanaka")])
        self.assertEqual(panel.names, {1: "Mira", 2: "Jo"})
        self.assertEqual(panel.name(panel.submitted[1]), "Jo")

    def test_two_with_one_first_name_have_their_whole_names(self):
        panel = Panel([submission(1, "Jo Tanaka"), submission(2, "Jo Perrin"), submission(3, "Mira Rahman")])
        self.assertEqual(panel.names, {1: "Jo Tanaka", 2: "Jo Perrin", 3: "Mira"})


class PanelTests(TestCase):
    def test_newest_snapshot_and_its_zone(self):
        earlier, later = submission(1), submission(2, interview={"time_zone": "Asia/Tokyo"})
        panel = Panel([later, earlier])
        self.assertIs(panel.newest, later.snapshot)
        self.assertEqual(panel.zone.name, "Asia/Tokyo")

    def test_lead_comes_first_and_the_others_keep_their_order(self):
        luc, jo, mira = submission(3, part="interviewer"), submission(2, part="interviewer"), submission(1)
        self.assertEqual(lead_first([luc, jo, mira]), [mira, luc, jo])
