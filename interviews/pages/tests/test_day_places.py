import datetime as dt
from itertools import product

from django.db.models.signals import post_init
from django.test import TestCase

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import InterviewFactory, OpeningFactory
from interviews.models import DismissedWarning, Interview, Panelist
from interviews.pages.day_rows import Managed
from interviews.pages.my_day import my_day

LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW
NOW = dt.datetime(2026, 11, 20, 13, 48, tzinfo=dt.UTC)


class PlacesTests(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory()
        self.opening = OpeningFactory(managers=[self.hana])
        self.mira = InterviewerFactory(name="Mira Rahman")

    def interview(self, panel, **fields):
        return InterviewFactory(script=None, candidate__opening=self.opening, panel=panel, **fields)

    def copies(self, interview, number):
        """More of the same, each with this panelist's place."""
        fields = {name: getattr(interview, name) for name in (
            "opening", "candidate", "script_name", "script_version", "status", "scheduled_for", "time_zone", "minutes",
            "blind_policy", "created_at", "started_at", "ended_at",
        )}  # fmt: skip
        made = Interview.objects.bulk_create([Interview(**fields) for _ in range(number)])
        Panelist.objects.bulk_create([Panelist(interview=one, user=self.mira, part=LEAD) for one in made])

    def test_three_hundred_undecided_are_counted_and_only_those_shown_are_read(self):
        ended = self.interview(
            [(self.mira, LEAD)], ended=True,
            started_at=NOW - dt.timedelta(hours=3), ended_at=NOW - dt.timedelta(hours=2),
        )  # fmt: skip
        self.copies(ended, 299)
        planned = self.interview([(self.mira, LEAD)], scheduled_for=NOW + dt.timedelta(days=1))
        self.copies(planned, 99)
        read = []

        def note(instance, **_):
            read.append(instance)

        for user, most in ((self.hana, 20), (self.mira, 21)):
            read.clear()
            post_init.connect(note, sender=Interview)
            try:
                with self.subTest(user=user):
                    day = my_day(user=user, now=NOW)
                    self.assertEqual(len(read), most)
            finally:
                post_init.disconnect(note, sender=Interview)
            if user == self.hana:
                self.assertEqual((day.waiting.total, len(day.waiting), day.waiting.more), (300, 10, 290))
                self.assertEqual((day.to_mend.total, len(day.to_mend)), (100, 10))
            else:
                self.assertEqual((day.unfinished.total, day.due_today_count, day.overdue_count), (300, 0, 0))
                self.assertEqual((len(day.coming), day.coming.total), (10, 99))

    def test_database_and_row_agree_about_every_warning(self):
        jo, luc = InterviewerFactory(name="Jo Borg"), InterviewerFactory(name="Luc Weber")
        gone = InterviewerFactory(is_active=False, name="Ida Tan")
        panels = [
            [], [(jo, SHADOW)],
            [(gone, LEAD), (jo, INTERVIEWER)], [(self.mira, LEAD)], [(self.mira, LEAD), (jo, SHADOW)],
            [(self.mira, LEAD), (gone, INTERVIEWER)], [(self.mira, LEAD), (jo, INTERVIEWER), (gone, SHADOW)],
            [(self.mira, LEAD), (jo, INTERVIEWER), (luc, INTERVIEWER)],
        ]  # fmt: skip
        words = (
            "",
            "only one interviewer",
            f"{gone.short_name} no longer has access",
            "Ida and Max no longer have access",
        )
        for panel, dismissed, hours in product(panels, words, (24, -5)):
            interview = self.interview(panel, scheduled_for=NOW + dt.timedelta(hours=hours))
            if dismissed:
                DismissedWarning.objects.create(interview=interview, words=dismissed, by=self.hana, at=NOW)
            [row] = Interview.objects.with_people().select_related("dismissed").filter(pk=interview.pk)
            day = my_day(user=self.hana, now=NOW)
            with self.subTest(panel=panel, dismissed=dismissed, hours=hours):
                place = day.to_mend if Managed(row, NOW).concern else day.managed_ahead
                self.assertEqual([managed.interview for managed in place], [interview])
                self.assertEqual(day.to_mend.total + day.managed_ahead.total, 1)
            interview.panelists.all().delete()
            interview.delete()
