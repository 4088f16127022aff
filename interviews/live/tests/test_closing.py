import datetime as dt

from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.factories import AdministratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.factories import (
    CandidateFactory,
    InterviewFactory,
    NoteFactory,
    OpeningFactory,
    ScorecardFactory,
)
from interviews.live.closing import end_call, end_forgotten
from interviews.live.outcomes import call_off, restore
from interviews.live.page import live_page
from interviews.models import Event, Interview, Opening, Panelist, Rating, Scorecard
from interviews.planning import reminders
from interviews.planning.candidate_files import tell_files
from interviews.planning.leaving import change_person
from interviews.tests.commanding import sender
from mail.models import Mail
from question_bank.factories import QuestionFactory, ScriptItemFactory

LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW
HOUR = dt.timedelta(hours=1)


class ClosingCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory(name="Hana Berg")
        self.mira, self.jo, self.sam = (InterviewerFactory(name=name) for name in ("Mira", "Jo", "Sam"))
        self.opening = OpeningFactory(managers=[self.hana], title="Platform engineer")

    def interview(self, **fields):
        fields = {"scheduled_for": timezone.now() - HOUR / 2} | fields
        panel = [(self.mira, LEAD), (self.jo, INTERVIEWER), (self.sam, SHADOW)]
        return InterviewFactory(candidate=CandidateFactory(opening=self.opening), panel=panel, **fields)

    def press(self, name, interview, user=None):
        self.client.force_login(user or self.hana)
        return self.client.post(reverse(name, args=[interview.pk]), follow=True)

    def page(self, interview, user=None):
        self.client.force_login(user or self.hana)
        return self.client.get(interview.get_absolute_url())


class EndTests(ClosingCase):
    def test_a_manager_who_is_not_on_the_panel_ends_a_call_from_its_page(self):
        interview = self.interview(live=True)
        self.assertContains(self.page(interview), "End call")
        response = self.press("interview-end", interview)
        self.assertContains(response, "by Hana Berg")
        self.assertContains(response, "Reopen call")
        interview.refresh_from_db()
        self.assertTrue(interview.is_ended)
        self.assertEqual(Event.objects.get().payload["by"], "Hana Berg")

    def test_a_manager_on_the_panel_may_though_another_leads(self):
        self.mira.groups.set(self.hana.groups.all())
        self.opening.managers.add(self.mira)
        interview = self.interview(live=True)
        interview.panelists.filter(user=self.mira).update(part=INTERVIEWER)
        self.press("interview-end", interview, self.mira)
        interview.refresh_from_db()
        self.assertTrue(interview.is_ended)

    def test_an_interviewer_may_not_and_is_not_offered_it(self):
        interview = self.interview(live=True)
        self.assertNotContains(self.page(interview, self.jo), "End call")
        response = self.press("interview-end", interview, self.jo)
        self.assertContains(response, "Only the lead or a hiring manager", status_code=403)

    def test_a_call_that_nobody_ended_ends_with_its_last_shared_record(self):
        interview = self.interview(live=True, scheduled_for=timezone.now() - 48 * HOUR)
        then = timezone.now() - 47 * HOUR
        sender(interview.panelists.get(user=self.mira)).send("ask", interview.questions.in_order()[0].pk, "now")
        Event.objects.update(at=then)
        Interview.objects.update(current_since=then - HOUR / 6)
        self.press("interview-end", interview)
        interview.refresh_from_db()
        self.assertAlmostEqual(interview.ended_at, then, delta=dt.timedelta(seconds=1))
        self.assertEqual(interview.questions.in_order()[0].seconds, 600)

    def test_one_that_is_a_little_over_its_time_ends_now(self):
        interview = self.interview(live=True, scheduled_for=timezone.now() - HOUR * 1.5)
        self.press("interview-end", interview)
        interview.refresh_from_db()
        self.assertAlmostEqual(interview.ended_at, timezone.now(), delta=dt.timedelta(seconds=30))


class ReopenTests(ClosingCase):
    def test_lead_and_manager_reopen_and_the_panel_is_told_by_whom(self):
        for user in (self.mira, self.hana):
            interview = self.interview(ended=True)
            with self.subTest(user=user):
                response = self.press("interview-reopen", interview, user)
                self.assertContains(response, f"by {user}")
                interview.refresh_from_db()
                self.assertEqual((interview.status, interview.ended_at), ("live", None))
                jo = interview.panelists.get(user=self.jo)
                page = live_page(interview=interview, panelist=jo, now=timezone.now())
                told = {"kind": "reopen", "by": str(user), "user": user.pk}
                self.assertEqual(page.state["interview"]["closing"], told)

    def test_manager_takes_a_start_back_lately_and_while_nothing_has_begun(self):
        call = self.interview(live=True, scheduled_for=timezone.now())
        self.assertContains(self.page(call), "Undo the start")
        sender(call.panelists.get(user=self.mira)).send("ask", call.questions.in_order()[0].pk, "now")
        self.assertNotContains(self.page(call), "Undo the start")
        self.assertEqual(self.press("interview-unstart", call).status_code, 409)
        fresh = self.interview(live=True, scheduled_for=timezone.now())
        self.assertContains(self.press("interview-unstart", fresh), "Start undone")
        fresh.refresh_from_db()
        self.assertTrue(fresh.is_scheduled)

    def test_drafts_and_marks_stay_and_what_follows_is_of_the_call(self):
        interview = self.interview(ended=True, scheduled_for=timezone.now() - 3 * HOUR)
        browser, question = sender(interview.panelists.get(user=self.jo)), interview.questions.in_order()[0]
        browser.send("rate", question.pk, 3)
        browser.send("scorecard", "because", "Measures.")
        self.press("interview-reopen", interview)
        self.assertTrue(Rating.objects.get().is_after_call)
        self.assertEqual(Scorecard.objects.get().because, "Measures.")
        self.assertEqual(browser.send("ask", question.pk, "now").status_code, 200)
        browser.send("rate", question.pk, 4)
        self.assertFalse(Rating.objects.get().is_after_call)

    def test_once_somebody_has_submitted_it_is_too_late(self):
        interview = self.interview(ended=True)
        ScorecardFactory(panelist=interview.panelists.get(user=self.jo), submitted_at=timezone.now())
        self.assertNotContains(self.page(interview), "Reopen call")
        response = self.press("interview-reopen", interview)
        self.assertContains(response, "A scorecard has been submitted", status_code=409)
        interview.refresh_from_db()
        self.assertTrue(interview.is_ended)

    def test_that_a_shadow_has_submitted_is_told_to_nobody(self):
        interview = self.interview(ended=True)
        ScorecardFactory(panelist=interview.panelists.get(user=self.sam), submitted_at=timezone.now())
        self.assertContains(self.page(interview), "Reopen call")
        self.press("interview-reopen", interview)
        interview.refresh_from_db()
        self.assertTrue(interview.is_live)

    def test_scorecards_are_due_and_reminded_of_anew(self):
        start = timezone.now() - 30 * HOUR
        interview = self.interview(ended=True, scheduled_for=start)
        self.assertEqual(reminders.remind(at=timezone.now()), 2)
        self.press("interview-reopen", interview)
        self.press("interview-end", interview)
        interview.refresh_from_db()
        self.assertEqual(reminders.remind(at=interview.ended_at + HOUR), 2)
        self.assertEqual(reminders.remind(at=interview.due_at - HOUR), 0)
        self.assertEqual(reminders.remind(at=interview.due_at), 2)
        self.assertEqual(reminders.remind(at=interview.due_at + HOUR), 0)

    def test_a_planned_or_cancelled_one_is_not_reopened(self):
        for state in ({}, {"cancelled": True}):
            with self.subTest(state=state):
                self.assertEqual(self.press("interview-reopen", self.interview(**state)).status_code, 409)


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend")
class EndedAutomaticallyTests(ClosingCase):
    def setUp(self):
        super().setUp()
        self.start = timezone.now() - 3 * HOUR
        self.call = self.interview(live=True, scheduled_for=self.start)
        sender(self.call.panelists.get(user=self.mira)).send("ask", self.call.questions.in_order()[0].pk, "now")
        self.last = self.start + HOUR * 0.9
        Event.objects.update(at=self.last)
        Interview.objects.update(current_since=self.last - HOUR / 6)
        self.due = self.start + HOUR * 1.5

    def test_after_the_slot_and_half_an_hour_of_quiet_at_the_last_record(self):
        self.assertEqual(end_forgotten(at=self.due - HOUR / 60), 0)
        self.assertEqual([end_forgotten(at=self.due), end_forgotten(at=self.due)], [1, 0])
        self.call.refresh_from_db()
        self.assertEqual((self.call.status, self.call.ended_at), ("ended", self.last))
        self.assertEqual(self.call.questions.in_order()[0].seconds, 600)
        told = Mail.objects.filter(kind="call_ended")
        self.assertEqual({mail.to for mail in told}, {self.mira.email, self.hana.email})
        self.assertContains(self.page(self.call), "Ended automatically")
        self.assertEqual(
            live_page(interview=self.call, panelist=self.call.panelists.get(user=self.jo), now=self.due).state[
                "interview"
            ]["closing"],
            {"kind": "end", "by": "", "user": None},
        )

    def test_of_a_practice_call_nobody_is_told(self):
        Opening.objects.update(is_practice=True)
        self.assertEqual(end_forgotten(at=self.due), 1)
        self.assertFalse(Mail.objects.exists())

    def test_not_while_something_is_recorded_even_privately(self):
        sender(self.call.panelists.get(user=self.jo)).send("note", None, "Still talking.")
        Event.objects.filter(kind="note").update(at=self.due - HOUR / 3)
        self.assertEqual(end_forgotten(at=self.due), 0)
        self.assertEqual(end_forgotten(at=self.due + HOUR / 3), 1)

    def test_paused_it_waits_two_hours_more_and_ends_where_the_pause_began(self):
        sender(self.call.panelists.get(user=self.mira)).send("pause")
        Event.objects.filter(kind="pause").update(at=self.last)
        Interview.objects.filter(pk=self.call.pk).update(paused_at=self.last)
        self.assertEqual(
            [end_forgotten(at=self.due + 2 * HOUR - HOUR / 60), end_forgotten(at=self.due + 2 * HOUR)], [0, 1]
        )
        self.call.refresh_from_db()
        self.assertEqual((self.call.ended_at, self.call.paused_at, self.call.paused_seconds), (self.last, None, 0))

    def test_reopened_it_waits_again(self):
        end_forgotten(at=self.due)
        self.press("interview-reopen", self.call)
        now = timezone.now()
        self.assertEqual(end_forgotten(at=now + HOUR / 4), 0)
        self.assertEqual(end_forgotten(at=now + HOUR), 1)
        # Nobody was in it again: it did not last until someone looked at it.
        self.call.refresh_from_db()
        self.assertEqual((self.call.ended_at, self.call.paused_seconds), (self.last, 0))

    def test_restored_or_given_a_file_later_it_lasted_until_it_broke_off(self):
        then = self.last + HOUR / 60
        call_off(interview=self.call, outcome="failure", reason="Power cut.", by=self.hana, at=then)
        now = timezone.now()
        self.lose_access(self.jo, at=now)
        restore(interview=self.call, by=self.hana, at=now)
        tell_files(self.call.candidate, by=self.hana, at=now)
        self.assertEqual(end_forgotten(at=now + HOUR), 1)
        self.call.refresh_from_db()
        self.assertEqual((self.call.ended_at, self.call.paused_seconds), (then, 0))

    def test_left_open_and_ended_by_hand_it_did_not_last_until_a_panelist_lost_access(self):
        self.lose_access(self.jo, at=timezone.now())
        end_call(interview=self.call, by=self.hana, at=self.start + 24 * HOUR)
        self.call.refresh_from_db()
        self.assertEqual(self.call.ended_at, self.last)

    def test_a_hand_over_or_more_minutes_as_the_last_act_is_one_of_the_call(self):
        mira, jo = (self.call.panelists.get(user=user) for user in (self.mira, self.jo))
        sender(mira).send("minutes", None, 65)
        sender(mira).send("lead", None, jo.pk)
        then = self.last + HOUR / 12
        Event.objects.filter(interview=self.call, kind="panel").update(at=then)
        # Not in the call, and later.
        self.lose_access(self.mira, at=self.due - HOUR)
        self.assertEqual(end_forgotten(at=self.due + HOUR), 1)
        self.call.refresh_from_db()
        self.assertEqual(self.call.ended_at, then)

    def lose_access(self, person, *, at):
        change_person(person=person, roles=[], successors={}, by=AdministratorFactory(), at=at)
        self.assertTrue(Event.objects.filter(kind="panel", at=at).exists())

    def test_reopened_and_gone_on_with_the_time_between_is_a_pause(self):
        """The PDF said that the call took three days."""
        end_forgotten(at=self.due)
        self.press("interview-reopen", self.call)
        sender(self.call.panelists.get(user=self.mira)).send("ask", self.call.questions.in_order()[1].pk, "now")
        self.press("interview-end", self.call)
        self.call.refresh_from_db()
        took = (self.call.ended_at - self.start).total_seconds() - self.call.paused_seconds
        self.assertAlmostEqual(took, (self.last - self.start).total_seconds(), delta=60)

    def test_restored_too(self):
        then = self.last + HOUR / 60
        call_off(interview=self.call, outcome="failure", reason="Power cut.", by=self.hana, at=then)
        restore(interview=self.call, by=self.hana, at=then + HOUR)
        self.call.refresh_from_db()
        self.assertEqual(self.call.paused_seconds, 3600)


class NewerScriptTests(ClosingCase):
    def setUp(self):
        super().setUp()
        self.planned = self.interview(scheduled_for=timezone.now() + HOUR)
        self.script = self.planned.script
        self.first = self.planned.questions.in_order()[0].source

    def changed(self):
        self.first.prompt, self.first.version = "How do you find what is slow?", 2
        self.first.save()
        section = self.script.sections.get()
        ScriptItemFactory(section=section, question=QuestionFactory(prompt="And what about writes?"), position=9)
        self.script.version += 1
        self.script.save()

    def test_nothing_is_said_while_the_script_is_the_same(self):
        self.assertNotContains(self.page(self.planned), "newer version")

    def test_the_page_says_what_would_change_to_managers_alone(self):
        self.changed()
        response = self.page(self.planned)
        self.assertContains(response, "Changed: How do you find what is slow?")
        self.assertContains(response, "Added: And what about writes?")
        self.assertNotContains(self.page(self.planned, self.mira), "newer version")

    def test_the_newer_version_is_frozen_instead_and_open_pages_learn_of_it(self):
        mira = self.planned.panelists.get(user=self.mira)
        before = live_page(interview=self.planned, panelist=mira, now=timezone.now()).state["interview"]
        self.changed()
        response = self.press("interview-renew", self.planned)
        self.assertNotContains(response, "newer version")
        self.planned.refresh_from_db()
        prompts = [question.prompt for question in self.planned.questions.in_order()]
        self.assertIn("How do you find what is slow?", prompts)
        self.assertIn("And what about writes?", prompts)
        self.assertEqual(self.planned.script_version, self.script.version)
        self.assertNotEqual(Event.objects.get(kind="panel").payload["script"], before["script"])

    def test_not_once_somebody_has_noted_something_or_the_call_has_begun(self):
        NoteFactory(question=self.planned.questions.in_order()[0], panelist=self.planned.panelists.get(user=self.jo))
        for interview in (self.planned, self.interview(live=True)):
            with self.subTest(status=interview.status):
                before = list(interview.questions.values_list("pk", flat=True))
                self.assertEqual(self.press("interview-renew", interview).status_code, 409)
                self.assertEqual(list(interview.questions.values_list("pk", flat=True)), before)

    def test_a_note_of_the_panel_does_not_change_what_the_manager_reads(self):
        self.changed()
        before = self.page(self.planned).content.decode().split("<main")[1]
        NoteFactory(question=self.planned.questions.in_order()[0], panelist=self.planned.panelists.get(user=self.jo))
        after = self.page(self.planned).content.decode().split("<main")[1]
        strip = lambda page: [line for line in page.splitlines() if "csrf" not in line]  # noqa: E731
        self.assertEqual(strip(before), strip(after))
