"""For browser tests of every room: a call, and the live page as a person finds it."""

import re
import time
from typing import Any

from interviews.models import Event, Interview, Panelist, ScriptedPoint, ScriptedQuestion
from interviews.streams.live_socket import LiveSocket
from interviews.tests.commanding import Sender
from question_bank.factories import (
    AnchorFactory,
    PointFactory,
    QuestionFactory,
    ScriptFactory,
    ScriptItemFactory,
    SectionFactory,
    TopicFactory,
)
from question_bank.models import Point, Question, Script
from tests.waiting import eventually, saved

SLOW = "A page is slow. How do you speed it up?"
CACHE = "Where can results be cached?"
COST = "What does caching cost you?"
QUERY = "What makes a query slow?"
REPORT = "A report takes minutes to build. How do you lay that out?"
DJANGO = "Which tools make your test data?"
YOURS = "What would you like to ask us?"

# What the console says of an answer that is an error, or does not come.
GONE = "Failed to load resource"
# Seconds: single keys rest so long after typing; keys that come faster than three in two of these are text.
REST, PACE = 1.05, 0.13
ONLINE = "dispatchEvent(new Event('online'))"


def call_script() -> Script:
    """Cues, a chain of follow-ups, a watch-out, ten points at one question, a gate, the candidate's own questions."""
    topic = TopicFactory(name="Response time")
    slow = QuestionFactory(
        topic=topic, prompt=SLOW, guidance="Let the ideas come.", purpose="How they begin.", minutes=4
    )
    query = QuestionFactory(topic=topic, prompt=QUERY, minutes=3)
    cache = QuestionFactory(parent=slow, prompt=CACHE, condition="when caching comes up", minutes=5)
    QuestionFactory(parent=cache, prompt=COST, condition="after where to cache", minutes=2)
    report = QuestionFactory(prompt=REPORT, level=Question.Level.SENIOR, minutes=8)
    django = QuestionFactory(prompt=DJANGO, guidance="Their assignment shows it too.", minutes=6)
    yours = QuestionFactory(prompt=YOURS, kind=Question.Kind.CONVERSATION, minutes=5)
    PointFactory(question=slow, text="Brings up caching", kind=Point.Kind.CUE, leads_to=cache, position=1)
    PointFactory(question=slow, text="Brings up queries", kind=Point.Kind.CUE, leads_to=query, position=2)
    PointFactory(question=cache, text="HTTP headers", position=1)
    PointFactory(question=cache, text="Nginx", position=2)
    PointFactory(question=cache, text="Redis", position=3)
    PointFactory(question=cache, text="Caches everything for ever", kind=Point.Kind.WATCH_OUT, position=4)
    for number in range(1, 11):
        PointFactory(question=report, text=f"Report point {number}", position=number)
    AnchorFactory(question=slow, rating=1, text="Names a cure, never asks where the time goes")
    script = ScriptFactory(name="Backend, then Django")
    sections = [
        SectionFactory(script=script, title="Response time", minutes=15, position=1),
        SectionFactory(script=script, title="Task queues", minutes=12, position=2),
        SectionFactory(script=script, title="Testing", minutes=10, gate="Continue to Django?", position=3),
        SectionFactory(script=script, title="Candidate’s questions", minutes=5, is_for_candidate=True, position=4),
    ]
    ScriptItemFactory(section=sections[0], question=slow, position=1)
    ScriptItemFactory(section=sections[0], question=query, is_must_ask=False, position=2)
    ScriptItemFactory(section=sections[1], question=report)
    ScriptItemFactory(section=sections[2], question=django)
    ScriptItemFactory(section=sections[3], question=yours)
    return script


class CallRows:
    """The rows behind a call, by their words."""

    def __init__(self, interview: Interview, lead: Panelist) -> None:
        self.interview, self.lead = interview, lead

    def question(self, prompt: str) -> ScriptedQuestion:
        return ScriptedQuestion.objects.get(interview=self.interview, prompt=prompt)

    def point(self, text: str) -> ScriptedPoint:
        return ScriptedPoint.objects.get(question__interview=self.interview, text=text)

    def kinds(self) -> list[str]:
        """What was commanded, in the order of arrival. Notes that follow each other count once."""
        told = list(Event.objects.filter(interview=self.interview).order_by("pk").values_list("kind", flat=True))
        return [kind for kind, before in zip(told, [None, *told], strict=False) if (kind, before) != ("note", "note")]

    def elsewhere(self) -> Sender:
        """The lead's other device."""
        return Sender(self.lead.user, self.interview, "elsewhere")


class Keyboard:
    """Keys as a person presses them on the live page: as commands, or as text."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.typed_at = self.pressed_at = 0.0

    def press(self, *keys: str) -> None:
        """Press keys one by one as commands: slower than text, and not just after it."""
        for key in keys:
            self._wait_until(self.pressed_at + PACE)
            if not self.is_writing():
                self._wait_until(self.typed_at + REST)
            self.page.keyboard.press(key)
            self.pressed_at = time.monotonic()

    def type(self, text: str) -> None:
        self._wait_until(self.pressed_at + 2 * PACE)
        self.page.keyboard.type(text)
        self.typed_at = time.monotonic()

    def is_writing(self) -> bool:
        return self.page.evaluate("document.activeElement.matches('textarea, input[type=text]')")

    def _wait_until(self, moment: float) -> None:
        if (left := moment - time.monotonic()) > 0:
            self.page.wait_for_timeout(1000 * left)


class LivePage(Keyboard):
    """The live page in a browser, and what a person sees on it."""

    def __init__(self, page: Any, call: CallRows) -> None:
        super().__init__(page)
        self.call = call
        self.card = page.locator(".one.is-shown")
        self.status = page.locator("[data-status]")
        self.said = page.locator("[data-said]")
        self.toast = page.locator("[data-toast=mine]")
        self.open()

    def open(self) -> None:
        self.page.goto(f"/interviews/{self.call.interview.pk}/live/")
        # The status has its words once the scripts run.
        self.sees(self.status, re.compile(r"Saved \d\d:\d\d:\d\d|Nothing to save|not added yet"))

    def sees(self, place: Any, words: Any) -> None:
        """The place says the words, now or within a moment."""
        from playwright.sync_api import expect

        expect(place).to_contain_text(words)

    def shows(self, prompt: str) -> None:
        """The question or gate with these words is in sight."""
        from playwright.sync_api import expect

        expect(self.card.locator("h2")).to_have_text(prompt)

    def saved(self) -> None:
        """The server has said that everything is saved."""
        saved(self.page)

    def focuses(self, what: str) -> None:
        """The focus is on this, in short, now or within a moment: "textarea note"."""
        words = (
            "(({localName, dataset}) => localName + Object.keys(dataset).map((key) => ` ${key}`).join(''))"
            "(document.activeElement)"
        )
        eventually(self.page, lambda: str(self.page.evaluate(words))[: len(what)], what)


async def silent(socket: LiveSocket, news: dict[str, Any] | None, answer: str = "") -> None:
    """In place of telling a page what is new: it hears only the answers to its own requests."""
    if answer:
        await socket._write(f"{{{answer}}}")
