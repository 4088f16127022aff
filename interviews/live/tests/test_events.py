"""The server's events against the table that static/js/live/state.js is held to as well: tests/js/events.json."""

import datetime as dt
import json
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase
from django.utils import timezone

from interviews.factories import PDF, InterviewFactory, LeadFactory, PanelistFactory, ScriptedSectionFactory
from interviews.live import dispatch, outcomes
from interviews.live.tests.call_case import CallCase
from interviews.models import Event
from interviews.planning import candidate_files, scheduling
from interviews.tests.commanding import Sender, sender
from question_bank.factories import PointFactory, QuestionFactory
from runner import ROOT

TABLE = json.loads((ROOT / "tests" / "js" / "events.json").read_text())["events"]

EXTRA, LATER, ADDED, PICKED, NUDGE = (str(uuid.uuid4()) for _ in range(5))

# Objects whose keys are ids.
BY_ID = {"panel", "seconds", "askers"}


def shape(payload: Any, name: str = "") -> Any:
    """The keys of a payload, at every depth; of values that are keyed by an id, the keys of each value."""
    if not isinstance(payload, dict):
        return None
    if name in BY_ID:
        return sorted({json.dumps(shape(value), sort_keys=True) for value in payload.values()})
    return {key: shape(value, key) for key, value in payload.items()}


def shapes_of(events: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Stream, kind and shape of each event. Whether anything has run yet in `seconds` is not part of it."""
    shapes = set()
    for event in events:
        payload = event["payload"] | ({"seconds": {}} if "seconds" in event["payload"] else {})
        shapes.add((event["stream"], event["kind"], json.dumps(shape(payload), sort_keys=True)))
    return shapes


class TestEvents(CallCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.gate = ScriptedSectionFactory(interview=cls.interview, gate="Go on?", position=9)
        cls.other = PanelistFactory(interview=cls.interview)
        cls.picked = QuestionFactory()
        PointFactory(question=cls.picked)
        cls.commands = {
            "ask": [(cls.first.pk, "now"), (cls.second.pk, "now"), (cls.second.pk, None)],
            "skip": [(cls.second.pk, 1), (cls.second.pk, None)],
            "park": [(cls.second.pk, True), (cls.second.pk, False)],
            "add": [(ADDED, {"text": "And then?"}), (ADDED, None), (PICKED, {"question": cls.picked.pk})],
            "gate": [(cls.gate.pk, True), (cls.gate.pk, None)],
            "tick": [(cls.points[0].pk, True), (cls.points[0].pk, False)],
            "unlisted": [(EXTRA, {"question": cls.first.pk, "text": "names a CDN"})],
            "unlisted_tick": [(EXTRA, False)],
            "nudge": [(NUDGE, "ask about Vary")],
            "nudge_seen": [(NUDGE, True)],
            "suggest": [(NUDGE, {"kind": "new", "question": None, "text": "Why queues?"})],
            "rate": [(cls.first.pk, 3), (cls.first.pk, None)],
            "flag": [(cls.first.pk, {"flag": "dont_know", "on": True})],
            "note": [(cls.first.pk, "Knows"), (cls.first.pk, "Knows ETags."), (None, "Calm.")],
            "loose_end": [(LATER, {"text": "Vary?", "question": None, "is_done": False}), (LATER, None)],
            "scorecard": [("because", "Knows HTTP."), ("because", "Knows")],
            "turn": [(None, cls.other.pk)],
            "asker": [(cls.gate.pk, cls.other.pk)],
            "minutes": [(None, 65)],
            "run_over": [(None, True)],
            "pause": [(None, True), (None, False)],
            "end": [(None, True)],
            "reopen": [(None, True)],
            "take_lead": [(None, True)],
            "lead": [(None, cls.other.pk)],
        }

    def told(self, browser: Sender) -> list[dict[str, Any]]:
        return browser.events().json()["events"]

    def sent(self, browser: Sender, kind: str, target: Any = None, value: Any = True) -> None:
        answer = browser.send(kind, target, value)
        self.assertEqual(answer.status_code, 200, answer.content)

    def run_every_command(self) -> list[dict[str, Any]]:
        """Each kind once or more, and what other pages write into the shared stream. Returns the events told."""
        for kind, sent in self.commands.items():
            for target, value in sent:
                self.sent(self.browser, kind, target, value)
        # The one before leads no more.
        self.sent(sender(self.other), "end")
        self.sent(self.browser, "submit")
        self.sent(self.browser, "rate", self.first.pk, 4)
        return self.told(self.browser) + self.started() + self.cancelled() + self.not_taken_place()

    def started(self) -> list[dict[str, Any]]:
        browser = sender(LeadFactory(interview=InterviewFactory(), user=self.lead.user))
        self.sent(browser, "start")
        return self.told(browser)

    def cancelled(self) -> list[dict[str, Any]]:
        lead = LeadFactory(interview=InterviewFactory(), user=self.lead.user)
        scheduling.cancel_interview(interview=lead.interview, reason="Ill.", by=lead.user, at=timezone.now())
        events = Event.objects.filter(interview=lead.interview).values("stream", "kind", "payload")
        return list(events)

    def not_taken_place(self) -> list[dict[str, Any]]:
        lead = LeadFactory(interview=InterviewFactory(live=True), user=self.lead.user)
        now = timezone.now()
        about: dict[str, Any] = {"interview": lead.interview, "by": lead.user, "at": now}
        outcomes.call_off(outcome="failure", reason="The line broke.", **about)
        outcomes.restore(**about)
        then = now + dt.timedelta(days=1)
        outcomes.reschedule(scheduled_for=then, time_zone="UTC", reason="The line broke.", **about)
        upload = SimpleUploadedFile("cv.pdf", PDF)
        candidate_files.add_file(candidate=lead.interview.candidate, upload=upload, by=lead.user, at=now)
        return list(Event.objects.filter(interview=lead.interview).values("stream", "kind", "payload"))

    def test_every_kind_of_command_is_run(self):
        self.assertEqual({*self.commands, "start", "submit"}, set(dispatch.COMMANDS))

    def test_events_have_the_keys_of_the_table_and_the_table_has_every_event(self):
        self.maxDiff = None
        self.assertEqual(shapes_of(self.run_every_command()), shapes_of([row["event"] for row in TABLE]))


class TestTable(SimpleTestCase):
    def test_kind_is_the_event_s(self):
        for row in TABLE:
            with self.subTest(row["title"]):
                self.assertEqual(row["kind"], row["event"]["kind"])
