import datetime as dt

from django.test import SimpleTestCase, TestCase
from django.utils import timezone

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import START, InterviewFactory, PanelistFactory
from interviews.models import Interview, Panelist
from interviews.planning.concerns import Unchecked, concerns, require_checked
from question_bank.factories import ScriptItemFactory, TopicFactory
from question_bank.models import Topic

LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW
NOW = START - dt.timedelta(days=7)
ALONE = "Only one interviewer is on the panel. With two, the debrief has a second view."


class ConcernsTests(TestCase):
    def concerns(self, interview, by=None):
        return concerns(interview=interview, by=by or HiringManagerFactory(), at=NOW)

    def test_good_plan_raises_none(self):
        interview = InterviewFactory(panel=[(InterviewerFactory(), LEAD), (InterviewerFactory(), INTERVIEWER)])
        self.assertEqual(self.concerns(interview), [])

    def test_topic_that_no_interview_of_the_candidate_asks_about_is_noticed(self):
        caching, security, old = TopicFactory(name="Caching"), TopicFactory(name="Security"), TopicFactory()
        item = ScriptItemFactory(question__topic=caching)
        interview = InterviewFactory(
            script=item.section.script, candidate__name="Ada",
            panel=[(InterviewerFactory(), LEAD), (InterviewerFactory(), INTERVIEWER)],
        )  # fmt: skip
        interview.opening.topics.set([caching, security, old])
        Topic.objects.filter(pk=old.pk).update(is_retired=True)
        found = ["None of Ada’s interviews has a question on Security, which the opening should cover."]
        self.assertEqual(self.concerns(interview), found)
        other = InterviewFactory(
            script=ScriptItemFactory(question__topic=security).section.script, candidate=interview.candidate,
            opening=interview.opening, scheduled_for=START + dt.timedelta(days=1),
        )  # fmt: skip
        self.assertEqual(self.concerns(interview), [])
        Interview.objects.filter(pk=other.pk).update(status="cancelled", cancelled_at=NOW)
        self.assertEqual(self.concerns(interview), found)

    def test_time_in_the_past_is_noticed_until_the_start(self):
        past = NOW - dt.timedelta(hours=1)
        self.assertEqual(self.concerns(InterviewFactory(scheduled_for=past)), ["The time is in the past."])
        self.assertEqual(self.concerns(InterviewFactory(scheduled_for=past, live=True)), [])

    def test_overlapping_interview_of_the_same_person_is_noticed(self):
        jo = InterviewerFactory(name="Jo Borg")
        other = InterviewFactory(
            script=None, candidate__name="Ada", scheduled_for=START - dt.timedelta(minutes=30), minutes=31,
            panel=[(jo, LEAD)],
        )  # fmt: skip
        interview = InterviewFactory(script=None, panel=[(jo, SHADOW)])
        with timezone.override("Europe/Malta"):
            self.assertEqual(
                self.concerns(interview, by=jo), ["Jo Borg is busy 14:30 to 15:01 (Malta): interview with Ada."]
            )
        other.minutes = 30
        other.save()
        self.assertEqual(self.concerns(interview), [])

    def test_overlapping_interview_of_the_same_candidate_is_noticed(self):
        other = InterviewFactory(script=None, candidate__name="Ada", minutes=60)
        (planner := HiringManagerFactory()).openings.add(other.opening)
        interview = InterviewFactory(script=None, candidate=other.candidate, opening=other.opening)
        with timezone.override("Europe/Malta"):
            self.assertEqual(
                self.concerns(interview, by=planner), ["Ada has another interview 15:00 to 16:00 (Malta)."]
            )
        Interview.objects.filter(pk=other.pk).update(scheduled_for=START + dt.timedelta(hours=2))
        self.assertEqual(self.concerns(interview, by=planner), [])

    def test_of_an_interview_that_the_planner_may_not_see_only_the_busy_time_is_told(self):
        jo, planner = InterviewerFactory(name="Jo Borg"), HiringManagerFactory()
        other = InterviewFactory(script=None, candidate__name="Ada", minutes=60, panel=[(jo, LEAD)])
        interview = InterviewFactory(script=None, panel=[(jo, LEAD)])
        with timezone.override("America/New_York"):
            self.assertEqual(
                self.concerns(interview, by=planner), ["Jo Borg is busy 09:00 to 10:00 (New York).", ALONE]
            )
            other.opening.managers.add(planner)
            self.assertEqual(
                self.concerns(interview, by=planner),
                ["Jo Borg is busy 09:00 to 10:00 (New York): interview with Ada.", ALONE],
            )

    def test_interview_that_begins_before_the_end_is_noticed_too(self):
        jo = InterviewerFactory()
        InterviewFactory(script=None, scheduled_for=START + dt.timedelta(minutes=59), panel=[(jo, LEAD)])
        interview = InterviewFactory(script=None, panel=[(jo, LEAD)])
        self.assertEqual(len(self.concerns(interview)), 2)
        interview.minutes = 59
        self.assertEqual(self.concerns(interview), [ALONE])

    def test_over_and_left_interviews_do_not_clash(self):
        jo = InterviewerFactory()
        InterviewFactory(script=None, ended=True, panel=[(jo, LEAD)])
        InterviewFactory(script=None, cancelled=True, panel=[(jo, LEAD)])
        PanelistFactory(interview__script=None, user=jo, left_at=NOW)
        self.assertEqual(self.concerns(InterviewFactory(script=None, panel=[(jo, LEAD)])), [ALONE])

    def test_more_than_five_people_are_many(self):
        interview = InterviewFactory(script=None)
        for _ in range(5):
            PanelistFactory(interview=interview)
        self.assertEqual(self.concerns(interview), [])
        PanelistFactory(interview=interview)
        self.assertEqual(self.concerns(interview), ["6 panelists is a lot for one candidate. Five or fewer is kinder."])

    def test_overlapping_interview_of_the_same_person_in_another_opening_is_noticed_if_it_may_be_seen(self):
        other = InterviewFactory(script=None, candidate__name="Ada", candidate__email="ada@example.org")
        interview = InterviewFactory(script=None, candidate__name="Ada O", candidate__email="ADA@example.org")
        planner = HiringManagerFactory()
        interview.opening.managers.add(planner)
        self.assertEqual(self.concerns(interview, by=planner), [])
        other.opening.managers.add(planner)
        with timezone.override("Europe/Malta"):
            self.assertEqual(
                self.concerns(interview, by=planner), ["Ada has another interview 15:00 to 16:00 (Malta)."]
            )

    def test_weekends_and_nights_are_noticed_where_they_are(self):
        panel = [(InterviewerFactory(name="Jo Borg", time_zone="America/Los_Angeles"), LEAD)]
        panel += [(InterviewerFactory(time_zone="Europe/Malta"), INTERVIEWER)]
        saturday = dt.datetime(2024, 11, 23, 14, 0, tzinfo=dt.UTC)
        interview = InterviewFactory(script=None, scheduled_for=saturday, panel=panel)
        self.assertEqual(
            self.concerns(interview),
            ["23 November is a Saturday.", "For Jo Borg, that is 06:00 to 07:00 (Los Angeles)."],
        )
        late = InterviewFactory(script=None, scheduled_for=START + dt.timedelta(hours=4, minutes=30), panel=[])
        self.assertEqual(self.concerns(late), ["19:30 to 20:30 (Malta) is outside working hours."])


class RequireCheckedTests(SimpleTestCase):
    def test_warnings_are_read_before_anything_is_saved_and_new_ones_again(self):
        require_checked([], checked="")
        with self.assertRaises(Unchecked) as caught:
            require_checked(["It is late."], checked="")
        require_checked(["It is late."], checked=caught.exception.seal)
        with self.assertRaises(Unchecked):
            require_checked(["It is late.", "It is a Sunday."], checked=caught.exception.seal)
