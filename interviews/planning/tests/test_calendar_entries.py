import datetime as dt
import zoneinfo

import time_machine
from django.core import mail as outbox
from django.db import connection
from django.db.models import F
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from accounts.factories import HiringManagerFactory, InterviewerFactory
from editing.testing import opened
from interviews.factories import CandidateFactory, InterviewFactory, OpeningFactory, PanelistFactory, small_script
from interviews.models import Interview, Notice, Panelist
from interviews.planning import clock_changes, scheduling
from interviews.planning.calendar_entries import calendar_file
from interviews.planning.leaving import set_managers
from interviews.planning.plan_merging import Plan
from interviews.planning.stale_entries import update_stale
from interviews.tests.commanding import Sender
from mail.models import Mail
from question_bank.models import Script

PLANNED_AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
LATER = PLANNED_AT + dt.timedelta(hours=1)
START = dt.datetime(2026, 11, 24, 13, 0, tzinfo=dt.UTC)
LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW


def event_of(text: str | bytes):
    return Calendar.from_ical(text).events[0]


@time_machine.travel(PLANNED_AT, tick=False)
class CalendarCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory(name="Hana Berg", email="hana@example.org")
        self.mira = InterviewerFactory(name="Mira Rahman", email="mira@example.org", time_zone="America/New_York")
        self.jo = InterviewerFactory(name="Jo Tanaka", email="jo@example.org")
        opening = OpeningFactory(title="Backend engineer", managers=[self.hana])
        self.candidate = CandidateFactory(opening=opening, name="Ada Okafor")
        self.script = small_script()

    def plan(self, **changes) -> Plan:
        seats = ((self.mira, LEAD), (self.jo, INTERVIEWER))
        usual = {"script": self.script, "scheduled_for": START, "time_zone": "Europe/Malta", "minutes": 60}
        return Plan(**(usual | {"panel": seats} | changes))

    def schedule(self, **changes) -> Interview:
        plan = self.plan(**changes)
        return scheduling.schedule_interview(candidate=self.candidate, plan=plan, at=PLANNED_AT)

    def change(self, interview: Interview, **changes) -> Interview:
        plan = self.plan(**changes)
        return scheduling.change_interview(interview=interview, plan=plan, by=self.hana, at=LATER)

    def told(self, *, managers: bool = False) -> list[tuple[str, str]]:
        """To whom what went since the last time, without or only with managers, and the mails are gone."""
        mails = Mail.objects.filter(to=self.hana.email) if managers else Mail.objects.exclude(to=self.hana.email)
        found = sorted(mails.values_list("to", "kind"))
        self.newest = {mail.to: mail for mail in Mail.objects.all()}
        Mail.objects.all().delete()
        return found

    def event(self, address: str):
        return event_of(self.newest[address].attachments[0]["text"])

    def method(self, address: str) -> str:
        return str(Calendar.from_ical(self.newest[address].attachments[0]["text"])["method"])


class RenamingTests(CalendarCase):
    def setUp(self):
        super().setUp()
        self.interview = self.schedule()
        InterviewFactory(candidate=self.candidate, ended=True, panel=[(self.jo, LEAD)])
        self.told()
        self.client.force_login(self.hana)

    def save(self, url_name, row, **values):
        address = reverse(url_name, args=[row.pk])
        page = self.client.get(address).context["form"]
        posted = {field: value for field in page.fields if (value := page[field].value())}
        self.client.post(address, opened(self.client, address) | posted | values)
        update_stale(at=LATER)

    def assert_updated(self, *words):
        both = [("jo@example.org", "interview_changed"), ("mira@example.org", "interview_changed")]
        self.assertEqual(self.told(), both)
        event = self.event("jo@example.org")
        self.assertEqual(event["sequence"], 1)
        for word in words:
            self.assertIn(word, f"{event['summary']} {event['description']}")

    def test_a_renamed_candidate_is_in_the_entry(self):
        self.save("candidate-edit", self.candidate, notes="Calm.")
        self.assertEqual(self.told(), [])
        self.save("candidate-edit", self.candidate, name="Ada Lovelace")
        self.assert_updated("Ada Lovelace")

    def test_a_renamed_opening_is_in_the_entry(self):
        self.save("opening-edit", self.candidate.opening, title="Renamed engineer", managers=[self.hana.pk])
        self.assert_updated("Interview: Renamed engineer")

    def test_a_renamed_script_is_in_the_entry_once_it_is_taken(self):
        Script.objects.filter(pk=self.script.pk).update(name="Depth", version=F("version") + 1)
        scheduling.renew_script(interview=self.interview, by=self.hana, at=LATER)
        self.assert_updated("Script: Depth")

    def test_whom_the_lead_is_handed_to_is_in_the_entry(self):
        seat = Panelist.objects.get(user=self.jo, interview=self.interview)
        with time_machine.travel(START, tick=False):
            Sender(self.mira, self.interview).send("lead", None, seat.pk)
        self.assert_updated("you lead")

    def test_a_renaming_of_hundreds_costs_the_request_one_update(self):
        address = reverse("candidate-edit", args=[self.candidate.pk])
        values = opened(self.client, address) | {"name": "Ada Lovelace"}
        self.client.post(address, values)
        self.assertEqual(self.told(), [])  # the worker does it
        self.assertEqual((update_stale(at=LATER), update_stale(at=LATER)), (1, 0))
        self.assert_updated("Ada Lovelace")


class ManagersTests(CalendarCase):
    """Managers off the panel have an entry that leaves them free."""

    def test_a_manager_gets_the_entry_too_and_its_end(self):
        interview = self.schedule()
        self.assertEqual(self.told(managers=True), [("hana@example.org", "interview_planned")])
        event, mail = self.event("hana@example.org"), self.newest["hana@example.org"]
        self.assertEqual((event["transp"], event["sequence"]), ("TRANSPARENT", 0))
        self.assertIn("Ada Okafor, you manage the opening", event["description"])
        self.assertIn("for an opening you manage", mail.text)
        self.assertNotIn("Your role", mail.text)
        self.change(interview, scheduled_for=START + dt.timedelta(days=1))
        self.assertEqual(self.told(managers=True), [("hana@example.org", "interview_changed")])
        scheduling.cancel_interview(interview=interview, by=self.hana, reason="Withdrawn.", at=LATER)
        self.assertEqual(self.told(managers=True), [("hana@example.org", "interview_off")])
        self.assertEqual(self.method("hana@example.org"), "CANCEL")

    def test_pages_tell_managers_only_what_another_did(self):
        self.schedule()
        luc = HiringManagerFactory()
        self.candidate.opening.managers.add(luc)
        plan = self.plan()
        scheduling.schedule_interview(candidate=self.candidate, plan=plan, at=PLANNED_AT, by=luc)
        self.assertEqual(Notice.objects.filter(user=luc).count(), 0)
        self.assertEqual(Notice.objects.filter(user=self.hana).count(), 1)

    def test_whoever_starts_or_stops_managing_is_told_by_the_worker(self):
        self.schedule()
        luc = HiringManagerFactory(email="luc@example.org")
        self.told()
        set_managers(opening=self.candidate.opening, managers=[luc])
        update_stale(at=LATER)
        self.assertEqual(self.told(), [("luc@example.org", "interview_planned")])
        set_managers(opening=self.candidate.opening, managers=[self.hana])
        update_stale(at=LATER)
        self.assertEqual(self.told(), [("luc@example.org", "interview_off")])
        self.assertIn("You no longer manage the opening", self.newest["luc@example.org"].text)
        self.assertNotIn("Ada", self.newest["luc@example.org"].text)

    def test_a_manager_who_joins_the_panel_has_one_entry(self):
        self.hana.groups.add(*self.mira.groups.all())
        interview = self.schedule()
        self.told()
        uid = self.event("hana@example.org")["uid"]
        self.change(interview, panel=((self.mira, LEAD), (self.jo, INTERVIEWER), (self.hana, SHADOW)))
        self.assertEqual(self.told(managers=True), [("hana@example.org", "interview_changed")])
        event = self.event("hana@example.org")
        self.assertEqual(event["uid"], uid)
        self.assertIn("you shadow", event["description"])
        self.assertNotIn("transp", event)


class TellPanelTests(CalendarCase):
    def test_a_planned_interview_goes_to_each_of_the_panel(self):
        self.schedule()
        self.assertEqual(
            self.told(), [("jo@example.org", "interview_planned"), ("mira@example.org", "interview_planned")]
        )
        event = self.event("mira@example.org")
        self.assertEqual(self.method("mira@example.org"), "REQUEST")
        self.assertEqual((event.start, event.end), (START, START + dt.timedelta(minutes=60)))
        self.assertEqual(event["sequence"], 0)
        self.assertEqual(str(event["attendee"]), "mailto:mira@example.org")
        self.assertNotEqual(event["uid"], self.event("jo@example.org")["uid"])

    def test_roles_of_a_whole_panel_are_read_at_once(self):
        interview = self.schedule()
        panel = ((self.mira, LEAD), *((InterviewerFactory(), INTERVIEWER) for _ in range(4)))
        with CaptureQueriesContext(connection) as queries:
            Panelist.objects.filter(interview=interview).update(left_at=None)
            self.change(interview, panel=panel)
        asked = [query["sql"] for query in queries if query["sql"].startswith('SELECT "auth_group"."id"')]
        self.assertEqual(len(asked), 4, asked)

    def test_call_link_is_in_the_email_and_in_the_entry(self):
        link = "https://meet.example.org/ada?pwd=a,b;c"
        interview = self.schedule(call_link=link)
        self.told()
        event, mail = self.event("mira@example.org"), self.newest["mira@example.org"]
        self.assertIn(f"Join call: {link}\n", mail.text)
        self.assertEqual((event["location"], event["url"], event["conference"]), (link, link, link))
        self.assertEqual(event["conference"].params["value"], "URI")
        self.assertIn(f"/interviews/{interview.pk}/", event["description"])
        self.change(interview, call_link="https://meet.example.org/new")
        self.assertEqual(len(self.told()), 2)
        self.assertEqual(self.event("jo@example.org")["location"], "https://meet.example.org/new")
        # Someone who has left learns nothing of it.
        self.change(interview, call_link=link, panel=((self.mira, LEAD),))
        self.told()
        self.assertNotIn("location", self.event("jo@example.org"))
        self.assertNotIn(link, self.newest["jo@example.org"].attachments[0]["text"])

    def test_title_and_subject_name_nobody(self):
        self.schedule()
        self.told()
        event, mail = self.event("mira@example.org"), self.newest["mira@example.org"]
        self.assertEqual(str(event["summary"]), "Interview: Backend engineer")
        self.assertEqual(str(event["class"]), "PRIVATE")
        self.assertIn("Ada Okafor, you lead", event["description"])
        self.assertIn("With Jo Tanaka (interviewer)", event["description"])
        self.assertEqual(mail.subject, "Scheduled: interview for Backend engineer, 24 Nov, 08:00 New York time")
        self.assertNotIn("Ada", mail.attachments[0]["name"])

    def test_the_mail_says_the_time_where_its_reader_lives_and_where_it_was_said(self):
        self.schedule()
        self.told()
        self.assertIn(
            "Tuesday 24 November 2026, 08:00 New York time (14:00 in Malta), 60 min",
            self.newest["mira@example.org"].text,
        )
        self.assertIn("Tuesday 24 November 2026, 14:00 Malta time, 60 min", self.newest["jo@example.org"].text)

    def test_a_moved_one_is_the_same_entry_with_a_higher_number(self):
        interview = self.schedule()
        self.told()
        before = self.event("jo@example.org")
        moved = START + dt.timedelta(days=1)
        self.change(interview, scheduled_for=moved)
        self.assertEqual(
            self.told(), [("jo@example.org", "interview_changed"), ("mira@example.org", "interview_changed")]
        )
        event = self.event("jo@example.org")
        self.assertEqual((event["uid"], event["sequence"], event.start), (before["uid"], 1, moved))
        self.assertEqual(event["dtstamp"].dt, LATER)
        self.assertEqual(event["organizer"], before["organizer"])

    def test_what_says_nothing_new_is_not_mailed(self):
        interview = self.schedule()
        self.told()
        # The same moment, said in another zone.
        scheduling.change_interview(
            interview=interview, plan=self.plan(time_zone="Europe/Berlin"), by=self.hana, at=LATER
        )
        self.assertEqual(self.told(), [])

    def test_who_leaves_is_taken_off_and_who_comes_is_invited(self):
        interview, kim = self.schedule(), InterviewerFactory(name="Kim", email="kim@example.org")
        self.told()
        before = self.event("jo@example.org")
        seats = [(self.mira, LEAD), (kim, SHADOW)]
        self.change(interview, panel=seats)
        self.assertEqual(
            self.told(),
            [
                ("jo@example.org", "interview_off"),
                ("kim@example.org", "interview_planned"),
                ("mira@example.org", "interview_changed"),
            ],
        )
        event = self.event("jo@example.org")
        self.assertEqual((self.method("jo@example.org"), str(event["status"])), ("CANCEL", "CANCELLED"))
        self.assertEqual((event["uid"], event["sequence"]), (before["uid"], 1))
        # What it is about is not theirs any more.
        self.assertNotIn("description", event)
        self.assertNotIn("Ada", self.newest["jo@example.org"].text)
        self.assertEqual(self.event("kim@example.org")["attendee"].params["ROLE"], "OPT-PARTICIPANT")

    def test_who_comes_back_finds_the_same_entry_again(self):
        interview = self.schedule()
        self.told()
        uid = self.event("jo@example.org")["uid"]
        scheduling.change_interview(
            interview=interview, plan=self.plan(panel=((self.mira, LEAD),)), by=self.hana, at=LATER
        )
        self.told()
        self.change(interview)
        self.assertIn(("jo@example.org", "interview_planned"), self.told())
        event = self.event("jo@example.org")
        self.assertEqual((event["uid"], event["sequence"], self.method("jo@example.org")), (uid, 2, "REQUEST"))

    def test_a_cancelled_one_is_taken_out_of_every_calendar_once(self):
        interview = self.schedule()
        scheduling.change_interview(
            interview=interview, plan=self.plan(panel=((self.mira, LEAD),)), by=self.hana, at=LATER
        )
        self.told()
        scheduling.cancel_interview(interview=interview, by=self.hana, reason="The candidate has withdrawn.", at=LATER)
        # Jo had left before, and was told so then.
        self.assertEqual(self.told(), [("mira@example.org", "interview_off")])
        self.assertEqual((self.method("mira@example.org"), self.event("mira@example.org")["sequence"]), ("CANCEL", 2))
        self.assertIn("Reason: The candidate has withdrawn.", self.newest["mira@example.org"].text)

    def test_a_plan_that_is_refused_is_told_to_nobody(self):
        with self.assertRaises(scheduling.PanelInvalid):
            self.schedule(panel=[])
        self.assertEqual(self.told(), [])

    def test_who_may_not_sign_in_any_more_is_mailed_nothing(self):
        interview = self.schedule()
        self.told()
        self.jo.is_active = False
        self.jo.save()
        scheduling.cancel_interview(interview=interview, by=self.hana, reason="Withdrawn.", at=LATER)
        self.assertEqual(self.told(), [("mira@example.org", "interview_off")])

    @override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend")
    def test_without_a_mail_server_the_file_counts_on_all_the_same(self):
        interview = self.schedule()
        self.change(interview, minutes=45)
        self.assertEqual(self.told(), [])
        seat = Panelist.objects.get(interview=interview, user=self.jo)
        self.assertEqual(event_of(calendar_file(seat.interview, seat.user))["sequence"], 1)

    def test_it_leaves_as_an_invitation_that_mail_programs_know(self):
        with self.captureOnCommitCallbacks(execute=True):
            self.schedule()
        message = next(message for message in outbox.outbox if message.to == ["jo@example.org"]).message()
        part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
        self.assertEqual((part.get_param("method"), part.get_param("charset")), ("REQUEST", "utf-8"))
        self.assertEqual(event_of(part.get_payload(decode=True)).start, START)


class CalendarFileTests(CalendarCase):
    def test_both_sides_of_a_clock_change(self):
        """In Malta the clocks go back on 25 October 2026: 14:00 is 12:00 in UTC the day before, 13:00 the day after."""
        for day, hour in ((24, 12), (26, 13)):
            start = clock_changes.moment(dt.date(2026, 10, day), dt.time(14), "Europe/Malta")
            seat = self.seat(scheduled_for=start)
            event = event_of(calendar_file(seat.interview, seat.user))
            self.assertEqual(event.start, dt.datetime(2026, 10, day, hour, tzinfo=dt.UTC))
            self.assertEqual(event.start.astimezone(zoneinfo.ZoneInfo("Europe/Malta")).hour, 14)
            self.assertIn(f"DTSTART:202610{day}T{hour}0000Z".encode(), calendar_file(seat.interview, seat.user))

    def seat(self, **fields) -> Panelist:
        interview = InterviewFactory(candidate=self.candidate, **{"scheduled_for": START} | fields)
        return PanelistFactory(interview=interview, user=self.mira, part=LEAD)

    def test_hostile_text_comes_back_as_it_was_and_lines_are_folded(self):
        self.candidate.name = "Ada, “Ω”; \\n 👩🏽‍💻\tBEGIN:VALARM " + "é" * 60
        self.candidate.opening.title = "Engineer; backend,\r\nATTENDEE:mailto:eve@example.org 👩🏽‍💻" + "x" * 30
        self.candidate.opening.save()
        self.candidate.save()
        self.mira.name = 'Mira "M"; R:ahman,\x07 x'
        self.mira.save()
        seat = self.seat()
        found = calendar_file(seat.interview, seat.user)
        for line in found.split(b"\r\n"):
            self.assertLessEqual(len(line), 75)
        event = event_of(found)
        self.assertIn("Ada, “Ω”; \\n 👩🏽‍💻 BEGIN:VALARM", event["description"])
        self.assertEqual(str(event["summary"])[:29], "Interview: Engineer; backend,")
        self.assertEqual(str(event["attendee"]), "mailto:mira@example.org")
        self.assertEqual(event.subcomponents, [])
        self.assertNotIn(b"\x07", found)

    def test_it_holds_no_evaluation(self):
        seat = self.seat()
        self.assertNotIn(b"score", calendar_file(seat.interview, seat.user).lower())
        self.assertNotIn(b"recommend", calendar_file(seat.interview, seat.user).lower())
