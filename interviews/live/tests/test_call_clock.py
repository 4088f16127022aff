import datetime as dt

from django.utils import timezone

from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory
from interviews.live.tests.call_case import CallCase
from interviews.models import Event, Interview
from interviews.tests.commanding import sender


class MinutesTests(CallCase):
    def minutes(self):
        return Interview.objects.get(pk=self.interview.pk).minutes

    def test_lead_makes_the_call_longer_for_all_and_undoes_it(self):
        answer = self.browser.send("minutes", value=65).json()
        self.assertEqual(self.minutes(), 65)
        self.assertEqual((Event.objects.get().kind, Event.objects.get().payload["minutes"]), ("panel", 65))
        self.browser.send("minutes", value=60, undoes=answer["receipt"])
        self.assertEqual(self.minutes(), 60)

    def test_undo_does_not_take_back_what_someone_else_set_since(self):
        mine = self.browser.send("minutes", value=65).json()["receipt"]
        jo = PanelistFactory(interview=self.interview)
        self.browser.send("lead", value=jo.pk)
        sender(jo).send("minutes", value=75)
        sender(jo).send("lead", value=self.lead.pk)
        stays = self.browser.send("minutes", value=60, undoes=mine).json()["result"]["stays"]
        self.assertIn("has changed this since", stays)
        self.assertEqual(self.minutes(), 75)

    def test_nobody_else_nor_before_the_call_nor_any_length(self):
        jo = PanelistFactory(interview=self.interview)
        self.assert_refused(sender(jo).send("minutes", value=65), 403, "Only the lead")
        for length in (4, 481, True, "65", None):
            self.assert_refused(self.browser.send("minutes", value=length), 422, "5 to 480 minutes")
        planned = LeadFactory(interview=InterviewFactory())
        self.assert_refused(sender(planned).send("minutes", value=65), 409, "not started yet")


class RunOverTests(CallCase):
    def test_lead_lets_the_call_run_over_and_undoes_it(self):
        answer = self.browser.send("run_over", value=True).json()
        self.assertIs(Interview.objects.get(pk=self.interview.pk).may_run_over, True)
        self.assertIs(Event.objects.get().payload["may_run_over"], True)
        self.browser.send("run_over", value=False, undoes=answer["receipt"])
        self.assertIs(Interview.objects.get(pk=self.interview.pk).may_run_over, False)

    def test_nobody_else_nor_anything_but_yes_and_no(self):
        self.assert_refused(sender(PanelistFactory(interview=self.interview)).send("run_over"), 403, "Only the lead")
        self.assert_refused(self.browser.send("run_over", value="yes"), 422, "either true or false")


class PauseTests(CallCase):
    """The call began a minute ago, so that ages are within it; the first question is asked after 20 seconds."""

    def setUp(self):
        super().setUp()
        began = timezone.now() - dt.timedelta(seconds=60)
        Interview.objects.filter(pk=self.interview.pk).update(started_at=began)
        self.send("ask", self.first.pk, "now", before=40)

    def send(self, kind, target=None, value=True, *, before, browser=None, **more):
        """Send what was done so many seconds ago."""
        answer = (browser or self.browser).send(kind, target, value, age=before * 1000, **more)
        self.assertEqual(answer.status_code, 200, answer.content)
        return answer.json()

    def row(self):
        return Interview.objects.get(pk=self.interview.pk)

    def seconds(self):
        return self.state_of(self.first).seconds

    def test_pause_counts_in_no_question_and_everyone_hears_of_it(self):
        self.send("pause", before=30)
        told = Event.objects.order_by("seq").last().payload
        self.assertEqual(
            (told["pause"]["by"], told["current"]), (str(self.lead.user), {"question": self.first.pk, "since": None})
        )
        self.assertEqual(self.seconds(), 10)
        self.send("tick", self.points[0].pk, before=20)
        self.send("pause", value=False, before=10)
        self.send("end", before=0)
        row = self.row()
        self.assertEqual((self.seconds(), row.paused_seconds, row.paused_at), (20, 20, None))

    def test_first_question_ends_the_welcome(self):
        self.assertEqual(self.row().welcome_seconds, 20)
        self.send("ask", self.second.pk, "now", before=20)
        self.assertEqual(self.row().welcome_seconds, 20)
        self.send("ask", self.second.pk, None, before=10)
        self.send("ask", self.first.pk, None, before=5)
        self.assertIsNone(self.row().welcome_seconds)

    def test_asking_resumes_also_by_an_interviewer(self):
        self.send("pause", before=30)
        self.send("ask", self.second.pk, "now", before=10, browser=sender(PanelistFactory(interview=self.interview)))
        row = self.row()
        self.assertEqual((row.paused_at, row.paused_seconds, self.current()), (None, 20, self.second))

    def test_ending_and_cancelling_end_the_pause(self):
        self.send("pause", before=30)
        self.send("end", before=10)
        self.assertEqual((self.row().paused_at, self.row().paused_seconds), (None, 20))

    def test_question_asked_before_the_pause_that_arrives_later_does_not_resume(self):
        jo = PanelistFactory(interview=self.interview)
        self.send("pause", before=30)
        self.send("ask", self.second.pk, "now", before=35, browser=sender(jo))
        self.assertEqual((self.current(), self.row().paused_at is None), (self.first, False))
        self.assertTrue(self.state_of(self.second).is_asked)

    def test_skipping_the_current_question_leaves_it_in_a_pause(self):
        self.send("pause", before=30)
        self.send("skip", self.first.pk, 1, before=10)
        self.send("pause", value=False, before=0)
        self.assertEqual((self.current(), self.seconds()), (None, 10))

    def test_undo_resumes_unless_someone_else_did_since(self):
        mine = self.send("pause", before=30)
        self.send("pause", value=False, before=20, undoes=mine["receipt"])
        self.assertIsNone(self.row().paused_at)
        again = self.send("pause", before=15)
        jo = PanelistFactory(interview=self.interview)
        self.send("lead", value=jo.pk, before=12)
        self.send("pause", value=False, before=10, browser=sender(jo))
        told = self.send("pause", value=False, before=5, undoes=again["receipt"])
        self.assertIn("has changed this since", told["result"]["stays"])

    def test_only_the_lead_and_only_in_a_live_call(self):
        jo = PanelistFactory(interview=self.interview)
        self.assert_refused(sender(jo).send("pause"), 403, "Only the lead can start or pause")
        self.send("end", before=0)
        self.assert_refused(self.browser.send("pause"), 409, "has ended")

    def test_taking_the_start_back_forgets_pause_and_welcome(self):
        call = LeadFactory(interview=InterviewFactory())
        browser = sender(call)
        browser.send("start")
        browser.send("pause")
        browser.send("start", value=False)
        row = Interview.objects.get(pk=call.interview_id)
        self.assertEqual((row.paused_at, row.paused_seconds, row.is_scheduled), (None, 0, True))
