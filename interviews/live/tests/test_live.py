"""Commands, receipts and events, as the browser meets them: over HTTP."""

import datetime as dt
import json
import threading
import time
import uuid
from unittest import mock

from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import (
    START,
    InterviewFactory,
    LeadFactory,
    PanelistFactory,
    ScriptedSectionFactory,
    ShadowFactory,
)
from interviews.live import commands, dispatch, judgement, rate_limits, ticks
from interviews.live.note_merge import text_at
from interviews.models import (
    Event,
    Interview,
    LateCommand,
    LooseEnd,
    Note,
    NoteRevision,
    Rating,
    Receipt,
    Scorecard,
    ScriptedQuestion,
    ScriptedSection,
    Tick,
    UnlistedPoint,
)
from interviews.scorecards import late_changes
from interviews.streams import events as streams
from interviews.tests.commanding import Sender, sender


class CallCase(TestCase):
    """A live interview with a lead; a question with points, and another."""

    @classmethod
    def setUpTestData(cls):
        cls.interview = InterviewFactory(live=True)
        cls.lead = LeadFactory(interview=cls.interview)
        cls.first, cls.follow_up, cls.second = cls.interview.questions.order_by("position")
        cls.points = list(cls.first.points.all())

    def setUp(self):
        self.browser = sender(self.lead)

    def refused(self, response, status, part):
        self.assertEqual(response.status_code, status, response.content)
        self.assertIn(part, response.json()["error"])

    def state_of(self, question):
        return ScriptedQuestion.objects.get(pk=question.pk)

    def current(self):
        return Interview.objects.get(pk=self.interview.pk).current_question


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
            self.refused(response, 401, "Somebody else signed in here.")
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
        self.refused(self.browser.post(body | {"value": False}), 422, "used for another command")
        self.assertEqual(Tick.objects.count(), 1)

    def test_the_same_id_in_another_interview_is_refused(self):
        other = Sender(
            self.lead.user, LeadFactory(interview=InterviewFactory(live=True), user=self.lead.user).interview
        )
        body = self.browser.body("note", None, "a")
        self.assertEqual(self.browser.post(body).status_code, 200)
        self.refused(other.post(body), 422, "used for another command")
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
        self.refused(self.browser.send("delete_everything"), 400, "no command")

    def test_an_outsider_meets_404(self):
        for person in (InterviewerFactory(), HiringManagerFactory()):
            outsider = Sender(person, self.interview)
            self.refused(outsider.send("tick", self.points[0].pk), 404, "no such interview")
        self.assertEqual(Tick.objects.count(), 0)

    def test_who_left_the_panel_meets_404(self):
        gone = PanelistFactory(interview=self.interview, left_at=START)
        self.refused(sender(gone).send("ask", self.first.pk, "now"), 404, "no such interview")

    def test_signed_out_is_401_in_json(self):
        self.browser.http.logout()
        response = self.browser.send("tick", self.points[0].pk)
        self.assertEqual((response.status_code, response.json()), (401, {"error": "Sign in again."}))

    def test_reading_the_address_of_commands_is_405(self):
        response = self.browser.http.get(reverse("live-command", args=[self.interview.pk]))
        self.assertEqual(response.status_code, 405)

    def test_a_body_that_says_it_is_too_large_is_not_read(self):
        self.refused(self.browser.post(b"x" * 3_000_000), 413, "more text than a note can hold")

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
            dispatch.take(user=self.lead.user, interview_id=self.lead.interview_id, command=command, now=timezone.now())
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
        self.both(self.browser.body("submit", None, {"last_n": 0}), self.tick)
        self.assertEqual(Tick.objects.count(), 0)
        self.assertEqual(LateCommand.objects.get().kind, "tick")

    def test_the_same_command_twice_at_once_is_taken_once(self):
        first, second = self.both(self.tick, self.tick)
        self.assertEqual(first, second)
        self.assertEqual(Tick.objects.count(), 1)

    def test_submitting_twice_at_once_gets_the_same_answer(self):
        body = self.browser.body("submit", None, {"last_n": 0})
        first, second = self.both(body, body)
        self.assertEqual(first, second)


class TestStartAndEnd(CallCase):
    def setUp(self):
        super().setUp()
        self.coming = InterviewFactory()
        self.its_lead = LeadFactory(interview=self.coming)

    def test_the_lead_starts_a_scheduled_interview(self):
        answer = sender(self.its_lead).send("start").json()
        self.coming.refresh_from_db()
        self.assertTrue(self.coming.is_live)
        self.assertEqual(answer["result"]["started_at"], self.coming.started_at.isoformat())

    def test_starting_twice_keeps_the_first_start(self):
        browser = sender(self.its_lead)
        browser.send("start")
        started_at = Interview.objects.get(pk=self.coming.pk).started_at
        self.assertEqual(browser.send("start").status_code, 200)
        self.assertEqual(Interview.objects.get(pk=self.coming.pk).started_at, started_at)

    def test_nobody_but_the_lead_starts_or_ends(self):
        for panelist in (PanelistFactory(interview=self.interview), ShadowFactory(interview=self.interview)):
            self.refused(sender(panelist).send("end"), 403, "Only the lead")
        self.interview.refresh_from_db()
        self.assertTrue(self.interview.is_live)

    def test_the_openings_manager_ends_a_call_that_was_left_open(self):
        manager = self.interview.opening.managers.get()
        self.assertEqual(Sender(manager, self.interview).send("end").status_code, 200)
        self.interview.refresh_from_db()
        self.assertTrue(self.interview.is_ended)

    def test_a_cancelled_interview_cannot_be_started(self):
        cancelled = InterviewFactory(cancelled=True)
        self.refused(sender(LeadFactory(interview=cancelled)).send("start"), 409, "was cancelled")

    def test_an_ended_interview_cannot_be_started_again(self):
        self.browser.send("end")
        self.refused(self.browser.send("start"), 409, "has ended")

    def test_ending_stops_the_clock_of_the_current_question(self):
        self.browser.send("ask", self.first.pk, "now", age=90_000)
        self.browser.send("end")
        self.assertIn(self.state_of(self.first).seconds, (89, 90, 91))
        self.interview.refresh_from_db()
        self.assertIsNone(self.interview.current_question)

    def test_ending_before_the_start_is_too_early(self):
        self.refused(sender(self.its_lead).send("end"), 409, "has not started")


class TestAsk(CallCase):
    def test_asking_now_makes_it_the_current_question(self):
        result = self.browser.send("ask", self.first.pk, "now").json()["result"]
        question = self.state_of(self.first)
        self.assertTrue(question.is_asked)
        self.assertEqual(question.asked_by, self.lead)
        self.assertEqual(result["current"]["question"], self.first.pk)

    def test_the_time_on_the_question_before_is_kept(self):
        self.browser.send("ask", self.first.pk, "now", age=240_000)
        self.browser.send("ask", self.second.pk, "now", age=60_000)
        self.assertIn(self.state_of(self.first).seconds, (179, 180, 181))

    def test_was_asked_leaves_the_current_question(self):
        self.browser.send("ask", self.first.pk, "now")
        self.browser.send("ask", self.second.pk, "asked")
        self.interview.refresh_from_db()
        self.assertEqual(self.interview.current_question, self.first)
        self.assertTrue(self.state_of(self.second).is_asked)

    def test_not_asked_after_all(self):
        self.browser.send("ask", self.first.pk, "now")
        self.browser.send("ask", self.first.pk, None)
        question = self.state_of(self.first)
        self.assertEqual((question.state, question.asked_at), ("unasked", None))

    def test_asking_again_keeps_when_it_was_first_asked(self):
        self.browser.send("ask", self.first.pk, "now", age=60_000)
        asked_at = self.state_of(self.first).asked_at
        self.browser.send("ask", self.second.pk, "now")
        self.browser.send("ask", self.first.pk, "now")
        self.assertEqual(self.state_of(self.first).asked_at, asked_at)

    def test_what_comes_late_does_not_take_the_panel_back(self):
        other = sender(PanelistFactory(interview=self.interview))
        self.browser.send("ask", self.second.pk, "now", age=5_000)
        result = other.send("ask", self.first.pk, "now", age=20_000).json()["result"]
        self.assertEqual(result["current"]["question"], self.second.pk)
        self.assertTrue(self.state_of(self.first).is_asked)
        self.browser.send("ask", self.first.pk, "now", age=3_000)
        self.assertIn(self.state_of(self.second).seconds, (1, 2, 3))
        other.send("ask", self.first.pk, None, age=20_000)
        self.assertEqual(self.current(), self.first)
        other.send("ask", self.first.pk, None, age=1_000)
        self.assertIsNone(self.current())

    def test_ones_own_come_in_their_order_however_slow_the_line(self):
        self.browser.send("ask", self.first.pk, "now")
        self.browser.send("ask", self.second.pk, "now", age=2_000)
        self.assertEqual(self.current(), self.second)

    def test_a_shadow_watches(self):
        shadow = sender(ShadowFactory(interview=self.interview))
        self.refused(shadow.send("ask", self.first.pk, "now"), 403, "A shadow watches")
        self.refused(shadow.send("skip", self.first.pk, 1), 403, "A shadow watches")

    def test_after_the_end_it_is_too_late(self):
        self.browser.send("end")
        self.refused(self.browser.send("ask", self.first.pk, "now"), 409, "has ended")
        self.refused(self.browser.send("skip", self.first.pk, 1), 409, "has ended")

    def test_another_interviews_question_is_not_there(self):
        foreign = InterviewFactory(live=True).questions.first()
        self.refused(self.browser.send("ask", foreign.pk, "now"), 404, "no such question")

    def test_any_other_wish_is_invalid(self):
        for value in (True, "later", 1, [], {}):
            self.refused(self.browser.send("ask", self.first.pk, value), 422, "asked “now”")


class TestSkip(CallCase):
    def test_skipped_with_a_reason_and_back(self):
        self.browser.send("skip", self.first.pk, 2)
        question = self.state_of(self.first)
        self.assertEqual((question.state, question.get_skip_reason_display()), ("skipped", "already answered"))
        self.browser.send("skip", self.first.pk, None)
        self.assertEqual(self.state_of(self.first).state, "unasked")

    def test_taking_back_a_skip_of_an_asked_question_leaves_it_asked(self):
        self.browser.send("ask", self.first.pk, "now")
        self.browser.send("skip", self.first.pk, 1)
        self.browser.send("skip", self.first.pk, None)
        self.assertTrue(self.state_of(self.first).is_asked)

    def test_a_skip_that_comes_late_is_overtaken_by_who_asked_since(self):
        other = sender(PanelistFactory(interview=self.interview))
        self.browser.send("ask", self.first.pk, "now", age=5_000)
        result = other.send("skip", self.first.pk, 1, age=20_000).json()["result"]
        self.assertEqual((result["state"], result["current"]["question"]), ("asked", self.first.pk))
        other.send("skip", self.first.pk, 1, age=1_000)
        self.assertEqual((self.state_of(self.first).state, self.current()), ("skipped", None))

    def test_asked_after_it_was_skipped(self):
        self.browser.send("skip", self.first.pk, 1)
        self.browser.send("ask", self.first.pk, "asked")
        self.assertTrue(self.state_of(self.first).is_asked)

    def test_a_reason_that_is_none_is_invalid(self):
        for value in (0, 6, "1", True, 1.0):
            self.refused(self.browser.send("skip", self.first.pk, value), 422, "reasons 1 to 5")


class TestGate(CallCase):
    def setUp(self):
        super().setUp()
        self.gated = ScriptedSectionFactory(interview=self.interview, gate="Go on with Django?", position=9)

    def decided(self):
        return ScriptedSection.objects.get(pk=self.gated.pk).is_gate_open

    def test_go_on_stop_and_undecided(self):
        for value in (True, False, None):
            self.assertEqual(self.browser.send("gate", self.gated.pk, value).status_code, 200)
            self.assertEqual(self.decided(), value)

    def test_only_the_lead_decides(self):
        other = sender(PanelistFactory(interview=self.interview))
        self.refused(other.send("gate", self.gated.pk, True), 403, "Only the lead")
        self.assertIsNone(self.decided())

    def test_a_section_without_a_gate_is_not_there(self):
        plain = self.interview.sections.filter(gate="").first()
        self.refused(self.browser.send("gate", plain.pk, True), 404, "no such gate")

    def test_any_other_decision_is_invalid(self):
        for value in (1, 0, 1.0, 0.0, "yes", [], {}):
            self.refused(self.browser.send("gate", self.gated.pk, value), 422, "true, false or null")


class TestTick(CallCase):
    def test_ticked_and_back(self):
        self.browser.send("tick", self.points[0].pk, True)
        self.assertEqual(Tick.objects.get().point, self.points[0])
        self.browser.send("tick", self.points[0].pk, False)
        self.assertFalse(Tick.objects.exists())

    def test_ticked_again_keeps_the_first_time(self):
        self.browser.send("tick", self.points[0].pk, True, age=60_000)
        first = Tick.objects.get().at
        result = self.browser.send("tick", self.points[0].pk, True).json()["result"]
        self.assertEqual(Tick.objects.get().at, first)
        self.assertEqual(result["at"], first.isoformat())

    def test_before_the_start_it_is_too_early(self):
        coming = InterviewFactory()
        point = coming.questions.first().points.first()
        self.refused(sender(LeadFactory(interview=coming)).send("tick", point.pk), 409, "has not started")

    def test_after_the_end_it_is_marked(self):
        self.browser.send("end", age=60_000)
        self.browser.send("tick", self.points[0].pk)
        self.browser.send("tick", self.points[1].pk, age=120_000)
        self.assertEqual(list(Tick.objects.order_by("point").values_list("is_after_call", flat=True)), [True, False])

    def test_another_interviews_point_is_not_there(self):
        foreign = InterviewFactory(live=True).questions.first().points.first()
        self.refused(self.browser.send("tick", foreign.pk), 404, "no such point")

    def test_a_shadows_tick_stays_in_their_own_stream(self):
        shadow = ShadowFactory(interview=self.interview)
        answer = sender(shadow).send("tick", self.points[0].pk).json()
        self.assertEqual((answer["shared"], answer["own"]), (None, 1))
        self.assertEqual(Event.objects.get().stream, shadow.own_stream)

    def test_fully_blind_it_stays_in_the_authors_stream(self):
        blind = InterviewFactory(live=True, is_fully_blind=True)
        lead = LeadFactory(interview=blind)
        sender(lead).send("tick", blind.questions.first().points.first().pk)
        self.assertEqual(Event.objects.get(interview=blind).stream, lead.own_stream)


class TestUnlisted(CallCase):
    def note(self, text="a materialised view", client_id=None):
        client_id = client_id or str(uuid.uuid4())
        return client_id, self.browser.send("unlisted", client_id, {"question": self.first.pk, "text": text})

    def test_noted_is_ticked_for_its_author(self):
        client_id, response = self.note()
        self.assertEqual(response.status_code, 200)
        tick = Tick.objects.get()
        self.assertEqual((tick.panelist, str(tick.unlisted_point.client_id)), (self.lead, client_id))

    def test_sent_again_it_changes_the_words(self):
        client_id, _ = self.note("a view")
        self.note("a materialised view", client_id)
        self.assertEqual(UnlistedPoint.objects.get().text, "a materialised view")

    def test_another_panelist_ticks_the_same_row(self):
        client_id, _ = self.note()
        other = PanelistFactory(interview=self.interview)
        self.assertEqual(sender(other).send("unlisted_tick", client_id).status_code, 200)
        self.assertEqual(UnlistedPoint.objects.get().ticks.count(), 2)

    def test_another_panelist_does_not_change_the_words(self):
        client_id, _ = self.note("a view")
        other = sender(PanelistFactory(interview=self.interview))
        response = other.send("unlisted", client_id, {"question": self.first.pk, "text": "mine now"})
        self.refused(response, 403, "Only who noted")
        self.assertEqual(UnlistedPoint.objects.get().text, "a view")

    def test_a_shadows_point_is_not_there_for_the_others(self):
        client_id = str(uuid.uuid4())
        shadow = sender(ShadowFactory(interview=self.interview))
        shadow.send("unlisted", client_id, {"question": self.first.pk, "text": "private"})
        self.refused(self.browser.send("unlisted_tick", client_id), 404, "no such point")

    def test_taken_back_the_row_stays_without_a_tick(self):
        client_id, _ = self.note()
        self.browser.send("unlisted_tick", client_id, False)
        self.assertEqual(UnlistedPoint.objects.get().ticks.count(), 0)

    def test_without_words_it_is_invalid(self):
        self.refused(self.note("  \n")[1], 422, "in a few words")
        self.refused(self.note("x" * 501)[1], 413, "500 can be kept")
        self.refused(self.browser.send("unlisted", str(uuid.uuid4()), "text"), 422, "a question and a text")
        self.assertFalse(UnlistedPoint.objects.exists())


class TestRate(CallCase):
    def test_rated_and_unrated(self):
        self.browser.send("rate", self.first.pk, 3)
        self.assertEqual(Rating.objects.get().value, 3)
        self.browser.send("rate", self.first.pk, None)
        self.assertIsNone(Rating.objects.get().value)

    def test_a_rating_goes_to_the_own_stream_and_moves_no_shared_number(self):
        answer = self.browser.send("rate", self.first.pk, 3).json()
        self.assertEqual((answer["shared"], answer["own"]), (None, 1))
        self.interview.refresh_from_db()
        self.assertEqual(self.interview.seq, 0)

    def test_anything_but_one_to_four_is_invalid(self):
        for value in (0, 5, "3", 3.0, True, []):
            self.refused(self.browser.send("rate", self.first.pk, value), 422, "from 1 to 4")
        self.assertFalse(Rating.objects.exists())

    def test_a_conversation_is_not_rated(self):
        ScriptedQuestion.objects.filter(pk=self.second.pk).update(kind="conversation")
        self.refused(self.browser.send("rate", self.second.pk, 3), 422, "not rated")

    def test_a_hiring_manager_who_is_not_on_the_panel_does_not_rate(self):
        manager = Sender(self.interview.opening.managers.get(), self.interview)
        self.refused(manager.send("rate", self.first.pk, 3), 403, "Only the panel")


class TestFlag(CallCase):
    def flag(self, name, on=True):
        return self.browser.send("flag", self.first.pk, {"flag": name, "on": on})

    def test_i_dont_know_raises_poor_to_mixed(self):
        self.browser.send("rate", self.first.pk, 1)
        result = self.flag("dont_know").json()["result"]
        self.assertEqual(result, {"value": 2, "flags": ["dont_know"]})
        self.assertEqual(Rating.objects.get().value, 2)

    def test_i_dont_know_leaves_a_higher_rating_and_no_rating_as_they_are(self):
        self.flag("dont_know")
        self.assertIsNone(Rating.objects.get().value)
        self.browser.send("rate", self.first.pk, 4)
        self.assertEqual(Rating.objects.get().value, 4)

    def test_after_i_dont_know_poor_is_refused(self):
        self.flag("dont_know")
        self.refused(self.browser.send("rate", self.first.pk, 1), 422, "never rated below Mixed")

    def test_unsetting_restores_nothing(self):
        self.browser.send("rate", self.first.pk, 1)
        self.flag("dont_know")
        self.flag("dont_know", on=False)
        self.assertEqual((Rating.objects.get().value, Rating.objects.get().flags), (2, []))

    def test_each_flag_is_kept(self):
        for name in Rating.FLAGS:
            self.flag(name)
        self.assertEqual(Rating.objects.get().flags, list(Rating.FLAGS))

    def test_an_unknown_flag_is_invalid(self):
        for value in (
            {"flag": "pk", "on": True},
            {"flag": [], "on": True},
            {"flag": {}, "on": True},
            {"flag": "depth", "on": 1},
            {"flag": "depth"},
            "depth",
            None,
        ):
            self.refused(self.browser.send("flag", self.first.pk, value), 422, "A flag is one of")


class TestNote(CallCase):
    def note(self, text, base_rev=0, question="first"):
        target = self.first.pk if question == "first" else None
        return self.browser.send("note", target, text, base_rev=base_rev)

    def test_kept_byte_for_byte_with_every_revision(self):
        odd = " \r\n\tשלום 🦊 é\u2028<script>alert('x')</script>\n "
        self.note("first")
        self.assertEqual(self.note(odd, base_rev=1).json()["result"], {"revision": 2, "merged": False})
        self.assertEqual(Note.objects.get().text, odd)
        self.assertEqual([text_at(Note.objects.get(), number) for number in (1, 2)], ["first", odd])

    def test_the_same_text_makes_no_revision(self):
        self.note("same")
        self.note("same", base_rev=1)
        self.assertEqual(Note.objects.get().revision, 1)

    def test_emptied_it_is_empty(self):
        self.note("something")
        self.note("", base_rev=1)
        self.assertEqual(Note.objects.get().text, "")

    def test_changed_elsewhere_both_texts_are_kept(self):
        self.note("what I wrote here")
        result = self.note("what I wrote there").json()["result"]
        self.assertTrue(result["merged"])
        self.assertIn("what I wrote here", Note.objects.get().text)
        self.assertIn("what I wrote there", result["text"])

    def test_for_the_whole_interview_before_the_start(self):
        coming = InterviewFactory()
        lead = LeadFactory(interview=coming)
        self.assertEqual(sender(lead).send("note", None, "ask about Rust", base_rev=0).status_code, 200)
        self.assertIsNone(Note.objects.get(panelist=lead).question)

    def test_after_the_end_it_is_marked(self):
        self.note("in the call")
        self.browser.send("end", age=1000)
        self.note("in the call, and after", base_rev=1)
        self.assertTrue(Note.objects.get().is_after_call)
        self.assertFalse(NoteRevision.objects.get().is_after_call)

    def test_too_long_it_is_refused_and_nothing_is_lost(self):
        self.note("kept")
        self.refused(self.note("x" * 100_001, base_rev=1), 413, "100,000 can be kept")
        self.assertEqual(Note.objects.get().text, "kept")

    def test_in_a_cancelled_interview_it_is_too_late(self):
        cancelled = InterviewFactory(cancelled=True)
        response = sender(LeadFactory(interview=cancelled)).send("note", None, "x", base_rev=0)
        self.refused(response, 409, "was cancelled")


class TestLooseEnd(CallCase):
    def keep(self, client_id, **value):
        whole = {"text": "Vary header", "question": self.first.pk, "is_done": False} | value
        return self.browser.send("loose_end", client_id, whole)

    def test_kept_done_and_removed(self):
        client_id = str(uuid.uuid4())
        self.keep(client_id)
        self.keep(client_id, is_done=True)
        self.assertEqual(
            list(LooseEnd.objects.values_list("text", "question", "is_done")),
            [("Vary header", self.first.pk, True)],
        )
        self.browser.send("loose_end", client_id, None)
        self.assertFalse(LooseEnd.objects.exists())

    def test_without_words_or_with_a_foreign_question_it_is_refused(self):
        foreign = InterviewFactory().questions.first()
        self.refused(self.keep(str(uuid.uuid4()), text=" "), 422, "in a few words")
        self.refused(self.keep(str(uuid.uuid4()), question=foreign.pk), 404, "no such question")
        self.refused(self.keep(str(uuid.uuid4()), question="1"), 404, "no such question")
        self.refused(self.keep(str(uuid.uuid4()), is_done=None), 422, "done or not")


class TestSubmit(CallCase):
    def test_before_the_end_it_is_too_early(self):
        self.refused(self.browser.send("submit"), 409, "has ended")

    def test_what_comes_afterwards_is_kept_as_late_and_changes_nothing(self):
        self.browser.send("rate", self.first.pk, 3)
        self.browser.send("end")
        self.assertEqual(self.browser.send("submit").status_code, 200)
        late = [
            ("rate", self.first.pk, 1),
            ("tick", self.points[0].pk, True),
            ("note", self.first.pk, "late"),
            ("scorecard", "because", "late"),
        ]
        for number, (kind, target, value) in enumerate(late, start=1):
            answer = self.browser.send(kind, target, value).json()
            self.assertEqual((answer["result"], answer["shared"]), ({"late": number}, None))
        self.assertEqual(list(LateCommand.objects.values_list("kind", "target", "value")), late)
        self.assertEqual(Rating.objects.get().value, 3)
        self.assertFalse(Tick.objects.exists() or Note.objects.exists())
        self.assertEqual(self.lead.scorecard.because, "")
        self.assertEqual(Event.objects.filter(kind="late").count(), 4)

    def test_what_no_correction_could_take_in_is_refused_and_no_page_breaks(self):
        self.browser.send("end")
        self.browser.send("submit")
        for kind, target, value in (
            ("tick", [], True),
            ("tick", 10**30, True),
            ("unlisted_tick", {}, True),
            ("note", self.first.pk, "x" * 100_001),
            ("scorecard", [], "x"),
            ("rate", self.first.pk, {}),
        ):
            with self.subTest(kind=kind, target=str(target)):
                self.assertIn(self.browser.send(kind, target, value).status_code, (413, 422))
        self.assertFalse(LateCommand.objects.exists())
        # What was kept before they were looked at.
        for target in ([], {}, 10**30, -(10**30), 1.5, None):
            LateCommand.objects.create(panelist=self.lead, kind="tick", target=target, value=True, at=timezone.now())
        for name, more in (("interview-detail", []), ("scorecard-correct", []), ("scorecard-read", [self.lead.pk])):
            self.assertEqual(self.browser.http.get(reverse(name, args=[self.interview.pk, *more])).status_code, 200)

    def test_submitting_twice_is_refused(self):
        self.browser.send("end")
        self.browser.send("submit")
        self.refused(self.browser.send("submit"), 409, "does not change any more")
        self.assertEqual(self.lead.scorecard.versions.count(), 1)

    def test_the_shared_stream_tells_nobody_s_submission(self):
        """Its place among the other events would tell when it came, and in which order."""
        shadow = ShadowFactory(interview=self.interview)
        self.browser.send("end")
        self.browser.send("scorecard", "because", "SECRET")
        before = Event.objects.filter(stream="shared").count()
        for panelist in (self.lead, shadow):
            answer = sender(panelist, "tab-2").send("submit")
            self.assertEqual(answer.status_code, 200)
            self.assertIsNone(answer.json()["shared"])
        self.assertEqual(Event.objects.filter(stream="shared").count(), before)


class TestSubmitAfterAll(CallCase):
    """Submitting names the last change before it, and waits for all of them."""

    def setUp(self):
        super().setUp()
        self.browser.send("end")

    def test_while_changes_are_missing_it_is_refused_and_taken_once_they_are_in(self):
        first, second = (self.browser.body("tick", point.pk) for point in self.points[:2])
        answer = self.browser.send("submit", None, {"last_n": 3})
        self.refused(answer, 409, "2 changes made on this page have not arrived yet")
        self.assertEqual(answer.json()["code"], "missing")
        self.browser.post(second)
        self.refused(self.browser.send("submit", None, {"last_n": 3}), 409, "One change made on this page has not")
        self.assertFalse(Scorecard.objects.exclude(submitted_at=None).exists())
        self.browser.post(first)
        # The two refused submissions had numbers as well.
        self.refused(self.browser.send("submit", None, {"last_n": 5, "without": [4]}), 409, "One change")
        self.assertEqual(self.browser.send("submit", None, {"last_n": 6, "without": [4, 5, 6]}).status_code, 200)

    def test_it_goes_without_what_was_refused_for_good(self):
        self.refused(self.browser.send("rate", self.first.pk, 9), 422, "from 1 to 4")
        self.refused(self.browser.send("submit", None, {"last_n": 2}), 409, "One change")
        self.assertEqual(self.browser.send("submit", None, {"last_n": 3, "without": [2, 3]}).status_code, 200)

    def test_what_other_pages_and_persons_did_does_not_count(self):
        jo = sender(PanelistFactory(interview=self.interview), self.browser.client)
        jo.send("tick", self.points[0].pk)
        sender(self.lead, "tab-2").send("tick", self.points[0].pk)
        body = self.browser.body("tick", self.points[1].pk)
        self.refused(self.browser.send("submit", None, {"last_n": body["n"]}), 409, "One change")
        self.assertEqual(sender(self.lead, "tab-3").send("submit", None, {"last_n": 0}).status_code, 200)

    def test_a_page_from_before_that_does_not_say_what_was_refused_is_taken(self):
        self.assertEqual(self.browser.send("submit", None, {"last_n": 1}).status_code, 200)

    def test_malformed_it_is_invalid(self):
        beyond = {"last_n": 99}
        for value in (None, 1, [], {}, {"last_n": "1"}, {"last_n": True}, {"last_n": -1}, {"last_n": 1.0}, beyond):
            self.refused(self.browser.send("submit", None, value), 422, "the number of the change before it")
        self.refused(self.browser.post(self.browser.body("submit")), 422, "the number of the change before it")
        for without in (None, 1, {}, "1", [0], ["1"], [True], [2**70], [-1]):
            value = {"last_n": 1, "without": without}
            self.refused(self.browser.send("submit", None, value), 422, "the numbers of the changes")
        self.assertFalse(Scorecard.objects.exclude(submitted_at=None).exists())


class TestLimits(CallCase):
    """What one person can write. Said in words; what is refused stays in the browser (413), or comes later (429)."""

    def test_extra_points_of_one_panelist(self):
        with mock.patch.object(ticks, "MOST_UNLISTED", 2):
            ids = [str(uuid.uuid4()) for _ in range(3)]
            value = {"question": self.first.pk, "text": "a view"}
            self.assertEqual([self.browser.send("unlisted", key, value).status_code for key in ids], [200, 200, 413])
            self.refused(self.browser.send("unlisted", ids[2], value), 413, "Put this one into a note")
            # The text of one that is there can still be changed, and the others have their own.
            self.assertEqual(self.browser.send("unlisted", ids[0], value | {"text": "b"}).status_code, 200)
            other = sender(PanelistFactory(interview=self.interview))
            self.assertEqual(other.send("unlisted", ids[2], value).status_code, 200)

    def test_things_to_follow_up(self):
        with mock.patch.object(judgement, "MOST_LOOSE_ENDS", 1):
            ids = [str(uuid.uuid4()) for _ in range(2)]
            value = {"question": None, "text": "Vary", "is_done": False}
            self.assertEqual(self.browser.send("loose_end", ids[0], value).status_code, 200)
            self.refused(self.browser.send("loose_end", ids[1], value), 413, "Delete some")
            self.assertEqual(self.browser.send("loose_end", ids[0], None).status_code, 200)
            self.assertEqual(self.browser.send("loose_end", ids[1], value).status_code, 200)

    def test_late_changes(self):
        self.browser.send("end")
        self.browser.send("submit")
        with mock.patch.object(late_changes, "MOST_LATE", 1):
            self.assertEqual(self.browser.send("rate", self.first.pk, 1).status_code, 200)
            self.assertEqual(self.browser.send("rate", self.first.pk, 2).status_code, 200)
            self.refused(self.browser.send("note", None, "x", base_rev=0), 413, "wait for your revision")

    def test_changes_at_once_are_taken_later(self):
        commands = [self.browser.body("tick", self.points[0].pk, number % 2 == 0) for number in range(4)]
        bucket = mock.patch.multiple(rate_limits, BURST=3, PER_SECOND=2)
        with bucket, mock.patch("interviews.live.rate_limits.time.monotonic", return_value=1_000) as clock:
            self.assertEqual([self.browser.post(body).status_code for body in commands], [200, 200, 200, 429])
            answer = self.browser.post(commands[3])
            self.refused(answer, 429, "sent in a moment")
            self.assertEqual((answer.json()["code"], answer["Retry-After"]), ("too-many", "1"))
            # Somebody else is not held up.
            other = sender(PanelistFactory(interview=self.interview))
            self.assertEqual(other.send("tick", self.points[0].pk).status_code, 200)
            clock.return_value += 1
            self.assertEqual([self.browser.post(commands[3]).status_code for _ in range(3)], [200, 200, 429])
        self.assertEqual(Receipt.objects.filter(user=self.lead.user).count(), 4)

    def test_a_page_that_was_offline_for_long_is_not_too_fast(self):
        for number in range(300):
            answer = self.browser.send("tick", self.points[0].pk, number % 2 == 0)
            self.assertEqual(answer.status_code, 200)

    def test_people_who_come_and_go_are_forgotten(self):
        with (
            mock.patch.object(rate_limits, "MOST_PEOPLE", 2),
            mock.patch("interviews.live.rate_limits.time.monotonic", side_effect=[10, 20, 30]),
        ):
            for user in (1, 2, 3):
                rate_limits.take(user)
        self.assertEqual(list(rate_limits._buckets), [3])


class TestEvents(CallCase):
    def test_everything_since_the_numbers_that_one_has(self):
        self.browser.send("tick", self.points[0].pk)
        self.browser.send("rate", self.first.pk, 3)
        self.browser.send("tick", self.points[1].pk)
        told = self.browser.events("1.0").json()
        self.assertEqual((told["shared"], told["own"]), (2, 1))
        self.assertEqual(told["user"], self.lead.user_id)
        self.assertEqual(
            [(e["stream"], e["seq"], e["kind"]) for e in told["events"]],
            [("shared", 2, "tick"), ("own", 1, "rate")],
        )

    def test_who_missed_much_asks_again_until_there_is_no_more(self):
        for number in range(7):
            self.browser.send("tick", self.points[0].pk, number % 2 == 0)
        self.browser.send("rate", self.first.pk, 3)
        with mock.patch.object(streams, "MOST_TOLD", 3):
            told, events = {"shared": 0, "own": 0, "more": True}, []
            while told.get("more"):
                told = self.browser.events(f"{told['shared']}.{told['own']}").json()
                self.assertLessEqual(len(told["events"]), 4)
                events += [(event["stream"], event["seq"]) for event in told["events"]]
        self.assertEqual(sorted(events), [("own", 1), *(("shared", number) for number in range(1, 8))])

    def test_another_panelists_own_stream_is_not_told(self):
        other = PanelistFactory(interview=self.interview)
        sender(other).send("note", self.first.pk, "CANARY", base_rev=0)
        sender(other).send("rate", self.first.pk, 1)
        response = self.browser.events()
        self.assertNotContains(response, "CANARY")
        self.assertEqual(response.json()["events"], [])

    def test_the_openings_manager_reads_the_shared_stream_only(self):
        self.browser.send("tick", self.points[0].pk)
        self.browser.send("note", self.first.pk, "CANARY", base_rev=0)
        response = Sender(self.interview.opening.managers.get(), self.interview).events()
        self.assertEqual([event["kind"] for event in response.json()["events"]], ["tick"])
        self.assertNotContains(response, "CANARY")

    def test_numbers_that_are_none_are_malformed(self):
        for since in ("", "1", "1.", "a.b", "-1.0", "1.0.0", "٣.٤", "9" * 40 + ".1"):
            self.refused(self.browser.events(since), 400, "two numbers")

    def test_an_outsider_meets_404(self):
        self.assertEqual(Sender(InterviewerFactory(), self.interview).events().status_code, 404)

    def test_posting_is_405(self):
        response = self.browser.http.post(reverse("live-events", args=[self.interview.pk]))
        self.assertEqual(response.status_code, 405)


class TestKeys(CallCase):
    def test_switched_off_and_on(self):
        for on in (False, True):
            response = self.browser.http.post(
                reverse("live-keys"), json.dumps({"on": on}), content_type="application/json"
            )
            self.assertEqual(response.json(), {"on": on})
            self.lead.user.refresh_from_db()
            self.assertEqual(self.lead.user.has_keys_on, on)

    def test_anything_else_is_malformed(self):
        for body in ("", "{}", "[]", '{"on": 1}', "null"):
            response = self.browser.http.post(reverse("live-keys"), body, content_type="application/json")
            self.assertEqual(response.status_code, 400)


class TestMoment(CallCase):
    def test_a_tick_is_dated_when_it_was_made_but_not_before_the_start(self):
        self.browser.send("tick", self.points[0].pk, age=5 * 86_400_000)
        self.assertGreater(Tick.objects.get().at, START)
        early = InterviewFactory(live=True, scheduled_for=timezone.now() - dt.timedelta(hours=1))
        point = early.questions.first().points.first()
        sender(LeadFactory(interview=early)).send("tick", point.pk, age=5 * 86_400_000)
        self.assertEqual(Tick.objects.get(point=point).at, early.started_at)
