"""The plan of an interview as parts."""

import datetime as dt
from dataclasses import replace

from django.test import TestCase

from accounts.factories import InterviewerFactory
from interviews.factories import InterviewFactory, small_script
from interviews.models import Panelist
from interviews.planning.plan_merging import LEAD, SEAT, Plan, plan_of_content, plan_revision

Part = Panelist.Part


class PlanTests(TestCase):
    def setUp(self):
        self.mira, self.jo = InterviewerFactory(name="Mira"), InterviewerFactory(name="Jo")
        panel = [(self.mira, Part.LEAD), (self.jo, Part.SHADOW)]
        self.interview = InterviewFactory(panel=panel, blind_policy="after_own")
        self.plan = Plan.of(self.interview)

    def test_it_is_read_from_an_interview_with_its_current_panel(self):
        self.interview.panelists.filter(user=self.jo).update(left_at=self.interview.scheduled_for)
        plan = Plan.of(self.interview)
        self.assertEqual((plan.script, plan.minutes), (self.interview.script, 60))
        self.assertEqual(plan.panel, ((self.mira, "lead"),))

    def test_its_parts_make_the_same_plan(self):
        self.assertEqual(plan_of_content(self.plan.content(self.interview)), self.plan)

    def test_the_lead_is_a_part_beside_their_place(self):
        content = self.plan.content(self.interview)
        self.assertEqual(content[LEAD].value, self.mira)
        self.assertEqual(content[f"{SEAT}{self.mira.pk}"].value, (self.mira, "interviewer"))
        self.assertEqual(content[f"{SEAT}{self.jo.pk}"].value, (self.jo, "shadow"))

    def test_blank_values_are_filled_from_the_interview(self):
        plan = replace(self.plan, script=None, blind_policy="", is_fully_blind=False)
        self.assertEqual(plan.filled(self.interview), self.plan)

    def test_chosen_values_are_not_filled(self):
        plan = replace(self.plan, script=small_script(), blind_policy="never")
        self.assertEqual(plan.filled(self.interview), plan)

    def test_fully_blind_stays(self):
        self.interview.is_fully_blind = True
        self.assertTrue(self.plan.filled(self.interview).is_fully_blind)


class PlanRevisionTests(TestCase):
    def test_every_change_gives_another_one(self):
        interview = InterviewFactory()
        seen = {plan_revision(interview)}
        for name, value in (
            ("minutes", 45),
            ("time_zone", "Asia/Tokyo"),
            ("scheduled_for", interview.scheduled_for + dt.timedelta(hours=1)),
            ("call_link", "https://example.org/call"),
            ("blind_policy", "never"),
        ):
            setattr(interview, name, value)
            seen.add(plan_revision(interview))
        self.assertEqual(len(seen), 6)

    def test_the_same_plan_has_the_same_one(self):
        interview = InterviewFactory()
        self.assertEqual(plan_revision(interview), plan_revision(interview))
