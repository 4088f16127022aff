import datetime as dt
from dataclasses import replace

from interviews.factories import CandidateFactory, InterviewFactory
from interviews.models import Interview
from interviews.planning import loops
from interviews.planning.concerns import Unchecked
from interviews.planning.scheduling import PanelInvalid
from interviews.planning.tests.test_calendar_entries import LEAD, PLANNED_AT, START, CalendarCase
from mail.models import Mail


class LoopTests(CalendarCase):
    def loop(self, *plans, checked=""):
        return loops.schedule_loop(candidate=self.candidate, plans=plans, by=self.hana, at=PLANNED_AT, checked=checked)

    def test_all_are_scheduled_and_the_panel_is_told_of_each(self):
        plans = [self.plan(scheduled_for=START + dt.timedelta(hours=hours)) for hours in (0, 1)]
        self.assertEqual(len(self.loop(*plans)), 2)
        self.assertEqual((Interview.objects.count(), len(self.told())), (2, 4))

    def test_rounds_that_clash_with_each_other_are_warned_of_and_nothing_is_saved(self):
        plans = [self.plan(), self.plan(scheduled_for=START + dt.timedelta(minutes=30))]
        with self.assertRaises(Unchecked) as caught:
            self.loop(*plans)
        self.assertTrue(any("Ada Okafor has another interview" in words for words in caught.exception.found))
        self.assertEqual((Interview.objects.count(), Mail.objects.count()), (0, 0))
        self.assertEqual(len(self.loop(*plans, checked=caught.exception.seal)), 2)

    def test_one_that_cannot_be_takes_all_back(self):
        with self.assertRaises(PanelInvalid):
            self.loop(self.plan(), replace(self.plan(), panel=()))
        self.assertFalse(Interview.objects.exists())


class CopyTests(CalendarCase):
    def test_candidates_of_the_same_opening_with_a_plan_are_offered(self):
        planned = CandidateFactory(opening=self.candidate.opening, name="Grace")
        InterviewFactory(candidate=planned, panel=[(self.mira, LEAD)])
        CandidateFactory(opening=self.candidate.opening)
        off = CandidateFactory(opening=self.candidate.opening)
        InterviewFactory(candidate=off, cancelled=True)
        InterviewFactory()  # of another opening
        [source] = loops.sources_for(self.candidate)
        self.assertEqual((source, source.round_count), (planned, 1))
        [plan] = loops.plans_of(source)
        self.assertEqual(plan.panel, ((self.mira, LEAD),))
