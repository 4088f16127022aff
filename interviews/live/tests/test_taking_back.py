"""Undo: what a command that takes another back changes, and what it leaves."""

import datetime as dt
import uuid

from django.utils import timezone

from accounts.factories import HiringManagerFactory
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory, ScriptedSectionFactory, ShadowFactory
from interviews.live.tests.call_case import CallCase
from interviews.models import Event, Interview, Panelist, ScriptedQuestion, Tick
from interviews.tests.commanding import Sender, sender

State = ScriptedQuestion.State


class TakingBackCase(CallCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.jo = PanelistFactory(interview=cls.interview, user__name="Jo Borg")

    def setUp(self):
        super().setUp()
        self.other = sender(self.jo)

    def does(self, *command, browser=None, **more):
        """Send a command that must be taken; return its id."""
        answer = (browser or self.browser).send(*command, **more)
        self.assertEqual(answer.status_code, 200, answer.content)
        return answer.json()["receipt"]

    def take_back(self, undoes, *command, browser=None):
        """Send what takes a command back. Returns why it stays, or nothing."""
        answer = (browser or self.browser).send(*command, undoes=undoes)
        self.assertEqual(answer.status_code, 200, answer.content)
        return answer.json()["result"].get("stays", "")


class TestAsking(TakingBackCase):
    def test_a_move_goes_back_with_its_asking(self):
        self.does("ask", self.first.pk, "now")
        move = self.does("ask", self.second.pk, "now")
        self.assertEqual(self.take_back(move, "ask", self.second.pk, None), "")
        self.assertEqual(self.take_back(move, "ask", self.first.pk, "now"), "")
        self.assertEqual(self.state_of(self.second).state, State.UNASKED)
        self.assertEqual(self.current(), self.first)

    def test_a_question_stays_asked_once_something_is_recorded_there(self):
        records = (
            ("rate", 3, None),
            ("note", "Measures first.", ""),
            ("flag", {"flag": "depth", "on": True}, {"flag": "depth", "on": False}),
        )
        for kind, value, nothing in records:
            with self.subTest(kind=kind):
                move = self.does("ask", self.first.pk, "now")
                self.does(kind, self.first.pk, value, base_rev=0)
                self.assertIn("something is recorded", self.take_back(move, "ask", self.first.pk, None))
                self.does(kind, self.first.pk, nothing, base_rev=1)
                self.assertEqual(self.take_back(move, "ask", self.first.pk, None), "")

    def test_a_point_that_another_heard_keeps_it_asked_even_for_who_was_offline(self):
        move = self.does("ask", self.first.pk, "now")
        self.does("tick", self.points[0].pk, True, browser=self.other)
        seq = Event.objects.count()
        self.assertIn("something is recorded", self.take_back(move, "ask", self.first.pk, None))
        self.assertEqual(Event.objects.count(), seq)

    def test_what_only_others_know_tells_nothing(self):
        """A rating of another, and a tick that nobody else sees, do not show in the answer."""
        move = self.does("ask", self.first.pk, "now")
        self.does("rate", self.first.pk, 2, browser=self.other)
        self.does("tick", self.points[0].pk, True, browser=sender(ShadowFactory(interview=self.interview)))
        self.assertEqual(self.take_back(move, "ask", self.first.pk, None), "")

    def test_what_another_asked_meanwhile_stays(self):
        move = self.does("ask", self.first.pk, "now")
        self.does("ask", self.second.pk, "now", browser=self.other)
        why = self.take_back(move, "ask", self.follow_up.pk, "now")
        self.assertEqual(why, "Jo has changed this since, so it wasn’t undone.")
        self.assertEqual(self.current(), self.second)
        self.assertEqual(self.take_back(move, "ask", self.first.pk, None), "")

    def test_what_was_asked_before_i_asked_it_stays_asked(self):
        self.does("ask", self.first.pk, "now", browser=self.other)
        move = self.does("ask", self.first.pk, "now")
        self.assertIn("had already been asked", self.take_back(move, "ask", self.first.pk, None))
        self.assertEqual(self.state_of(self.first).asked_by, self.jo)

    def test_marking_as_not_asked_is_taken_back_to_the_moment_and_the_person(self):
        self.does("ask", self.first.pk, "now", browser=self.other)
        then = self.state_of(self.first)
        mark = self.does("ask", self.first.pk, None)
        again = self.browser.send("ask", self.first.pk, "now", undoes=mark).json()
        now = self.state_of(self.first)
        self.assertEqual((now.asked_at, now.asked_by), (then.asked_at, self.jo))
        self.assertEqual(self.current(), self.first)
        # And again: redo takes back the undo.
        self.assertEqual(self.take_back(again["receipt"], "ask", self.first.pk, None), "")

    def test_a_skip_that_another_has_undone_by_asking_stays_undone(self):
        skip = self.does("skip", self.first.pk, 1)
        self.does("ask", self.first.pk, "now", browser=self.other)
        self.assertIn("has changed this since", self.take_back(skip, "skip", self.first.pk, None))
        self.assertEqual(self.state_of(self.first).state, State.ASKED)


class TestTicking(TakingBackCase):
    def test_an_undone_untick_brings_the_tick_back_with_its_time(self):
        extra = str(uuid.uuid4())
        point = {"question": self.first.pk, "text": "Names a CDN"}
        cases = (
            (("tick", self.points[0].pk, True), ("tick", self.points[0].pk, False), ("tick", self.points[0].pk, True)),
            (("unlisted", extra, point), ("unlisted_tick", extra, False), ("unlisted_tick", extra, True)),
        )
        for heard, untick, again in cases:
            with self.subTest(kind=untick[0]):
                self.does(*heard, age=60_000)
                then = Tick.objects.get().at
                unticked = self.does(*untick)
                Interview.objects.filter(pk=self.interview.pk).update(status="ended", ended_at=timezone.now())
                self.assertEqual(self.take_back(unticked, *again), "")
                tick = Tick.objects.get()
                self.assertEqual((tick.at, tick.is_after_call), (then, False))
                # Without the undo, or of another point, it is a new one.
                Tick.objects.all().delete()
                self.take_back(unticked, "tick", self.points[1].pk, True)
                self.assertGreater(Tick.objects.get().at, then)
                Tick.objects.all().delete()
                Interview.objects.filter(pk=self.interview.pk).update(status="live", ended_at=None)


class TestClock(TakingBackCase):
    def setUp(self):
        super().setUp()
        self.coming = InterviewFactory()
        self.mira = sender(LeadFactory(interview=self.coming))

    def test_a_start_is_taken_back_while_nothing_has_begun(self):
        start = self.does("start", browser=self.mira)
        question = self.coming.questions.first()
        ask = self.does("ask", question.pk, "now", age=0, browser=self.mira)
        self.assertIn("has begun", self.take_back(start, "start", None, False, browser=self.mira))
        self.take_back(ask, "ask", question.pk, None, browser=self.mira)
        ScriptedQuestion.objects.filter(pk=question.pk).update(seconds=3)
        answer = self.mira.send("start", None, False, undoes=start).json()
        self.assertEqual(answer["result"]["seconds"], {str(question.pk): 0})
        self.coming.refresh_from_db()
        self.assertTrue(self.coming.is_scheduled)
        self.does("start", browser=self.mira)

    def test_a_point_heard_by_another_keeps_it_started(self):
        start = self.does("start", browser=self.mira)
        jo = sender(PanelistFactory(interview=self.coming))
        self.does("tick", self.coming.questions.first().points.first().pk, True, browser=jo)
        self.assertIn("has begun", self.take_back(start, "start", None, False, browser=self.mira))

    def test_a_start_is_taken_back_by_who_did_it_and_managers_for_ten_minutes(self):
        start = self.does("start", browser=self.mira)
        jo = PanelistFactory(interview=self.coming)
        self.does("lead", None, jo.pk, browser=self.mira)
        self.assert_refused(sender(jo).send("start", None, False), 403, "Only the person who started the call")
        Event.objects.filter(kind="start").update(at=timezone.now() - dt.timedelta(minutes=11))
        self.assertIn("more than ten minutes ago", self.take_back(start, "start", None, False, browser=self.mira))
        Event.objects.filter(kind="start").update(at=timezone.now() - dt.timedelta(minutes=9))
        manager = HiringManagerFactory()
        self.coming.opening.managers.add(manager)
        self.does("start", None, False, browser=Sender(manager, self.coming))
        self.coming.refresh_from_db()
        self.assertTrue(self.coming.is_scheduled)

    def test_who_ended_the_call_and_leads_no_more_takes_the_end_back_for_ten_minutes(self):
        for minutes, status in ((11, 403), (9, 200)):
            with self.subTest(minutes=minutes):
                self.does("end")
                Event.objects.filter(kind="end").update(at=timezone.now() - dt.timedelta(minutes=minutes))
                Panelist.objects.filter(pk=self.lead.pk).update(part=Panelist.Part.INTERVIEWER)
                self.assertEqual(self.browser.send("reopen").status_code, status)
                Interview.objects.filter(pk=self.interview.pk).update(status="live", ended_at=None)
                Panelist.objects.filter(pk=self.lead.pk).update(part=Panelist.Part.LEAD)

    def test_an_end_is_taken_back_by_reopening_until_another_has_submitted(self):
        end = self.does("end")
        self.does("scorecard", "recommendation", 3, browser=self.other)
        self.does("scorecard", "because", "Measures.", browser=self.other)
        reopen = self.browser.send("reopen", undoes=end).json()
        self.assertEqual(reopen["result"]["status"], "live")
        again = self.does("end", undoes=reopen["receipt"])
        self.does("submit", browser=self.other)
        self.assertIn("has been submitted", self.take_back(again, "reopen"))
        self.assertTrue(Interview.objects.get(pk=self.interview.pk).is_ended)


class TestGateAndPanel(TakingBackCase):
    def lead_is(self, panelist):
        self.assertEqual(Panelist.objects.get(interview=self.interview, part=Panelist.Part.LEAD), panelist)

    def test_a_decision_at_a_gate_unless_another_has_decided_since(self):
        gate = ScriptedSectionFactory(interview=self.interview, gate="Go on?", position=9)
        decision = self.does("gate", gate.pk, True)
        back = self.browser.send("gate", gate.pk, None, undoes=decision).json()["receipt"]
        manager = self.interview.opening.managers.get()
        by_manager = sender(self.lead)
        by_manager.http.force_login(manager)
        self.does("gate", gate.pk, False, browser=by_manager)
        self.assertIn("The hiring manager has changed this", self.take_back(back, "gate", gate.pk, True))
        gate.refresh_from_db()
        self.assertIs(gate.is_gate_open, False)

    def test_who_gave_the_lead_away_takes_it_back_while_it_was_not_used(self):
        gift = self.does("lead", None, self.jo.pk)
        self.assertEqual(self.take_back(gift, "lead", None, self.lead.pk), "")
        self.lead_is(self.lead)
        gift = self.does("lead", None, self.jo.pk)
        self.does("ask", self.first.pk, "now", browser=self.other)
        self.assertIn("has changed this since", self.take_back(gift, "lead", None, self.lead.pk))
        self.lead_is(self.jo)

    def test_nobody_gets_the_lead_by_taking_back_something_else(self):
        turn = self.does("turn", None, self.jo.pk, browser=self.other)
        self.assertIn("Only the lead", self.take_back(turn, "lead", None, self.jo.pk, browser=self.other))
        gift = self.does("lead", None, self.jo.pk)
        third = PanelistFactory(interview=self.interview)
        self.assertIn("Only the lead", self.take_back(gift, "lead", None, third.pk))
        self.assertIn("never saved", self.take_back(gift, "lead", None, third.pk, browser=sender(third)))
        self.lead_is(self.jo)

    def test_the_turn_unless_another_has_passed_it_on(self):
        turn = self.does("turn", None, self.jo.pk)
        self.assertEqual(self.take_back(turn, "turn", None, self.lead.pk), "")
        turn = self.does("turn", None, self.jo.pk)
        self.does("turn", None, self.lead.pk, browser=self.other)
        self.assertIn("has changed this since", self.take_back(turn, "turn", None, self.jo.pk))


class TestReceipts(TakingBackCase):
    def test_sent_twice_it_is_answered_alike_and_its_id_names_one_body(self):
        move = self.does("ask", self.first.pk, "now")
        body = self.browser.body("ask", self.first.pk, None, undoes=move)
        first = self.browser.post(body)
        self.assertEqual(self.browser.post(body).content, first.content)
        self.assert_refused(self.browser.post(body | {"undoes": body["id"]}), 422, "another command")

    def test_nothing_is_taken_back_that_changed_nothing_or_was_never_saved(self):
        self.assertIn("Nothing had changed", self.take_back(self.does("start"), "start", None, False))
        nobody_s = "00000000-0000-4000-8000-000000000000"
        self.assertIn("never saved", self.take_back(nobody_s, "ask", self.first.pk, None))
        self.assert_refused(self.browser.send("ask", self.first.pk, None, undoes="x"), 400, "`undoes` is the UUID")

    def test_one_s_own_records_follow_and_wait_for_a_revision_once_submitted(self):
        tick = self.does("tick", self.points[0].pk, True)
        self.assertEqual(self.take_back(tick, "tick", self.points[0].pk, False), "")
        rating = self.does("rate", self.first.pk, 1)
        self.does("flag", self.first.pk, {"flag": "dont_know", "on": True})
        self.assertIn("below Mixed", self.take_back(rating, "rate", self.first.pk, 1))


class TestAnotherKind(TakingBackCase):
    def test_a_command_that_takes_back_one_of_another_kind_is_answered_in_words(self):
        for kind, value in (("minutes", 75), ("run_over", True)):
            with self.subTest(kind=kind):
                tick = self.does("tick", self.points[0].pk, True, browser=self.other)
                self.does("minutes", None, 90)
                answer = self.other.send(kind, None, value, undoes=tick)
                self.assertLess(answer.status_code, 500, answer.content)
