from interviews.factories import (
    InterviewFactory,
    LeadFactory,
    PanelistFactory,
    ScriptedSectionFactory,
    ShadowFactory,
)
from interviews.live.tests.call_case import CallCase
from interviews.models import (
    Interview,
    ScriptedSection,
)
from interviews.tests.commanding import Sender, sender


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
            self.assert_refused(sender(panelist).send("end"), 403, "Only the lead")
        self.interview.refresh_from_db()
        self.assertTrue(self.interview.is_live)

    def test_the_openings_manager_ends_a_call_that_was_left_open(self):
        manager = self.interview.opening.managers.get()
        self.assertEqual(Sender(manager, self.interview).send("end").status_code, 200)
        self.interview.refresh_from_db()
        self.assertTrue(self.interview.is_ended)

    def test_a_cancelled_interview_cannot_be_started(self):
        cancelled = InterviewFactory(cancelled=True)
        self.assert_refused(sender(LeadFactory(interview=cancelled)).send("start"), 409, "was cancelled")

    def test_an_ended_interview_cannot_be_started_again(self):
        self.browser.send("end")
        self.assert_refused(self.browser.send("start"), 409, "has ended")

    def test_ending_stops_the_clock_of_the_current_question(self):
        self.browser.send("ask", self.first.pk, "now", age=90_000)
        self.browser.send("end")
        self.assertIn(self.state_of(self.first).seconds, (89, 90, 91))
        self.interview.refresh_from_db()
        self.assertIsNone(self.interview.current_question)

    def test_ending_before_the_start_is_too_early(self):
        self.assert_refused(sender(self.its_lead).send("end"), 409, "has not started")


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
        self.assert_refused(shadow.send("ask", self.first.pk, "now"), 403, "Shadows can’t ask")
        self.assert_refused(shadow.send("skip", self.first.pk, 1), 403, "Shadows can’t ask")

    def test_after_the_end_it_is_too_late(self):
        self.browser.send("end")
        self.assert_refused(self.browser.send("ask", self.first.pk, "now"), 409, "has ended")
        self.assert_refused(self.browser.send("skip", self.first.pk, 1), 409, "has ended")

    def test_another_interviews_question_is_not_there(self):
        foreign = InterviewFactory(live=True).questions.first()
        self.assert_refused(self.browser.send("ask", foreign.pk, "now"), 404, "isn’t in the interview")

    def test_any_other_wish_is_invalid(self):
        for value in (True, "later", 1, [], {}):
            self.assert_refused(self.browser.send("ask", self.first.pk, value), 422, "asked “now”")


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
            self.assert_refused(self.browser.send("skip", self.first.pk, value), 422, "reasons 1 to 5")


class TestGate(CallCase):
    def setUp(self):
        super().setUp()
        self.gated = ScriptedSectionFactory(interview=self.interview, gate="Continue to Django?", position=9)

    def decided(self):
        return ScriptedSection.objects.get(pk=self.gated.pk).is_gate_open

    def test_go_on_stop_and_undecided(self):
        for value in (True, False, None):
            self.assertEqual(self.browser.send("gate", self.gated.pk, value).status_code, 200)
            self.assertEqual(self.decided(), value)

    def test_only_the_lead_decides(self):
        other = sender(PanelistFactory(interview=self.interview))
        self.assert_refused(other.send("gate", self.gated.pk, True), 403, "Only the lead")
        self.assertIsNone(self.decided())

    def test_a_section_without_a_gate_is_not_there(self):
        plain = self.interview.sections.filter(gate="").first()
        self.assert_refused(self.browser.send("gate", plain.pk, True), 404, "isn’t in the interview")

    def test_any_other_decision_is_invalid(self):
        for value in (1, 0, 1.0, 0.0, "yes", [], {}):
            self.assert_refused(self.browser.send("gate", self.gated.pk, value), 422, "true, false or null")
