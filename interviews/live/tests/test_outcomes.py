import datetime as dt
from dataclasses import replace
from functools import partial

from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import CandidateFactory, InterviewFactory, OpeningFactory, ScorecardFactory, TickFactory
from interviews.live import outcomes
from interviews.models import Event, Note, Notice, Panelist
from interviews.planning import reminders
from interviews.planning.calendar_entries import tell_panel
from interviews.planning.held_candidates import Gone
from interviews.planning.plan_merging import Plan
from interviews.planning.scheduling import PanelInvalid, cancel_interview, change_interview
from interviews.planning.stages import settle
from interviews.planning.stand_ins import add_to_panel
from interviews.refusals import WrongTime
from interviews.tests.commanding import sender
from interviews.tests.submitting import submit
from mail.models import Mail

LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW
HOUR = dt.timedelta(hours=1)


class OutcomeCase(TestCase):
    def setUp(self):
        self.now = timezone.now()
        self.hana = HiringManagerFactory(name="Hana Berg")
        self.mira, self.jo = (InterviewerFactory(name=name) for name in ("Mira", "Jo"))
        self.opening = OpeningFactory(managers=[self.hana], title="Platform engineer")
        self.ada = CandidateFactory(opening=self.opening, name="Ada Okafor")

    def interview(self, **fields):
        fields = {"scheduled_for": self.now - HOUR / 2, "candidate": self.ada} | fields
        return InterviewFactory(panel=[(self.mira, LEAD), (self.jo, INTERVIEWER)], **fields)

    def post(self, interview, user=None, **fields):
        self.client.force_login(user or self.mira)
        address = reverse("interview-outcome", args=[interview.pk])
        response = self.client.post(address, {"reason": "Because.", "time_zone": "UTC"} | fields)
        interview.refresh_from_db()
        return response

    def page(self, interview, user=None):
        self.client.force_login(user or self.mira)
        return self.client.get(interview.get_absolute_url())


class CallOffTests(OutcomeCase):
    def test_lead_and_manager_say_why_a_call_did_not_take_place(self):
        for user, state, outcome, words in (
            (self.mira, {}, "no_show", "No-show"),
            (self.hana, {"live": True}, "failure", "Technical failure"),
            (self.mira, {"ended": True}, "failure", "Technical failure"),
        ):
            interview = self.interview(**state)
            self.assertContains(self.page(interview, user), "Didn’t take place")
            form = self.client.get(reverse("interview-outcome", args=[interview.pk])).content.decode()
            self.assertRegex(form, r"Ada Okafor,\s+(today|yesterday), ")
            self.assertRedirects(self.post(interview, user, outcome=outcome), interview.get_absolute_url())
            self.assertEqual((interview.status, interview.outcome), ("cancelled", outcome))
            self.assertContains(self.page(interview, self.jo), f"{words}, today: Because.")
            self.assertContains(self.client.get(reverse("my-day")), "Didn’t take place")
            self.assertContains(self.client.get(reverse("interview-list"), {"show": "cancelled"}), words)
            self.assertEqual(Event.objects.get(interview=interview).kind, "cancel")
        self.assertEqual(reminders.remind(at=self.now + 30 * HOUR), 0)

    def test_others_may_not_nor_after_a_scorecard_was_submitted(self):
        interview = self.interview(ended=True)
        self.assertEqual(self.post(interview, self.jo, outcome="failure").status_code, 403)
        ScorecardFactory(panelist=interview.panelists.get(user=self.jo), submitted_at=self.now)
        self.assertContains(self.post(interview, outcome="failure"), "this call took place", status_code=409)
        self.assertNotContains(self.page(interview), "Didn’t take place")

    def test_nobody_is_a_no_show_before_the_planned_time(self):
        interview = self.interview(scheduled_for=self.now + HOUR)
        self.assertEqual(self.post(interview, outcome="no_show").status_code, 422)
        with self.assertRaises(WrongTime):
            outcomes.call_off(interview=interview, outcome="no_show", reason="x", by=self.mira, at=self.now)

    def test_undone_it_is_what_it_was(self):
        for state, status in (({}, "scheduled"), ({"live": True}, "live"), ({"ended": True}, "ended")):
            interview = self.interview(**state)
            self.post(interview, outcome="failure")
            self.client.post(reverse("interview-restore", args=[interview.pk]))
            interview.refresh_from_db()
            self.assertEqual((interview.status, interview.outcome, interview.cancelled_at), (status, "", None))

    def test_managers_get_one_email_that_also_ends_their_calendar_entry(self):
        interview = self.interview()
        tell_panel(interview=interview, at=self.now)
        Mail.objects.all().delete()
        outcomes.call_off(interview=interview, outcome="no_show", reason="Nobody came.", by=self.mira, at=self.now)
        self.assertEqual([mail.kind for mail in Mail.objects.filter(to=self.hana.email)], ["interview_off"])
        self.assertEqual([notice.kind for notice in Notice.objects.filter(user=self.hana)], ["no_show"])

    def test_what_was_planned_with_a_rejected_candidate_stays_off_until_they_are_reinstated(self):
        interview = self.interview()
        settle(candidate=self.ada, outcome="rejected", reason="Too junior.", by=self.hana, at=self.now)
        self.client.force_login(self.hana)
        restore = reverse("interview-restore", args=[interview.pk])
        self.assertContains(self.client.post(restore), "This candidate was rejected", status_code=409)
        ended = self.interview(ended=True)
        answer = self.post(ended, self.hana, outcome="rescheduled", date="2031-01-07", time="10:00")
        self.assertContains(answer, "This candidate was rejected", status_code=409)
        self.client.post(reverse("candidate-reinstate", args=[self.ada.pk]))
        self.client.post(restore)
        interview.refresh_from_db()
        self.assertTrue(interview.is_scheduled)

    def test_a_cancelled_one_is_restored_by_a_manager_with_its_panel_and_notes(self):
        interview = self.interview(scheduled_for=self.now + HOUR)
        sender(interview.panelists.get(user=self.jo)).send("note", None, "Ask about queues.")
        cancel_interview(interview=interview, reason="Ill.", by=self.hana, at=self.now)
        restore = reverse("interview-restore", args=[interview.pk])
        interview.refresh_from_db()
        self.assertNotContains(self.page(interview), "Undo “Cancelled”")
        self.assertContains(self.client.post(restore), "Only a hiring manager", status_code=403)
        self.assertContains(self.page(interview, self.hana), "Undo “Cancelled”")
        self.client.post(restore)
        interview.refresh_from_db()
        self.assertEqual((interview.status, interview.cancel_reason), ("scheduled", ""))
        self.assertEqual((interview.panelists.current().count(), Note.objects.get().text), (2, "Ask about queues."))

    def test_a_manager_who_owes_a_scorecard_undoes_the_withdrawal_alone(self):
        self.hana.groups.add(*self.mira.groups.all())
        interview = InterviewFactory(panel=[(self.hana, LEAD)], candidate=self.ada, ended=True)
        self.ada.settle("rejected", reason="", by=self.hana, at=self.now)
        self.ada.withdrew_at, self.ada.withdraw_reason = self.now, "Moved away."
        self.ada.save()
        for is_submitted, outcome in ((False, "rejected"), (True, "")):
            if is_submitted:
                submit(interview.panelists.get(), at=self.now)
            outcomes.reinstate(candidate=self.ada, by=self.hana, at=self.now)
            self.ada.refresh_from_db()
            self.assertEqual((self.ada.outcome, self.ada.withdrew_at), (outcome, None))

    def test_of_a_candidate_who_was_merged_or_deleted_meanwhile(self):
        ada = CandidateFactory(opening=self.opening)
        type(ada).objects.filter(pk=ada.pk).delete()
        for act in (partial(outcomes.withdraw, reason="Ill."), outcomes.reinstate):
            with self.assertRaises(Gone):
                act(candidate=ada, by=self.hana, at=self.now)

    def test_a_form_sent_twice_is_answered_the_same_and_tells_the_panel_once(self):
        then = (self.now + 48 * HOUR).replace(second=0, microsecond=0)
        when = {"date": f"{then:%Y-%m-%d}", "time": f"{then:%H:%M}"}
        for outcome, more in (("failure", {}), ("withdrew", {}), ("rescheduled", when)):
            interview = self.interview(candidate=CandidateFactory(opening=self.opening))
            fields = {"was": interview.scheduled_for.isoformat(), "outcome": outcome} | more
            for _ in range(2):
                self.assertEqual(self.post(interview, **fields).status_code, 302, outcome)
            self.assertEqual(Event.objects.filter(interview=interview).count(), 1, outcome)
        other = self.post(self.interview(), outcome="failure").wsgi_request.path
        self.assertContains(self.client.post(other, {"outcome": "no_show"}), "already called off", status_code=409)

    def test_what_was_typed_while_a_call_broke_off_is_stored(self):
        interview = self.interview(live=True)
        browser = sender(interview.panelists.get(user=self.jo))
        self.post(interview, outcome="failure")
        self.assertEqual(browser.send("note", None, "Line broke at N+1.").status_code, 200)
        self.assertEqual(Note.objects.get().text, "Line broke at N+1.")


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend")
class RescheduleTests(OutcomeCase):
    def test_notes_script_and_panel_move_to_the_new_time(self):
        interview = self.interview(live=True)
        tell_panel(interview=interview, at=self.now)
        browser = sender(interview.panelists.get(user=self.mira))
        first = interview.questions.in_order()[0]
        browser.send("ask", first.pk, "now")
        browser.send("note", first.pk, "Measured first.")
        Mail.objects.all().delete()
        was = interview.local_start
        then = (self.now + 48 * HOUR).replace(second=0, microsecond=0)
        self.post(interview, outcome="rescheduled", date=f"{then:%Y-%m-%d}", time=f"{then:%H:%M}")
        self.assertEqual((interview.status, interview.scheduled_for), ("scheduled", then))
        self.assertEqual(interview.panelists.current().count(), 2)
        self.assertEqual(interview.questions.in_order()[0].notes.get().text, "Measured first.")
        # Half an hour ago may be yesterday.
        self.assertRegex(self.page(interview).content.decode(), "Rescheduled from (today|yesterday)")
        mail = Mail.objects.get(to=self.jo.email)
        self.assertIn("Rescheduled: interview for Platform engineer", mail.subject)
        self.assertIn(f"Was: {was:%A}", mail.text)
        self.assertIn("Reason: Because.", mail.text)
        browser.send("start", None, True)
        interview.refresh_from_db()
        self.assertTrue(interview.is_live)

    def test_after_the_new_call_every_scorecard_is_awaited(self):
        interview = self.interview(ended=True)
        interview.panelists.filter(user=self.jo).update(
            waived_at=self.now, waived_by=self.hana, waive_reason="Left after five minutes."
        )
        then = self.now + 48 * HOUR
        self.post(interview, self.hana, outcome="rescheduled", date=f"{then:%Y-%m-%d}", time=f"{then:%H:%M}")
        self.assertEqual((interview.status, interview.panelists.filter(waived_at=None).count()), ("scheduled", 2))

    def test_shadow_stays_one_whether_or_not_they_heard_something_before_it_broke_off(self):
        """What they heard was private, and the panel would see it. That they heard something is private too."""
        luc, sam, late = (InterviewerFactory(name=name) for name in ("Luc", "Sam", "Late"))
        interview = InterviewFactory(
            live=True, candidate=self.ada, panel=[(self.mira, LEAD), (luc, SHADOW), (sam, SHADOW)]
        )
        point = interview.questions.first().points.first()
        TickFactory(point=point, panelist=interview.panelists.get(user=sam))
        then = self.now + 48 * HOUR
        self.post(interview, outcome="rescheduled", date=f"{then:%Y-%m-%d}", time=f"{then:%H:%M}")
        add_to_panel(interview=interview, person=late, by=self.hana, at=self.now)
        for shadow, other in ((luc, sam), (sam, luc)):
            with self.assertRaisesMessage(PanelInvalid, f"{shadow} was shadow when this call first started"):
                self.seat(interview, (self.mira, LEAD), (shadow, INTERVIEWER), (other, SHADOW), (late, INTERVIEWER))
        # Who came after it broke off has taken no part in it yet.
        self.seat(interview, (self.mira, LEAD), (luc, SHADOW), (sam, SHADOW), (late, SHADOW))
        self.assertEqual(interview.panelists.get(user=late).part, SHADOW)

    def seat(self, interview, *panel):
        change_interview(interview=interview, plan=replace(Plan.of(interview), panel=panel), by=self.hana, at=self.now)

    def test_two_at_once_do_not_overwrite_each_other_unasked(self):
        interview = self.interview(scheduled_for=self.now + 2 * HOUR)
        was = interview.scheduled_for.isoformat()
        first, second = (self.now + days * 24 * HOUR for days in (2, 3))
        new = [{"date": f"{then:%Y-%m-%d}", "time": f"{then:%H:%M}"} for then in (first, second)]
        self.post(interview, outcome="rescheduled", was=was, **new[0])
        asked = self.post(interview, self.hana, outcome="rescheduled", was=was, **new[1])
        self.assertContains(asked, "Someone rescheduled this to", status_code=422)
        self.assertEqual(interview.scheduled_for, first.replace(second=0, microsecond=0))
        self.assertContains(asked, f'value="{interview.scheduled_for.isoformat()}"', status_code=422)
        self.post(interview, self.hana, outcome="rescheduled", was=interview.scheduled_for.isoformat(), **new[1])
        self.assertEqual(interview.scheduled_for, second.replace(second=0, microsecond=0))

    def test_new_time_is_needed_and_lies_ahead(self):
        interview = self.interview()
        self.assertContains(self.post(interview, outcome="rescheduled"), "Enter the new date", status_code=422)
        past = self.post(interview, outcome="rescheduled", date="2026-01-01", time="10:00")
        self.assertContains(past, "Choose a time in the future", status_code=422)
        self.assertIsNone(interview.moved_from)
