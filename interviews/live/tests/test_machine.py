"""Any commands in any order: what the events tell is what a fresh page shows, and a command sent again does nothing."""

import contextlib
import datetime as dt
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews import access
from interviews.factories import (
    PDF,
    InterviewFactory,
    LeadFactory,
    PanelistFactory,
    ScriptedSectionFactory,
    ShadowFactory,
)
from interviews.live import closing, commands, dispatch, outcomes
from interviews.live.page import live_page, news_since
from interviews.models import Event, Interview, Receipt
from interviews.planning import candidate_files, scheduling, stand_ins
from interviews.refusals import Refused
from question_bank.factories import PointFactory, QuestionFactory
from tests.javascript import folding

KEYS = [str(uuid.UUID(int=number, version=4)) for number in range(3)]

NOTHING, TRUE = st.just(None), st.just(True)
BOOLEAN, QUESTION, PANELIST, KEY = st.booleans(), st.integers(0, 2), st.integers(0, 2), st.sampled_from(KEYS)

# Target and value of each kind.
COMMANDS = {
    "tick": (st.integers(0, 3), BOOLEAN),
    "unlisted": (KEY, st.sampled_from(["a view", "a CDN"])),
    "unlisted_tick": (KEY, BOOLEAN),
    "rate": (QUESTION, st.sampled_from([1, 2, 3, 4, None])),
    "flag": (QUESTION, st.tuples(st.sampled_from(["dont_know", "depth"]), BOOLEAN)),
    "note": (st.sampled_from([0, 1, None]), st.text(alphabet="ab\n", max_size=4)),
    "loose_end": (KEY, st.sampled_from(["Vary", None])),
    "scorecard": (st.just("recommendation"), st.sampled_from([1, 3, None])),
    "submit": (NOTHING, st.just({"last_n": 0})),
    "ask": (QUESTION, st.sampled_from(["now", "asked", None])),
    "skip": (QUESTION, st.sampled_from([1, 5, None])),
    "park": (QUESTION, BOOLEAN),
    "add": (KEY, st.sampled_from(["text", "bank", None])),
    "nudge": (KEY, st.sampled_from(["ask about Vary", None])),
    "nudge_seen": (KEY, BOOLEAN),
    "suggest": (KEY, st.sampled_from(["dated", "new", None])),
    "gate": (NOTHING, st.sampled_from([True, False, None])),
    "turn": (NOTHING, PANELIST),
    "lead": (NOTHING, PANELIST),
    "asker": (NOTHING, PANELIST),
    "minutes": (NOTHING, st.sampled_from([60, 65, 500])),
    "pause": (NOTHING, BOOLEAN),
    "run_over": (NOTHING, BOOLEAN),
    "take_lead": (NOTHING, TRUE),
    "start": (NOTHING, BOOLEAN),
    "end": (NOTHING, TRUE),
    "reopen": (NOTHING, TRUE),
}
# What other pages and the periodic task do to a call.
ELSEWHERE = (
    "failure", "withdrew", "moved", "restore", "reinstate", "cancel", "file", "stand-in", "end", "reopen", "unstart",
    "forgotten",
)  # fmt: skip
command = st.one_of(
    *(st.tuples(st.just(kind), target, value) for kind, (target, value) in COMMANDS.items()),
    st.tuples(st.just("form"), NOTHING, st.sampled_from(ELSEWHERE)),
)
# Who sends which command, whether twice, and whether it takes their last one back.
steps = st.lists(st.tuples(st.integers(0, 2), command, st.booleans(), st.booleans()), max_size=25)


@pytest.mark.slow
class TestLiveMachine(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = cls.enterClassContext(folding())

    @settings(max_examples=40)
    @given(steps=steps, is_fully_blind=st.booleans())
    def test_events_tell_what_a_fresh_page_shows(self, steps, is_fully_blind):
        self.interview = InterviewFactory(is_fully_blind=is_fully_blind)
        self.manager = HiringManagerFactory()
        self.interview.opening.managers.add(self.manager)
        self.stand_in, self.picked = InterviewerFactory(), QuestionFactory()
        PointFactory(question=self.picked, leads_to=QuestionFactory(parent=self.picked))
        self.gate = ScriptedSectionFactory(interview=self.interview, gate="Go on?", position=9)
        self.panel = [make(interview=self.interview) for make in (LeadFactory, PanelistFactory, ShadowFactory)]
        self.questions = list(self.interview.questions.order_by("position"))
        self.points = [point for question in self.questions for point in question.points.all()]
        before = [self.fresh(panelist) for panelist in self.panel]
        sent: dict[int, list[str]] = {0: [], 1: [], 2: []}
        # By a command: a start can be taken back by who did it.
        sent[0] += self.send(self.panel[0], 1000, "start", None, True, False, None)
        for number, (who, (kind, target, value), is_sent_twice, takes_back) in enumerate(steps, start=1):
            if kind == "form":
                self.post(self.panel[who].user if who else self.manager, value)
                continue
            undoes = sent[who][-1] if takes_back and sent[who] else None
            sent[who] += self.send(self.panel[who], number, kind, target, value, is_sent_twice, undoes)
        by_pages = Receipt.objects.exclude(client="page")  # forms send commands, too
        self.assertEqual(by_pages.count(), sum(map(len, sent.values())))
        for panelist, state in zip(self.panel, before, strict=True):
            after = self.fresh(panelist)
            seen = access.with_panelist(panelist.user, self.interview.pk)
            told = news_since(*seen, {"shared": 0, "own": 0})
            self.assertEqual(normal(self.page.fold(state, told["events"])), normal(after))
            self.assertEqual({"shared": told["shared"], "own": told["own"]}, after["streams"])
        for stream in set(Event.objects.values_list("stream", flat=True)):
            seqs = list(Event.objects.filter(stream=stream).values_list("seq", flat=True))
            self.assertEqual(sorted(seqs), list(range(1, len(seqs) + 1)))

    def test_every_kind_of_command_is_sent(self):
        self.assertEqual(set(COMMANDS), set(dispatch.COMMANDS))

    def fresh(self, panelist):
        interview, panelist = access.with_panelist(panelist.user, self.interview.pk)
        page = live_page(interview=interview, panelist=panelist, now=timezone.now())
        return json.loads(json.dumps(page.state))

    def post(self, user, act):
        """What the forms of other pages do to the call."""
        interview, now = Interview.objects.get(pk=self.interview.pk), timezone.now()
        with contextlib.suppress(Refused):
            match act:
                case "restore":
                    outcomes.restore(interview=interview, by=user, at=now)
                case "reinstate":
                    outcomes.reinstate(candidate=interview.candidate, by=user, at=now)
                case "file":
                    upload = SimpleUploadedFile("cv.pdf", PDF)
                    candidate_files.add_file(candidate=interview.candidate, upload=upload, by=user, at=now)
                case "cancel":
                    scheduling.cancel_interview(interview=interview, reason="So.", by=user, at=now)
                case "stand-in":
                    stand_ins.add_to_panel(interview=interview, person=self.stand_in, by=user, at=now)
                case "end" | "reopen" | "unstart":
                    press = {"end": closing.end_call, "reopen": closing.reopen_call, "unstart": closing.take_start_back}
                    press[act](interview=interview, by=user, at=now)
                case "forgotten":
                    closing.end_forgotten(at=now + dt.timedelta(hours=9))
                case "moved":
                    then = now + dt.timedelta(days=1)
                    outcomes.reschedule(
                        interview=interview, scheduled_for=then, time_zone="UTC", reason="Ill.", by=user, at=now
                    )
                case _:
                    outcomes.call_off(interview=interview, outcome=act, reason="So.", by=user, at=now)

    def send(self, panelist, number, kind, target, value, is_sent_twice, undoes):
        """Send one command, perhaps twice. Returns the receipts that it has to leave."""
        target, value = self.about(kind, target, value)
        body = {"id": str(uuid.uuid4()), "client": "tab", "n": number, "kind": kind, "target": target, "value": value}
        body |= {"undoes": undoes}
        read = commands.read(json.dumps(body).encode())
        who = {"user": panelist.user, "interview_id": self.interview.pk, "command": read, "now": timezone.now()}
        try:
            answer = dispatch.apply_command(**who)
        except Refused:
            return []
        if is_sent_twice:
            self.assertEqual(dispatch.apply_command(**who), answer)
        return [body["id"]]

    def about(self, kind, target, value):
        """Target and value of a command, with the numbers of this interview."""
        if kind in ("rate", "flag", "note", "ask", "skip", "park") and target is not None:
            target = self.questions[target].pk
        elif kind == "tick":
            target = self.points[target].pk
        elif kind in ("gate", "asker"):
            target = self.gate.pk
        if kind in ("turn", "lead", "asker"):
            value = self.panel[value].pk
        elif kind == "flag":
            value = {"flag": value[0], "on": value[1]}
        elif kind == "add" and value:
            value = {"question": self.picked.pk} if value == "bank" else {"text": "And then?"}
        elif kind == "suggest" and value:
            value = {"kind": value, "question": self.questions[0].pk, "text": "Ask why."}
        elif kind == "unlisted":
            value = {"question": self.questions[0].pk, "text": value}
        elif kind == "loose_end" and value:
            value = {"question": self.questions[0].pk, "text": value, "is_done": False}
        return target, value


def normal(state):
    """The state without the clock, the numbers, the order of rows and what only a page knows."""
    kept = {key: value for key, value in state.items() if key not in ("streams", "urls")}
    kept["interview"] = {
        key: value for key, value in kept["interview"].items() if key not in ("now", "is_replaced", "saved_at")
    }
    kept["unlisted"] = [row | {"ticks": by_text(row["ticks"])} for row in kept["unlisted"] if row["ticks"]]
    return {key: by_text(value) if isinstance(value, list) else value for key, value in kept.items()}


def by_text(rows):
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
