import datetime as dt
import json
import threading
import time
import uuid
from unittest import mock

from django.db import connection, transaction
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import (
    START,
    InterviewFactory,
    LeadFactory,
    PanelistFactory,
    ScorecardFactory,
)
from interviews.live import commands, dispatch, judgement, ticks
from interviews.live.tests.call_case import CallCase
from interviews.models import (
    Event,
    LateCommand,
    Rating,
    Receipt,
    Tick,
)
from interviews.tests.commanding import Sender, sender


class TestTake(CallCase):
    def test_a_command_is_answered_with_its_receipt_and_an_event_in_its_stream(self):
        body = self.browser.body("tick", self.points[0].pk)
        answer = self.browser.post(body).json()
        self.assertEqual(answer["receipt"], body["id"])
        self.assertEqual((answer["shared"], answer["own"]), (1, None))
        event = Event.objects.get(interview=self.interview)
        self.assertEqual((event.stream, event.seq, event.kind, event.actor), ("shared", 1, "tick", self.lead.user))
        receipt = Receipt.objects.get(command_id=body["id"])
        self.assertEqual(json.loads(receipt.answer), answer)

    def test_the_same_command_again_gets_the_same_answer_and_changes_nothing(self):
        body = self.browser.body("tick", self.points[0].pk)
        first, again = self.browser.post(body), self.browser.post(body | {"age": 5000})
        self.assertEqual(first.content, again.content)
        self.assertEqual(Tick.objects.count(), 1)
        self.assertEqual(Event.objects.count(), 1)
        self.assertEqual(Receipt.objects.count(), 1)

    def test_a_page_that_was_opened_for_somebody_else_is_told_to_sign_in_and_changes_nothing(self):
        other = PanelistFactory(interview=self.interview)
        for outsider in (other.user, InterviewerFactory()):
            browser = Sender(outsider, self.interview)
            response = browser.send("rate", self.first.pk, 1, sender=self.lead.user_id)
            self.assert_refused(response, 401, "Someone else signed in here.")
        self.assertEqual((Rating.objects.count(), Receipt.objects.count()), (0, 0))
        self.assertEqual(self.browser.send("rate", self.first.pk, 1, sender=self.lead.user_id).status_code, 200)

    def test_the_same_command_again_after_the_call_ended_gets_its_receipt(self):
        body = self.browser.body("ask", self.first.pk, "now")
        first = self.browser.post(body)
        self.browser.send("end")
        self.assertEqual(self.browser.post(body).content, first.content)

    def test_the_same_id_with_another_body_is_refused(self):
        body = self.browser.body("tick", self.points[0].pk)
        self.browser.post(body)
        self.assert_refused(self.browser.post(body | {"value": False}), 422, "used for another command")
        self.assertEqual(Tick.objects.count(), 1)

    def test_the_same_id_in_another_interview_is_refused(self):
        other = Sender(
            self.lead.user, LeadFactory(interview=InterviewFactory(live=True), user=self.lead.user).interview
        )
        body = self.browser.body("note", None, "a")
        self.assertEqual(self.browser.post(body).status_code, 200)
        self.assert_refused(other.post(body), 422, "used for another command")
        self.assertEqual(self.browser.post(body).status_code, 200)

    def test_the_same_id_by_two_people_are_two_commands(self):
        body = self.browser.body("tick", self.points[0].pk)
        self.browser.post(body)
        other = sender(PanelistFactory(interview=self.interview))
        self.assertEqual(other.post(body).status_code, 200)
        self.assertEqual(Tick.objects.count(), 2)

    def test_numbers_of_a_stream_have_no_gap_after_a_refusal(self):
        self.browser.send("tick", self.points[0].pk)
        self.browser.send("tick", 10**9)
        self.browser.send("tick", self.points[1].pk)
        self.assertEqual(list(Event.objects.values_list("seq", flat=True)), [1, 2])

    def test_an_unknown_kind_is_malformed(self):
        self.assert_refused(self.browser.send("delete_everything"), 400, "no command")

    def test_an_outsider_meets_404(self):
        for person in (InterviewerFactory(), HiringManagerFactory()):
            outsider = Sender(person, self.interview)
            self.assert_refused(outsider.send("tick", self.points[0].pk), 404, "Interview not found")
        self.assertEqual(Tick.objects.count(), 0)

    def test_who_left_the_panel_meets_404(self):
        gone = PanelistFactory(interview=self.interview, left_at=START)
        self.assert_refused(sender(gone).send("ask", self.first.pk, "now"), 404, "Interview not found")

    def test_signed_out_is_401_in_json(self):
        self.browser.http.logout()
        response = self.browser.send("tick", self.points[0].pk)
        self.assertEqual((response.status_code, response.json()), (401, {"error": "Sign in again."}))

    def test_reading_the_address_of_commands_is_405(self):
        response = self.browser.http.get(reverse("live-command", args=[self.interview.pk]))
        self.assertEqual(response.status_code, 405)

    def test_a_body_that_says_it_is_too_large_is_not_read(self):
        self.assert_refused(self.browser.post(b"x" * 3_000_000), 413, "too long to save")

    def test_a_tick_takes_at_most_eight_queries(self):
        body = self.browser.body("tick", self.points[0].pk)
        with CaptureQueriesContext(connection) as queries:
            self.browser.post(body)
        counted = [q["sql"] for q in queries if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
        self.assertLessEqual(len(counted), 8, "\n".join(counted))


class TestTakeAtOnce(TransactionTestCase):
    """Two commands on two connections: the second waits for the first, and must see what it did."""

    def setUp(self):
        self.lead = LeadFactory(interview=InterviewFactory(ended=True))
        self.browser = sender(self.lead)
        self.tick = self.browser.body("tick", self.lead.interview.questions.first().points.first().pk)

    def take(self, body):
        command = commands.read(json.dumps(body).encode())
        return json.loads(
            dispatch.apply_command(
                user=self.lead.user, interview_id=self.lead.interview_id, command=command, now=timezone.now()
            )
        )

    def both(self, first, second):
        """The two answers; the second was on its way before the first was committed."""
        is_taken, answers = threading.Event(), []

        def hold():
            with transaction.atomic():
                answers.append(self.take(first))
                is_taken.set()
                time.sleep(0.5)
            connection.close()

        thread = threading.Thread(target=hold)
        with mock.patch("interviews.exports.tasks.build_after_submission"):
            thread.start()
            self.assertTrue(is_taken.wait(10))
            answers.append(self.take(second))
            thread.join()
        return answers

    def test_a_tick_that_waited_for_the_submission_is_kept_as_late(self):
        ScorecardFactory(panelist=self.lead, recommendation=3)
        self.both(self.browser.body("submit", None, {"last_n": 0}), self.tick)
        self.assertEqual(Tick.objects.count(), 0)
        self.assertEqual(LateCommand.objects.get().kind, "tick")

    def test_the_same_command_twice_at_once_is_taken_once(self):
        first, second = self.both(self.tick, self.tick)
        self.assertEqual(first, second)
        self.assertEqual(Tick.objects.count(), 1)

    def test_submitting_twice_at_once_gets_the_same_answer(self):
        ScorecardFactory(panelist=self.lead, recommendation=3)
        body = self.browser.body("submit", None, {"last_n": 0})
        first, second = self.both(body, body)
        self.assertEqual(first, second)


class TestLimits(CallCase):
    """What one person can write. Said in words; what is refused stays in the browser (413), or comes later (429)."""

    def test_extra_points_of_one_panelist(self):
        with mock.patch.object(ticks, "MOST_UNLISTED", 2):
            ids = [str(uuid.uuid4()) for _ in range(3)]
            value = {"question": self.first.pk, "text": "a view"}
            self.assertEqual([self.browser.send("unlisted", key, value).status_code for key in ids], [200, 200, 413])
            self.assert_refused(self.browser.send("unlisted", ids[2], value), 413, "Put this one in a note")
            # The text of one that is there can still be changed, and the others have their own.
            self.assertEqual(self.browser.send("unlisted", ids[0], value | {"text": "b"}).status_code, 200)
            other = sender(PanelistFactory(interview=self.interview))
            self.assertEqual(other.send("unlisted", ids[2], value).status_code, 200)

    def test_things_to_follow_up(self):
        with mock.patch.object(judgement, "MOST_LOOSE_ENDS", 1):
            ids = [str(uuid.uuid4()) for _ in range(2)]
            value = {"question": None, "text": "Vary", "is_done": False}
            self.assertEqual(self.browser.send("loose_end", ids[0], value).status_code, 200)
            self.assert_refused(self.browser.send("loose_end", ids[1], value), 413, "Delete some")
            self.assertEqual(self.browser.send("loose_end", ids[0], None).status_code, 200)
            self.assertEqual(self.browser.send("loose_end", ids[1], value).status_code, 200)


class TestMoment(CallCase):
    def test_a_tick_is_dated_when_it_was_made_but_not_before_the_start(self):
        self.browser.send("tick", self.points[0].pk, age=5 * 86_400_000)
        self.assertGreater(Tick.objects.get().at, START)
        early = InterviewFactory(live=True, scheduled_for=timezone.now() - dt.timedelta(hours=1))
        point = early.questions.first().points.first()
        sender(LeadFactory(interview=early)).send("tick", point.pk, age=5 * 86_400_000)
        self.assertEqual(Tick.objects.get(point=point).at, early.started_at)
