import datetime as dt

from icalendar import Calendar

from interviews.factories import CandidateFactory, InterviewFactory
from interviews.models import CalendarFeed, Interview
from interviews.planning import calendar_feed
from interviews.planning.tests.test_calendar_entries import LEAD, PLANNED_AT, START, CalendarCase


class FeedTests(CalendarCase):
    def events(self, person):
        return Calendar.from_ical(calendar_feed.feed_of(person, at=PLANNED_AT)).events

    def test_own_panels_and_managed_openings_without_a_candidates_name(self):
        interview = self.schedule(call_link="https://meet.example.org/x")
        InterviewFactory(candidate=CandidateFactory(name="Of others"), scheduled_for=START)
        [mine], [managed] = self.events(self.mira), self.events(self.hana)
        self.assertEqual((mine.start, mine.end), (START, START + dt.timedelta(minutes=60)))
        self.assertEqual((mine["transp"], managed["transp"]), ("OPAQUE", "TRANSPARENT"))
        self.assertIn("You lead", mine["description"])
        self.assertIn(f"http://testserver/interviews/{interview.pk}/", mine["description"])
        self.assertNotIn("location", managed)
        for person in (self.mira, self.hana):
            self.assertNotIn(b"Ada", calendar_feed.feed_of(person, at=PLANNED_AT))

    def test_what_is_off_long_ago_or_no_longer_theirs_is_not_in_it(self):
        interview = self.schedule()
        Interview.objects.filter(pk=interview.pk).update(scheduled_for=PLANNED_AT - dt.timedelta(days=31))
        self.assertEqual(self.events(self.mira), [])
        Interview.objects.filter(pk=interview.pk).update(scheduled_for=START)
        self.mira.groups.clear()
        self.assertEqual((self.events(self.mira), len(self.events(self.jo))), ([], 1))
        InterviewFactory(candidate=self.candidate, cancelled=True, scheduled_for=START, panel=[(self.jo, LEAD)])
        self.assertEqual(len(self.events(self.jo)), 1)

    def test_the_number_of_queries_does_not_grow(self):
        for _ in range(2):
            self.schedule()
            with self.assertNumQueries(2):
                self.events(self.mira)

    def test_whose_it_is_and_when_it_was_read(self):
        token = CalendarFeed.renew(self.mira, at=PLANNED_AT)
        self.assertEqual(calendar_feed.reader_of(token, at=PLANNED_AT), self.mira)
        self.assertEqual(CalendarFeed.objects.get().used_on, PLANNED_AT.date())
        self.assertIsNone(calendar_feed.reader_of("x", at=PLANNED_AT))
        self.mira.is_active = False
        self.mira.save()
        self.assertIsNone(calendar_feed.reader_of(token, at=PLANNED_AT))
