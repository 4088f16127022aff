import datetime as dt
from unittest import mock

from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.factories import CuratorFactory, HiringManagerFactory, InterviewerFactory
from accounts.models import User
from editing.testing import opened
from interviews.factories import (
    START,
    CandidateFactory,
    InterviewFactory,
    NoteFactory,
    OpeningFactory,
    PanelistFactory,
    small_script,
)
from interviews.models import Event, Interview, Panelist
from interviews.planning.scheduling import AlreadyOver, OpeningClosed, ScriptEmpty
from mail.models import Mail
from question_bank.factories import ScriptFactory, SectionFactory


def workday() -> dt.date:
    """A day from Monday to Friday in about a month."""
    day = timezone.localdate() + dt.timedelta(days=30)
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


class PlanningCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory(time_zone="Europe/Malta")
        self.client.force_login(self.hana)
        self.opening = OpeningFactory(managers=[self.hana])
        self.mira = InterviewerFactory(name="Mira Rahman")
        self.jo = InterviewerFactory(name="Jo Borg")
        self.day = workday()

    def posted(self, *seats, **changes):
        """What the form sends; `seats` are (user, part)."""
        seats = seats or ((self.mira, "lead"), (self.jo, "shadow"), (None, "interviewer"))
        rows = {"panel-TOTAL_FORMS": len(seats), "panel-INITIAL_FORMS": 0}
        for number, (user, part) in enumerate(seats):
            rows |= {f"panel-{number}-person": user.pk if user else "", f"panel-{number}-part": part}
        plan = {"date": self.day.isoformat(), "time": "14:00", "time_zone": "Europe/Malta", "minutes": "45"}
        return plan | rows | changes

    def send(self, address, posted):
        """Post a plan, and again after its warnings."""
        answer = self.client.post(address, posted)
        if unchecked := (answer.context or {}).get("unchecked"):
            answer = self.client.post(address, posted | {"checked": unchecked.seal})
        return answer

    def seats(self, interview):
        return {seat.user: seat.part for seat in interview.panelists.current().select_related("user")}


class InterviewCreateTests(PlanningCase):
    def setUp(self):
        super().setUp()
        self.script = small_script()
        self.ada = CandidateFactory(opening=self.opening, name="Ada Okafor")
        self.address = reverse("interview-create", args=[self.ada.pk])

    def schedule(self, *seats, **changes):
        return self.send(self.address, self.posted(*seats, script=self.script.pk, **changes))

    def test_form_offers_usable_scripts_interviewers_and_the_persons_zone(self):
        ScriptFactory(name="Empty script")
        CuratorFactory(name="Arin Kim")
        response = self.client.get(self.address)
        self.assertContains(response, f"{self.script.name}, 15 min")
        self.assertContains(response, '<option value="Europe/Malta" selected>Malta</option>', html=True)
        self.assertContains(response, "Mira Rahman ·")
        self.assertContains(response, '<option value="lead" selected>Lead</option>', html=True, count=1)
        self.assertNotContains(response, "Empty script")
        self.assertNotContains(response, "Arin Kim ·")

    def test_the_load_of_each_is_shown_and_why_someone_is_not_offered(self):
        soon = timezone.now() + dt.timedelta(days=2)
        InterviewFactory(script=None, candidate__name="Zebrafinch", scheduled_for=soon, panel=[(self.jo, "lead")])
        CuratorFactory(name="Arin Kim")
        InterviewerFactory(name="Kai Lund", is_active=False)
        response = self.client.get(self.address)
        self.assertContains(response, f"Jo Borg · 1 in next 7 days · {self.jo.email}")
        self.assertContains(response, "Arin Kim: not an interviewer")
        self.assertContains(response, "Kai Lund: no access")
        self.assertNotContains(response, "Zebrafinch")

    def test_plan_is_kept_frozen_and_shown(self):
        response = self.schedule()
        interview = Interview.objects.get()
        self.assertRedirects(response, interview.get_absolute_url())
        self.assertEqual(interview.local_start.replace(tzinfo=None), dt.datetime.combine(self.day, dt.time(14, 0)))
        self.assertEqual((interview.time_zone, interview.minutes, interview.candidate), ("Europe/Malta", 45, self.ada))
        self.assertEqual(self.seats(interview), {self.mira: "lead", self.jo: "shadow"})
        self.assertEqual(interview.questions.count(), 3)

    def test_form_sent_again_after_a_lost_answer_schedules_nothing_more(self):
        plan = self.posted((self.mira, "lead"), (self.jo, "interviewer"), script=self.script.pk)
        plan |= {"csrfmiddlewaretoken": "of one page"}
        first, again = (self.client.post(self.address, plan) for _ in range(2))
        self.assertEqual(first["Location"], again["Location"])
        self.assertEqual(Interview.objects.count(), 1)
        # What was changed since, or another page, is another form.
        self.schedule(csrfmiddlewaretoken="of one page", time="15:00")
        self.schedule(csrfmiddlewaretoken="of another page")
        self.assertEqual(Interview.objects.count(), 3)

    def test_form_that_was_refused_can_be_sent_again(self):
        token = {"csrfmiddlewaretoken": "of one page"}
        with mock.patch("interviews.planning.scheduling._freeze", side_effect=ScriptEmpty("Empty.")):
            self.assertEqual(self.schedule(**token).status_code, 422)
        self.assertEqual(self.schedule(**token).status_code, 302)

    def test_time_is_meant_in_the_chosen_zone(self):
        self.schedule(date="2027-01-15", time="08:00", time_zone="America/New_York")
        interview = Interview.objects.get()
        self.assertEqual(interview.scheduled_for, dt.datetime(2027, 1, 15, 13, 0, tzinfo=dt.UTC))
        response = self.client.get(interview.get_absolute_url())
        self.assertContains(response, "14:00")
        self.assertContains(response, "(08:00 in New York)")
        # Where they differ, the reader's own zone is named as well.
        self.assertContains(response, "14:00 Malta time")

    def test_call_link_is_offered_from_the_opening_and_saved(self):
        self.opening.call_link = "https://meet.example.org/backend"
        self.opening.save()
        self.assertContains(self.client.get(self.address), 'value="https://meet.example.org/backend"')
        self.schedule(call_link="meet.example.org/ada")
        self.assertEqual(Interview.objects.get().call_link, "https://meet.example.org/ada")

    def test_call_link_that_is_no_web_address_is_refused(self):
        for link in ("javascript:alert(1)", "ftp://example.org/call", "zoommtg://zoom.us/join?confno=1", "call me"):
            with self.subTest(link):
                response = self.schedule(call_link=link)
                self.assertContains(response, "begins with https:// or http://", status_code=422)
        self.assertFalse(Interview.objects.exists())

    def test_blank_length_is_the_scripts(self):
        SectionFactory(script=self.script, minutes=20)
        self.schedule(minutes="")
        self.assertEqual(Interview.objects.get().minutes, 35)

    def test_length_of_an_extreme_script_is_kept_within_bounds(self):
        for minutes, expected in ((1, 16), (240, 256), (240, 480)):
            SectionFactory(script=self.script, minutes=minutes)
            self.schedule(minutes="")
            self.assertEqual(Interview.objects.latest("pk").minutes, expected)

    def test_invalid_input_is_refused_with_its_reason(self):
        for changes, words in (
            ({"date": ""}, "Enter a date."),
            ({"date": "tomorrow"}, "Enter a valid date."),
            ({"date": "0001-01-01"}, "Check the year: 1."),
            ({"date": "9999-12-31", "time": "23:59", "time_zone": "Pacific/Honolulu"}, "Check the year: 9999."),
            ({"time": "25:00"}, "Enter a valid time."),
            ({"time_zone": "Mars/Olympus"}, "not one of the available choices"),
            ({"minutes": "4"}, "last 5 to 480 minutes"),
            ({"minutes": "481"}, "last 5 to 480 minutes"),
            ({"script": "999"}, "not one of the available choices"),
            ({"script": ScriptFactory().pk}, "not one of the available choices"),
            ({"date": "2027-03-28", "time": "02:30"}, "skip 02:30"),
            ({"date": "2027-10-31", "time": "02:30"}, "show 02:30 twice"),
            ({"panel-0-person": "999"}, "not one of the available choices"),
            ({"panel-0-part": "boss"}, "not one of the available choices"),
        ):
            posted = self.posted(script=self.script.pk) | changes
            with self.subTest(changes=changes):
                self.assertContains(self.client.post(self.address, posted), words, status_code=422)
        self.assertEqual(Interview.objects.count(), 0)

    def test_panel_that_cannot_be_is_refused_with_its_reason(self):
        for seats, words in (
            (((None, "lead"),), "Choose a lead."),
            (((self.jo, "interviewer"),), "Choose a lead."),
            (((self.mira, "lead"), (self.jo, "lead")), "Choose only one lead."),
            (((self.mira, "lead"), (self.mira, "shadow")), "Mira Rahman is on the panel twice."),
            (((CuratorFactory(), "lead"),), "not one of the available choices"),
            (((InterviewerFactory(is_active=False), "lead"),), "not one of the available choices"),
        ):
            with self.subTest(words=words):
                self.assertContains(self.schedule(*seats), words, status_code=422)
        self.assertEqual(Interview.objects.count(), 0)

    def test_what_was_chosen_is_shown_again(self):
        response = self.schedule(minutes="4")
        self.assertContains(response, 'value="4"', status_code=422)
        self.assertContains(
            response,
            f'<option value="{self.jo.pk}" selected>Jo Borg · {self.jo.email}</option>',
            html=True,
            status_code=422,
        )

    def test_what_may_be_wrong_is_said_before_saving(self):
        self.schedule()
        Mail.objects.all().delete()
        posted = self.posted(script=self.script.pk, time="14:30")
        response = self.client.post(self.address, posted)
        words = "Mira Rahman is busy 14:00 to 14:45 (Malta): interview with Ada Okafor."
        self.assertContains(response, words, status_code=422)
        self.assertContains(response, "Schedule anyway", status_code=422)
        self.assertEqual((Interview.objects.count(), Mail.objects.count()), (1, 0))
        checked = {"checked": response.context["unchecked"].seal}
        self.assertEqual(self.client.post(self.address, posted | {"time": "14:31"} | checked).status_code, 302)
        self.assertEqual(Interview.objects.count(), 2)

    def test_another_warning_is_shown_again(self):
        posted = self.posted(script=self.script.pk, date="2024-11-20")
        first = self.client.post(self.address, posted)
        self.assertContains(first, "The time is in the past.", status_code=422)
        checked = {"checked": first.context["unchecked"].seal}
        again = self.client.post(self.address, posted | {"date": "2024-11-23"} | checked)
        self.assertContains(again, "23 November is a Saturday.", status_code=422)
        self.assertFalse(Interview.objects.exists())

    @override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend")
    def test_without_email_the_manager_is_told_to_tell_the_panel(self):
        self.schedule()
        self.assertContains(self.client.get(reverse("my-day")), "doesn’t send email, so tell the panel yourself")

    def test_without_a_usable_script_it_leads_on(self):
        self.script.is_retired = True
        self.script.save()
        response = self.client.get(self.address)
        self.assertContains(response, "Go to scripts")
        self.assertNotContains(response, "Panel")

    def test_closed_opening_is_refused(self):
        self.opening.close(at=START)
        self.assertContains(self.client.get(self.address), "This opening is closed.", status_code=409)
        self.assertContains(self.schedule(), "This opening is closed.", status_code=409)
        self.assertEqual(Interview.objects.count(), 0)

    def test_what_changed_between_form_and_saving_is_said(self):
        for refusal, status in ((OpeningClosed("It was closed."), 409), (ScriptEmpty("It is empty now."), 422)):
            with mock.patch("interviews.planning.scheduling.schedule_interview", side_effect=refusal):
                self.assertContains(self.schedule(), str(refusal), status_code=status)

    def test_panel_may_not_plan_and_others_do_not_find_the_candidate(self):
        self.client.force_login(PanelistFactory(interview=InterviewFactory(script=None, candidate=self.ada)).user)
        self.assertContains(self.schedule(), "hiring managers can schedule", status_code=403)
        self.client.force_login(HiringManagerFactory())
        self.assertEqual(self.schedule().status_code, 404)
        self.assertEqual(Interview.objects.count(), 1)

    def test_manager_who_lost_the_role_sees_nothing_any_more(self):
        self.hana.groups.clear()
        self.assertEqual(self.schedule().status_code, 404)
        self.assertEqual(Interview.objects.count(), 0)

    def test_anonymous_signs_in_and_wrong_method_is_refused(self):
        self.assertEqual(self.client.delete(self.address).status_code, 405)
        self.client.logout()
        self.assertRedirects(self.client.get(self.address), f"{reverse('sign-in')}?next={self.address}")

    def test_number_of_queries_does_not_depend_on_the_number_of_people(self):
        def queries():
            with self.assertNumQueries(12):
                self.client.get(self.address)

        queries()
        for _ in range(29):
            InterviewerFactory()
        queries()


class InterviewEditTests(PlanningCase):
    def interview(self, **fields):
        return InterviewFactory(
            candidate__opening=self.opening,
            panel=[(self.mira, Panelist.Part.LEAD), (self.jo, Panelist.Part.SHADOW)],
            **fields,
        )

    def edit(self, interview, *seats, **changes):
        posted = self.posted(*seats, **changes)
        if interview.script and "script" not in posted:
            posted["script"] = interview.script.pk
        address = reverse("interview-edit", args=[interview.pk])
        return self.send(address, opened(self.client, address) | posted)

    def test_form_shows_the_plan_in_its_own_zone(self):
        start = dt.datetime(2027, 1, 15, 14, 0, tzinfo=dt.UTC)
        interview = self.interview(scheduled_for=start, time_zone="America/New_York", minutes=50)
        response = self.client.get(reverse("interview-edit", args=[interview.pk]))
        self.assertContains(response, 'value="2027-01-15"')
        self.assertContains(response, 'value="09:00"')
        self.assertContains(response, '<option value="America/New_York" selected>New York</option>', html=True)
        self.assertContains(
            response, f'<option value="{self.mira.pk}" selected>Mira Rahman · {self.mira.email}</option>', html=True
        )

    def test_a_newer_script_is_offered_until_someone_has_noted_something(self):
        interview = self.interview()
        address = reverse("interview-edit", args=[interview.pk])
        self.assertNotContains(self.client.get(address), "takes_newer")
        frozen = interview.questions.first()
        frozen.source.__class__.objects.filter(pk=frozen.source_id).update(prompt="Why is it slow now?")
        self.assertContains(self.client.get(address), "planned: 1 question changed.")
        self.edit(interview, (self.mira, "lead"))
        self.assertFalse(interview.questions.filter(prompt="Why is it slow now?").exists())
        self.edit(interview, (self.mira, "lead"), takes_newer="on")
        self.assertTrue(interview.questions.filter(prompt="Why is it slow now?").exists())
        frozen.source.__class__.objects.filter(pk=frozen.source_id).update(prompt="Why?")
        seat = interview.panelists.first()
        NoteFactory(panelist=seat, question=interview.questions.first())
        self.assertNotContains(self.client.get(address), "takes_newer")

    def test_plan_that_somebody_else_changed_meanwhile_is_shown_and_replaced_only_on_purpose(self):
        interview = self.interview(minutes=50, time_zone="Europe/Malta")
        address = reverse("interview-edit", args=[interview.pk])
        opened = self.client.get(address).context["edit"].base
        self.edit(interview, (self.mira, "lead"), minutes="60")
        stale = self.edit(interview, (self.mira, "lead"), (self.jo, "interviewer"), minutes="70", base=opened)
        self.assertContains(stale, '<div class="pre">60</div>', status_code=409)
        self.assertContains(stale, 'value="70"', status_code=409)
        interview.refresh_from_db()
        self.assertEqual(interview.minutes, 60)
        again = self.edit(
            interview, (self.mira, "lead"), (self.jo, "interviewer"), minutes="70", base=stale.context["edit"].base
        )
        self.assertRedirects(again, interview.get_absolute_url())
        interview.refresh_from_db()
        self.assertEqual((interview.minutes, self.seats(interview)[self.jo]), (70, "interviewer"))

    def test_time_length_and_panel_are_changed(self):
        interview = self.interview()
        sam = InterviewerFactory()
        response = self.edit(interview, (self.jo, "lead"), (sam, "interviewer"), minutes="90", time="16:00")
        self.assertRedirects(response, interview.get_absolute_url())
        interview.refresh_from_db()
        self.assertEqual((interview.minutes, f"{interview.local_start:%H:%M}"), (90, "16:00"))
        self.assertEqual(self.seats(interview), {self.jo: "lead", sam: "interviewer"})

    def test_another_script_is_frozen(self):
        interview, script = self.interview(), small_script()
        self.edit(interview, script=script.pk)
        interview.refresh_from_db()
        self.assertEqual(interview.script, script)

    def test_script_that_was_retired_since_may_stay(self):
        interview = self.interview()
        interview.script.is_retired = True
        interview.script.save()
        self.assertRedirects(self.edit(interview), interview.get_absolute_url())

    def test_script_that_is_gone_stays_as_frozen(self):
        interview = self.interview()
        interview.script.delete()
        interview.refresh_from_db()
        page = self.client.get(reverse("interview-edit", args=[interview.pk]))
        self.assertContains(page, f"{interview.script_name}, as planned")
        self.assertRedirects(self.edit(interview, script=""), interview.get_absolute_url())
        self.assertEqual(interview.questions.count(), 3)

    def test_live_one_keeps_its_script_and_length_is_then_required(self):
        interview = self.interview(live=True)
        page = self.client.get(reverse("interview-edit", args=[interview.pk]))
        self.assertNotContains(page, 'name="script"')
        self.assertRedirects(self.edit(interview, script=small_script().pk), interview.get_absolute_url())
        interview.refresh_from_db()
        self.assertEqual((interview.questions.count(), interview.minutes), (3, 45))
        self.assertContains(self.edit(interview, minutes=""), "Enter the length in minutes.", status_code=422)

    def test_script_that_somebody_wrote_on_is_refused(self):
        interview = self.interview()
        NoteFactory(question=interview.questions.in_order()[0], panelist=interview.panelists.get(user=self.mira))
        response = self.edit(interview, script=small_script().pk)
        self.assertContains(response, "has noted or recorded something with this script", status_code=409)

    def test_only_warnings_that_a_change_adds_are_asked_about(self):
        interview = self.interview(scheduled_for=START)
        posted = {"date": "2024-11-20", "time": "15:00", "script": interview.script.pk, "minutes": "50"}
        address = reverse("interview-edit", args=[interview.pk])
        posted = opened(self.client, address) | self.posted() | posted
        self.assertRedirects(self.client.post(address, posted), interview.get_absolute_url())
        posted = opened(self.client, address) | posted | {"time": "22:00"}
        self.assertContains(self.client.post(address, posted), "is outside working hours", status_code=422)
        interview.refresh_from_db()
        self.assertEqual((interview.minutes, f"{interview.local_start:%H:%M}"), (50, "15:00"))

    def test_invalid_input_changes_nothing(self):
        interview = self.interview()
        self.assertContains(self.edit(interview, minutes="4"), "last 5 to 480", status_code=422)
        self.assertContains(self.edit(interview, (self.jo, "shadow")), "Choose a lead.", status_code=422)
        interview.refresh_from_db()
        self.assertEqual(interview.minutes, 60)
        self.assertEqual(self.seats(interview), {self.mira: "lead", self.jo: "shadow"})

    def test_panelist_who_lost_the_role_is_still_shown_and_may_stay(self):
        interview = self.interview()
        self.jo.groups.clear()
        self.assertRedirects(self.edit(interview), interview.get_absolute_url())
        self.assertEqual(self.seats(interview), {self.mira: "lead", User.objects.get(pk=self.jo.pk): "shadow"})

    def test_what_changed_between_form_and_saving_is_said(self):
        interview = self.interview()
        for refusal, status in ((AlreadyOver("It has ended."), 409), (ScriptEmpty("It is empty now."), 422)):
            with mock.patch("interviews.planning.scheduling.change_interview", side_effect=refusal):
                self.assertContains(self.edit(interview), str(refusal), status_code=status)

    def test_ended_and_cancelled_ones_are_refused(self):
        for state in ("ended", "cancelled"):
            interview = self.interview(**{state: True})
            address = reverse("interview-edit", args=[interview.pk])
            with self.subTest(state=state):
                self.assertContains(self.client.get(address), "can no longer be changed", status_code=409)
                self.assertContains(self.edit(interview), "can no longer be changed", status_code=409)
            interview.refresh_from_db()
            self.assertEqual(interview.minutes, 60)

    def test_panel_may_not_and_others_do_not_find_it(self):
        interview = self.interview()
        self.client.force_login(self.mira)
        self.assertEqual(self.edit(interview).status_code, 403)
        for other in (HiringManagerFactory(), InterviewerFactory()):
            self.client.force_login(other)
            self.assertEqual(self.edit(interview).status_code, 404)
        interview.refresh_from_db()
        self.assertEqual(interview.minutes, 60)


class InterviewCancelTests(PlanningCase):
    def interview(self, **fields):
        return InterviewFactory(
            script=None, candidate__opening=self.opening, panel=[(self.mira, Panelist.Part.LEAD)], **fields
        )

    def cancel(self, interview, reason="The candidate has withdrawn."):
        return self.client.post(reverse("interview-cancel", args=[interview.pk]), {"reason": reason})

    def test_page_says_what_happens(self):
        response = self.client.get(reverse("interview-cancel", args=[self.interview().pk]))
        self.assertContains(response, "You can undo this on the interview’s page")

    def test_a_form_sent_twice_cancels_once(self):
        interview = self.interview()
        for _ in range(2):
            self.assertRedirects(self.cancel(interview), interview.get_absolute_url())
        self.assertEqual(Event.objects.filter(interview=interview, kind="cancel").count(), 1)
        self.assertContains(self.cancel(interview, "Another reason."), "was cancelled", status_code=409)

    def test_cancelled_with_its_reason_which_the_panel_reads(self):
        interview = self.interview()
        self.assertRedirects(self.cancel(interview), interview.get_absolute_url())
        interview.refresh_from_db()
        self.assertTrue(interview.is_cancelled)
        self.client.force_login(self.mira)
        self.assertContains(self.client.get(interview.get_absolute_url()), "The candidate has withdrawn.")

    def test_without_a_reason_or_with_a_novel_it_is_refused(self):
        interview = self.interview()
        for reason in ("", " ", "x" * 241):
            self.assertContains(self.cancel(interview, reason), "error-summary", status_code=422)
        interview.refresh_from_db()
        self.assertTrue(interview.is_scheduled)

    def test_wrong_state_is_said(self):
        for state, words in (
            ("live", "End the call instead"),
            ("ended", "This interview has ended."),
            ("cancelled", "This interview was cancelled."),
        ):
            interview = self.interview(**{state: True})
            address = reverse("interview-cancel", args=[interview.pk])
            with self.subTest(state=state):
                self.assertContains(self.client.get(address), words, status_code=409)
                self.assertContains(self.cancel(interview), words, status_code=409)
            interview.refresh_from_db()
            self.assertEqual((interview.status, interview.cancel_reason), (state, ""))

    def test_panel_may_not_and_others_do_not_find_it(self):
        interview = self.interview()
        self.client.force_login(self.mira)
        self.assertEqual(self.cancel(interview).status_code, 403)
        self.client.force_login(HiringManagerFactory())
        self.assertEqual(self.cancel(interview).status_code, 404)
        interview.refresh_from_db()
        self.assertTrue(interview.is_scheduled)
