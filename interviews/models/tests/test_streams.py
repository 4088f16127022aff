import pytest
from django.db import connection
from django.test import TestCase
from django.utils import timezone

from interviews.factories import InterviewFactory, LeadFactory
from interviews.models import Event


class EventQuerySetTests(TestCase):
    def setUp(self):
        self.interview = InterviewFactory(script=None, live=True)
        self.lead = LeadFactory(interview=self.interview)
        for seq, kind in enumerate(["start", "end", "reopen", "tick"], start=1):
            self.event("shared", seq, kind)
        self.event("own", 1, "end")

    def event(self, stream, seq, kind):
        Event.objects.create(
            interview=self.interview, stream=stream, seq=seq, kind=kind, payload={}, at=timezone.now(), actor=None
        )

    def test_since_reads_after_one_number_up_to_another_of_each_stream(self):
        found = Event.objects.since([(self.interview.pk, "shared", 1, 3), (self.interview.pk, "own", 1, 9)])
        self.assertEqual([event.kind for event in found], ["end", "reopen"])
        self.assertEqual(list(Event.objects.since([])), [])

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's plan depends on the number of rows")
    def test_since_searches_the_index_of_each_stream(self):
        """A list of streams as OR could read the whole table, which holds every event of every interview."""
        for count in (1, 2, 8, 128):
            wanted = Event.objects.since([(number, "shared", 1, 9) for number in range(count)])
            sql, parameters = wanted.query.sql_with_params()
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
                plan = [row[3] for row in cursor.fetchall()]
            searches = [line for line in plan if line.startswith(("SEARCH", "SCAN"))]
            self.assertEqual(len(searches), count, plan)
            for line in searches:
                self.assertIn("(interview_id=? AND stream=? AND seq>? AND seq<?)", line)

    def test_closings_are_the_ends_and_reopenings_that_all_share(self):
        self.assertEqual([event.kind for event in Event.objects.closings(self.interview)], ["end", "reopen"])
