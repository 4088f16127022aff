"""What shared events carry."""

from django.test import TestCase

from accounts.factories import InterviewerFactory
from interviews.factories import InterviewFactory, PanelistFactory, ScriptedSectionFactory
from interviews.models import Panelist
from interviews.streams.payloads import clock, frozen_as, iso, people, plan_of


class ClockTests(TestCase):
    def test_a_planned_call_has_no_times_and_no_question(self):
        self.assertEqual(
            clock(InterviewFactory()),
            {
                "status": "scheduled",
                "started_at": None,
                "ended_at": None,
                "current": {"question": None, "since": None},
                "pause": {"since": None, "by": "", "seconds": 0},
                "welcome": None,
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


class PeopleTests(TestCase):
    def shown(self, *names: str) -> list[tuple[str, str]]:
        interview = InterviewFactory.create()
        for name in names:
            PanelistFactory.create(interview=interview, user=InterviewerFactory.create(name=name))
        seats = list(Panelist.objects.filter(interview=interview).order_by("pk").knowing_access())
        return [(one["short"], one["initials"]) for one in people(seats).values()]

    def test_first_name_and_initials_are_enough_while_they_differ(self):
        self.assertEqual(self.shown("Jo Tanaka", "Mira Rossi"), [("Jo", "JT"), ("Mira", "MR")])

    def test_a_shared_first_name_gets_the_first_letter_of_the_last_one(self):
        self.assertEqual(
            self.shown("Jo Tanaka", "Jo Weber", "Mira Rossi"), [("Jo T.", "JT"), ("Jo W.", "JW"), ("Mira", "MR")]
        )

    def test_shared_initials_get_a_letter_more(self):
        self.assertEqual(self.shown("Jo Tanaka", "Jo Thorne"), [("Jo Tanaka", "JTa"), ("Jo Thorne", "JTh")])
        self.assertEqual(self.shown("Jo Tanaka", "Jan Tanaka"), [("Jo", "JoT"), ("Jan", "JaT")])

    def test_the_very_same_name_stays(self):
        self.assertEqual(self.shown("Jo Tanaka", "Jo Tanaka"), [("Jo", "JT"), ("Jo", "JT")])
