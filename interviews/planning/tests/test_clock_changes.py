import datetime as dt

from django.test import SimpleTestCase

from interviews.planning.clock_changes import NoSuchTime, TimeComesTwice, moment

AUTUMN, SPRING = dt.date(2026, 10, 25), dt.date(2026, 3, 29)  # when clocks in Malta change


class MomentTests(SimpleTestCase):
    def test_time_is_that_of_the_zone(self):
        malta = moment(dt.date(2026, 11, 20), dt.time(14, 0), "Europe/Malta")
        self.assertEqual(malta, dt.datetime(2026, 11, 20, 13, 0, tzinfo=dt.UTC))
        new_york = moment(dt.date(2026, 7, 1), dt.time(8, 0), "America/New_York")
        self.assertEqual(new_york, dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC))

    def test_time_that_the_clocks_jump_over_is_refused(self):
        for time in (dt.time(2, 0), dt.time(2, 30), dt.time(2, 59)):
            with self.subTest(time=time), self.assertRaisesMessage(NoSuchTime, "in Malta skip"):
                moment(SPRING, time, "Europe/Malta")

    def test_time_that_comes_twice_is_refused(self):
        for time in (dt.time(2, 0), dt.time(2, 30), dt.time(2, 59)):
            with self.subTest(time=time), self.assertRaisesMessage(TimeComesTwice, "twice"):
                moment(AUTUMN, time, "Europe/Malta")

    def test_hours_before_and_after_a_change_are_taken(self):
        for date, time, utc_hour in (
            (SPRING, dt.time(1, 59), 0),
            (SPRING, dt.time(3, 0), 1),
            (AUTUMN, dt.time(1, 59), 23),
            (AUTUMN, dt.time(3, 0), 2),
        ):
            with self.subTest(date=date, time=time):
                self.assertEqual(moment(date, time, "Europe/Malta").astimezone(dt.UTC).hour, utc_hour)

    def test_zone_without_changes_takes_every_time(self):
        self.assertEqual(moment(SPRING, dt.time(2, 30), "UTC"), dt.datetime(2026, 3, 29, 2, 30, tzinfo=dt.UTC))
