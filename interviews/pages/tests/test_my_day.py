import datetime as dt

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import (
    AdministratorFactory,
    CuratorFactory,
    HiringManagerFactory,
    InterviewerFactory,
    UserFactory,
)
from accounts.models import User
from accounts.roles import Role
from interviews.factories import (
    InterviewFactory,
    OpeningFactory,
    PanelistFactory,
    RatingFactory,
    ScorecardFactory,
)
from interviews.models import Panelist
from interviews.pages.my_day import my_day
from question_bank.factories import QuestionFactory, ScriptFactory
from question_bank.models import Question

LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW
NOW = dt.datetime(2026, 11, 20, 13, 48, tzinfo=dt.UTC)


def after(**delta):
    return NOW + dt.timedelta(**delta)


def ended(interview, *, at):
    """Move an interview that has ended so that it ended at this time."""
    interview.started_at, interview.ended_at = at - dt.timedelta(hours=1), at
    interview.save()
    return interview


def submit(seat, **fields):
    return ScorecardFactory(panelist=seat, submitted_at=NOW, **fields)


class MyDayOfPanelistTests(TestCase):
    def setUp(self):
        self.mira = InterviewerFactory(name="Mira Rahman")
        self.jo = InterviewerFactory(name="Jo Borg")

    def interview(self, part=LEAD, others=(), **fields):
        return InterviewFactory(script=None, panel=[(self.mira, part), *others], **fields)

    def day(self):
        return my_day(user=User.objects.get(pk=self.mira.pk), now=NOW)

    def interviews(self, rows):
        return [row.interview for row in rows]

    def test_soonest_is_next_and_the_rest_comes_up_in_order(self):
        last = self.interview(scheduled_for=after(days=3))
        first = self.interview(scheduled_for=after(minutes=12))
        second = self.interview(scheduled_for=after(days=1))
        day = self.day()
        self.assertEqual(day.next.interview, first)
        self.assertEqual(day.next.minutes_to_go, 12)
        self.assertEqual(self.interviews(day.coming), [second, last])

    def test_minutes_are_rounded_up_until_the_time_has_come(self):
        for seconds, minutes in ((61, 2), (60, 1), (1, 1), (0, 0), (-61, -1)):
            interview = self.interview(scheduled_for=after(seconds=seconds))
            with self.subTest(seconds=seconds):
                self.assertEqual(self.day().next.minutes_to_go, minutes)
            interview.panelists.all().delete()

    def test_one_that_is_waiting_is_next_until_patience_ends(self):
        waiting = self.interview(scheduled_for=after(hours=-3))
        stale = self.interview(scheduled_for=after(hours=-5))
        day = self.day()
        self.assertEqual(day.next.interview, waiting)
        self.assertEqual((self.interviews(day.missed), day.coming), ([stale], []))
        self.client.force_login(self.mira)
        page = self.client.get(reverse("my-day"))
        self.assertContains(page, ">Never started</h2>")
        self.assertNotContains(page, ">Coming up</h2>")

    def test_more_than_a_page_is_counted_and_the_page_says_so(self):
        for _ in range(52):
            ended(self.interview(ended=True), at=after(days=-2))
        self.assertEqual(self.day().overdue_count, 52)
        self.client.force_login(self.mira)
        page = self.client.get(reverse("my-day"))
        self.assertContains(page, "52 overdue")
        self.assertContains(page, "42 more")
        self.assertContains(page, ">Finish the scorecard of", count=10)

    def test_live_ones_stand_apart(self):
        live = self.interview(live=True, scheduled_for=after(minutes=-20))
        day = self.day()
        self.assertEqual((self.interviews(day.live), day.next), ([live], None))

    def test_others_and_the_own_part_are_known(self):
        self.interview(part=SHADOW, others=[(self.jo, LEAD)], scheduled_for=after(hours=1))
        mine = self.day().next
        self.assertEqual(([seat.user for seat in mine.others], mine.part_words), ([self.jo], "you shadow"))

    def test_scorecards_to_finish_come_oldest_first_however_old(self):
        recent = ended(self.interview(ended=True), at=after(hours=-2))
        old = ended(self.interview(ended=True), at=after(days=-40))
        day = self.day()
        self.assertEqual(self.interviews(day.unfinished), [old, recent])
        self.assertEqual([mine.is_overdue for mine in day.unfinished], [True, False])
        self.assertEqual(day.overdue_count, 1)

    def test_due_today_goes_by_the_readers_clocks(self):
        ended(self.interview(ended=True), at=after(hours=-23))  # due at 14:48 UTC today
        self.assertEqual(self.day().due_today_count, 1)
        with timezone.override("Pacific/Kiritimati"):  # where it is 04:48 of the same next day, and now too
            self.assertEqual(self.day().due_today_count, 1)
        with timezone.override(dt.timezone(dt.timedelta(hours=9, minutes=30))):  # due at 00:18, now 23:18
            self.assertEqual(self.day().due_today_count, 0)

    def test_answers_rated_are_counted_without_blanks_and_without_the_others(self):
        interview = ended(self.interview(others=[(self.jo, INTERVIEWER)], ended=True), at=after(hours=-1))
        seats = {seat.user: seat for seat in interview.panelists.all()}
        for value in (3, 4, None):
            RatingFactory(panelist=seats[self.mira], value=value, dont_know=value is None)
        RatingFactory(panelist=seats[self.jo], value=1)
        self.assertEqual(self.day().unfinished[0].rated_count, 2)

    def test_recommendation_is_noticed(self):
        interview = ended(self.interview(ended=True), at=after(hours=-1))
        self.assertFalse(self.day().unfinished[0].has_recommendation)
        ScorecardFactory(panelist=interview.panelists.get(), recommendation=3)
        self.assertTrue(self.day().unfinished[0].has_recommendation)

    def test_submitted_ones_come_newest_first_for_two_weeks_and_say_who_is_missing(self):
        old, newer = (
            ended(self.interview(others=[(self.jo, INTERVIEWER), (InterviewerFactory(), SHADOW)], ended=True), at=at)
            for at in (after(days=-13), after(days=-1))
        )
        gone = ended(self.interview(ended=True), at=after(days=-15))
        for interview in (old, newer, gone):
            submit(interview.panelists.get(user=self.mira), recommendation=3)
        submit(old.panelists.get(user=self.jo))
        day = self.day()
        self.assertEqual(self.interviews(day.submitted), [newer, old])
        self.assertEqual([[seat.user for seat in mine.waiting_for] for mine in day.submitted], [[self.jo], []])
        self.assertEqual(day.submitted[0].said, "Yes")

    def test_submitting_without_a_recommendation_is_said_so(self):
        interview = ended(self.interview(ended=True), at=after(days=-1))
        submit(interview.panelists.get())
        self.assertEqual(self.day().submitted[0].said, "No decision")

    def test_cancelled_left_and_other_peoples_interviews_are_not_there(self):
        self.interview(cancelled=True)
        PanelistFactory(interview__script=None, user=self.mira, left_at=NOW)
        InterviewFactory(script=None, panel=[(self.jo, LEAD)])
        self.assertFalse(self.day().has_panels)


class MyDayOfManagerTests(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory()
        self.opening = OpeningFactory(managers=[self.hana])
        self.two = [(InterviewerFactory(), LEAD), (InterviewerFactory(), INTERVIEWER)]

    def interview(self, panel=None, **fields):
        panel = self.two if panel is None else panel
        return InterviewFactory(script=None, candidate__opening=self.opening, panel=panel, **fields)

    def day(self):
        return my_day(user=User.objects.get(pk=self.hana.pk), now=NOW)

    def test_own_open_openings_are_there(self):
        OpeningFactory(managers=[self.hana], closed_at=NOW)
        OpeningFactory()
        self.assertEqual(self.day().openings, [self.opening])

    def test_interviews_are_placed_by_what_they_need(self):
        live = self.interview(live=True, scheduled_for=after(minutes=-20))
        ahead = self.interview(scheduled_for=after(days=1))
        waiting = ended(self.interview(ended=True), at=after(days=-1))
        complete = ended(self.interview(ended=True), at=after(days=-2))
        for seat in complete.panelists.all():
            submit(seat)
        ended(self.interview(ended=True), at=after(days=-61))
        self.interview(cancelled=True)
        InterviewFactory(script=None, scheduled_for=after(days=1))
        day = self.day()
        placed = (day.managed_live, day.managed_ahead, day.waiting, day.to_read, day.to_mend)
        self.assertEqual(
            [[managed.interview for managed in rows] for rows in placed], [[live], [ahead], [waiting], [complete], []]
        )

    def test_own_panels_are_not_shown_twice(self):
        self.interview(panel=[(self.hana, LEAD)], scheduled_for=after(days=1))
        day = self.day()
        self.assertIsNotNone(day.next)
        self.assertEqual((day.managed_ahead, day.to_mend), ([], []))

    def test_newest_scorecards_come_first(self):
        older, newer = (ended(self.interview(ended=True), at=after(days=-days)) for days in (3, 1))
        older.scheduled_for, newer.scheduled_for = after(days=-3), after(days=-1)
        older.save(), newer.save()
        self.assertEqual([managed.interview for managed in self.day().waiting], [newer, older])

    def test_without_the_role_nothing_is_managed(self):
        self.interview(live=True)
        self.hana.groups.clear()
        day = self.day()
        self.assertEqual((day.openings, day.managed_live), ([], []))


class MyDayOfOthersTests(TestCase):
    def test_curator_sees_the_bank_in_figures_and_its_newest_drafts(self):
        QuestionFactory()
        drafts = [QuestionFactory(status=Question.Status.DRAFT) for _ in range(6)]
        QuestionFactory(status=Question.Status.REVIEW)
        QuestionFactory(status=Question.Status.RETIRED)
        ScriptFactory()
        ScriptFactory(is_retired=True)
        day = my_day(user=CuratorFactory(), now=NOW)
        self.assertEqual(
            day.bank, {"published": 1, "draft": 6, "review": 1, "retired": 1, "scripts": 1, "suggestions": 0}
        )
        self.assertEqual(day.drafts, list(reversed(drafts))[:5])

    def test_administrator_sees_how_many_people_there_are(self):
        administrator = AdministratorFactory(last_login=NOW)
        InterviewerFactory()
        InterviewerFactory(is_active=False)
        self.assertEqual(
            my_day(user=administrator, now=NOW).people, {"active": 2, "invited": 1, "unsent": 0, "unmanaged": 0}
        )

    def test_roles_add_up(self):
        person = UserFactory(roles=list(Role))
        OpeningFactory(managers=[person])
        PanelistFactory(interview__script=None, user=person)
        day = my_day(user=person, now=NOW)
        self.assertTrue(day.has_panels and day.openings and day.bank and day.people)
