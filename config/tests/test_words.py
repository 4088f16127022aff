import datetime as dt

import time_machine
from django.test import SimpleTestCase
from django.utils import timezone

from config.templatetags.words import also_in, clock, code, count, day, said_in, spoken, times, within, zone_name

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)  # a Friday


class CountTests(SimpleTestCase):
    def test_plural_follows_the_number(self):
        self.assertEqual([count(number, "answer") for number in (0, 1, 2)], ["0 answers", "1 answer", "2 answers"])
        self.assertEqual(count(2, "person,people"), "2 people")


class TimesTests(SimpleTestCase):
    def test_one_and_two_have_words_of_their_own(self):
        self.assertEqual([times(number) for number in (1, 2, 3)], ["once", "twice", "3 times"])


class CodeTests(SimpleTestCase):
    def test_words_between_backticks_are_code_and_nothing_else_is_html(self):
        self.assertEqual(code("Why `<b>`, not `x?"), "Why <code>&lt;b&gt;</code>, not `x?")
        self.assertEqual(spoken("Why `<b>`, not `x?"), "Why <b>, not `x?")

    def test_the_beginning_of_code_that_was_cut_is_code(self):
        self.assertEqual(code("Why `select_re…"), "Why <code>select_re…</code>")


class ClockTests(SimpleTestCase):
    def test_clock_is_the_readers(self):
        with timezone.override("Asia/Tokyo"):
            self.assertEqual(clock(NOON), "21:00")

    def test_nothing_has_no_time(self):
        self.assertEqual((clock(None), day(None)), ("", ""))


class DayTests(SimpleTestCase):
    def test_near_days_have_words_and_far_ones_dates(self):
        with time_machine.travel(NOON, tick=False):
            for days, expected in (
                (0, "Today"), (1, "Tomorrow"), (-1, "Yesterday"), (2, "Sun 22"), (-6, "Sat 14"), (7, "27 Nov"),
                (-400, "16 Oct 2025"),
            ):  # fmt: skip
                with self.subTest(days=days):
                    self.assertEqual(day(NOON + dt.timedelta(days=days)), expected)

    def test_day_is_the_readers(self):
        with time_machine.travel(NOON, tick=False), timezone.override("Pacific/Auckland"):
            self.assertEqual(day(NOON - dt.timedelta(hours=3)), "Yesterday")

    def test_date_without_a_time_is_taken_as_it_is(self):
        with time_machine.travel(NOON, tick=False):
            self.assertEqual(day(dt.date(2026, 11, 21)), "Tomorrow")

    def test_within_a_sentence_words_are_small_and_names_are_not(self):
        self.assertEqual((within("Today"), within("Mon 23")), ("today", "Mon 23"))


class ZoneTests(SimpleTestCase):
    def test_name_is_that_of_the_place(self):
        self.assertEqual(zone_name("America/Argentina/Buenos_Aires"), "Buenos Aires")
        with timezone.override("Europe/Malta"):
            self.assertEqual(zone_name(""), "Malta")

    def test_time_said_elsewhere_is_named_with_its_place(self):
        with timezone.override("Europe/Malta"):
            self.assertEqual(said_in(NOON, "America/New_York"), "07:00 in New York")
            self.assertEqual(also_in(NOON, "America/New_York"), " (07:00 in New York)")

    def test_another_day_there_is_named_too(self):
        with timezone.override("Europe/Malta"):
            self.assertEqual(said_in(NOON, "Pacific/Auckland"), "Sat 21, 01:00 in Auckland")

    def test_same_clocks_need_no_word(self):
        with timezone.override("Europe/Malta"):
            self.assertEqual(said_in(NOON, "Europe/Malta"), "")
            self.assertEqual(said_in(NOON, "Europe/Berlin"), "")
            self.assertEqual(also_in(NOON, "Europe/Berlin"), "")
