import datetime as dt

from django.test import TestCase

from accounts.factories import InterviewerFactory
from interviews.factories import InterviewFactory
from interviews.models import Interview, Panelist
from interviews.pages.day_rows import Managed

LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW
NOW = dt.datetime(2026, 11, 20, 13, 48, tzinfo=dt.UTC)


class ManagedTests(TestCase):
    def concern(self, interview):
        [found] = Interview.objects.with_people().filter(pk=interview.pk)
        return Managed(found, NOW).concern

    def test_panel_that_is_not_enough_is_named(self):
        mira, jo, same = (InterviewerFactory(name=name) for name in ("Mira Rahman", "Jo Borg", "Luc Weber"))
        gone = InterviewerFactory(is_active=False, name="Luc Tanaka")
        for panel, concern in (
            ([], "no lead"),
            ([(gone, LEAD), (jo, INTERVIEWER)], f"no lead: {gone.short_name} no longer has access"),
            ([(mira, LEAD)], "only one interviewer"),
            ([(mira, LEAD), (jo, SHADOW)], "only one interviewer"),
            ([(mira, LEAD), (gone, INTERVIEWER)], f"{gone.short_name} no longer has access"),
            ([(same, LEAD), (gone, INTERVIEWER)], "Luc T. no longer has access"),
        ):
            interview = InterviewFactory(script=None, panel=panel, scheduled_for=NOW + dt.timedelta(days=1))
            with self.subTest(panel=panel):
                self.assertEqual(self.concern(interview), concern)

    def test_one_that_was_never_started_is_named(self):
        panel = [(InterviewerFactory(), LEAD), (InterviewerFactory(), INTERVIEWER)]
        interview = InterviewFactory(script=None, panel=panel, scheduled_for=NOW - dt.timedelta(hours=5))
        self.assertEqual(self.concern(interview), "never started")
