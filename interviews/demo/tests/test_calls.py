import datetime as dt

import pytest
from django.test import SimpleTestCase

from interviews.demo import calls
from interviews.demo.texts import InterviewText

# Demo data are loaded on the embedded engine alone.
pytestmark = pytest.mark.sqlite_only


class TestTimesOf(SimpleTestCase):
    friday = dt.datetime(2026, 11, 20, 13, 48, 12, tzinfo=dt.UTC)

    def text(self, starts, **fields):
        usual = {"key": "x", "candidate": "x", "script": "x", "minutes": 60, "status": "scheduled", "panel": []}
        return InterviewText(**{"time_zone": "Europe/Malta", "starts": starts} | usual | fields)

    def scheduled_for(self, starts, now=friday, **fields):
        return calls.times_of(self.text(starts, **fields), now=now).scheduled_for

    def test_so_many_minutes_from_now_is_a_round_time_not_sooner(self):
        self.assertEqual(self.scheduled_for({"minutes": 36}), dt.datetime(2026, 11, 20, 14, 25, tzinfo=dt.UTC))

    def test_live_call_began_just_then_and_was_planned_for_the_round_time_before(self):
        times = calls.times_of(self.text({"minutes": -24}, status="live"), now=self.friday)
        self.assertEqual(times.started_at, self.friday - dt.timedelta(minutes=24))
        self.assertEqual(times.scheduled_for, dt.datetime(2026, 11, 20, 13, 20, tzinfo=dt.UTC))
        self.assertIsNone(times.ended_at)

    def test_time_of_day_is_the_zone_s_own(self):
        self.assertEqual(
            self.scheduled_for({"days": 4, "at": "10:30"}, time_zone="Africa/Harare"),
            dt.datetime(2026, 11, 24, 8, 30, tzinfo=dt.UTC),
        )

    def test_weekends_are_free(self):
        days = {away: self.scheduled_for({"days": away, "at": "10:00"}).date() for away in (1, 2, 3, -5, -6, -7)}
        monday, friday_before = dt.date(2026, 11, 23), dt.date(2026, 11, 13)
        self.assertEqual(days[1], monday)
        self.assertEqual(days[2], monday)
        self.assertEqual(days[3], monday)
        self.assertEqual(days[-5], friday_before)
        self.assertEqual(days[-6], friday_before)
        self.assertEqual(days[-7], friday_before)

    def test_yesterday_stays_yesterday(self):
        monday = self.friday + dt.timedelta(days=3)
        self.assertEqual(self.scheduled_for({"days": -1, "at": "14:00"}, now=monday).date(), dt.date(2026, 11, 22))
