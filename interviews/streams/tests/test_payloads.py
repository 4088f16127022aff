"""What shared events carry."""

from django.test import TestCase

from accounts.factories import InterviewerFactory
from interviews.factories import InterviewFactory, ScriptedSectionFactory
from interviews.models import Panelist
from interviews.streams.payloads import clock, frozen_as, iso, plan_of


class ClockTests(TestCase):
    def test_a_planned_call_has_no_times_and_no_question(self):
        self.assertEqual(
            clock(InterviewFactory()),
            {
                "status": "scheduled",
                "started_at": None,
                "ended_at": None,
                "current": {"question": None, "since": None},
            },
        )

    def test_a_live_call_says_since_when_and_what_is_asked(self):
        interview = InterviewFactory(live=True)
        question = interview.questions.first()
        interview.current_question, interview.current_since = question, interview.started_at
        start = iso(interview.started_at)
        self.assertEqual(clock(interview)["started_at"], start)
        self.assertEqual(clock(interview)["current"], {"question": question.pk, "since": start})


class PlanOfTests(TestCase):
    def test_the_panel_with_parts_and_who_asks_next(self):
        mira, jo = InterviewerFactory(name="Mira Rahman"), InterviewerFactory(name="Jo Tanaka")
        interview = InterviewFactory(panel=[(mira, Panelist.Part.LEAD), (jo, Panelist.Part.SHADOW)])
        lead, shadow = interview.panelists.get(user=mira), interview.panelists.get(user=jo)
        plan = plan_of(interview)
        self.assertEqual((plan["turn"], plan["minutes"]), (lead.pk, 60))
        self.assertEqual(
            {pk: one["part"] for pk, one in plan["panel"].items()}, {str(lead.pk): "lead", str(shadow.pk): "shadow"}
        )

    def test_a_panelist_who_left_is_marked(self):
        interview = InterviewFactory(panel=[(InterviewerFactory(), Panelist.Part.LEAD)])
        interview.panelists.update(left_at=interview.scheduled_for)
        [person] = plan_of(interview)["panel"].values()
        self.assertTrue(person["has_left"])


class FrozenAsTests(TestCase):
    def test_it_changes_when_the_script_is_replaced(self):
        interview = InterviewFactory()
        before = frozen_as(interview)
        interview.sections.all().delete()
        self.assertIsNone(frozen_as(interview))
        ScriptedSectionFactory(interview=interview)
        self.assertNotEqual(frozen_as(interview), before)
