from unittest import TestCase

from interviews.records.local_times import Zone

NEW_YEAR = "2026-12-31T23:30:00.000Z"


class ZoneTests(TestCase):
    def test_times_are_shown_in_the_zone_of_the_interview(self):
        malta, new_york = Zone("Europe/Malta"), Zone("America/New_York")
        self.assertEqual((malta.clock(NEW_YEAR), new_york.clock(NEW_YEAR)), ("00:30", "18:30"))
        self.assertEqual((malta.date(NEW_YEAR), new_york.date(NEW_YEAR)), ("1 January 2027", "31 December 2026"))
        self.assertEqual(malta.short(NEW_YEAR), "1 Jan, 00:30")

    def test_summer_time_is_that_of_the_day(self):
        malta = Zone("Europe/Malta")
        self.assertEqual(malta.clock("2026-07-01T12:00:00.000Z"), "14:00")
        self.assertEqual(malta.clock("2026-12-01T12:00:00.000Z"), "13:00")
