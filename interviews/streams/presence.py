"""Presence: who has the live page open, and on which question. Each process announces its own pages to the others,
in one message per interview, so the work grows with the number of pages and not with its square."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from interviews.models import Event
from interviews.streams import notify

# Seconds: the shortest time between two announcements, between two repetitions, and until a silent process expires.
QUICKEST, SAID_AGAIN, FORGOTTEN = 0.1, 5, 12

# By panelist: the question their page shows (None: a gate, or nothing).
Here = dict[int, int | None]


class Page(Protocol):
    """A socket: its panelist, the question it shows, and since when (`time.monotonic`)."""

    @property
    def panelist(self) -> int: ...
    @property
    def interview(self) -> int: ...

    question: int | None
    moved_at: float

    async def show(self, here: Here) -> None: ...


@dataclass(frozen=True)
class Place:
    panelist: int
    question: int | None
    at: float


class Presence:
    """Presence in all interviews, as one process knows it."""

    def __init__(self, tell: Callable[[Coroutine[Any, Any, None]], Awaitable[None]]) -> None:
        self.tell = tell
        self.process = uuid.uuid4().hex
        self.pages: dict[int, set[Page]] = {}
        # By interview and process: when its announcement expires, and the announcement.
        self.elsewhere: dict[int, dict[str, tuple[float, list[Place]]]] = {}
        self.to_say: set[int] = set()
        self.to_show: set[int] = set()
        self.wake = asyncio.Event()

    async def add(self, page: Page) -> None:
        is_first = page.interview not in self.pages
        self.pages.setdefault(page.interview, set()).add(page)
        self.moved(page)
        if is_first:
            await self._say(page.interview, asks=True)

    async def remove(self, page: Page) -> None:
        pages = self.pages.get(page.interview, set())
        pages.discard(page)
        if pages:
            self.moved(page)
        elif self.pages.pop(page.interview, None) is not None:
            self.elsewhere.pop(page.interview, None)
            await self._say(page.interview)

    def moved(self, page: Page) -> None:
        self.to_say.add(page.interview)
        self.to_show.add(page.interview)
        self.wake.set()

    def hear(self, message: dict[str, Any]) -> None:
        """Apply the announcement of another process; our own arrives here too, and is ignored."""
        interview, process = message["interview"], message["process"]
        if process == self.process or interview not in self.pages:
            return
        now = time.monotonic()
        places = [Place(panelist, question, now - ago) for panelist, question, ago in message["here"]]
        self.elsewhere.setdefault(interview, {})[process] = (now + FORGOTTEN, places)
        self.to_show.add(interview)
        if message["asks"]:
            self.to_say.add(interview)
        self.wake.set()

    async def run(self) -> None:
        """Announce and show changes, at most every QUICKEST; repeat everything every SAID_AGAIN."""
        last = time.monotonic()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(last + SAID_AGAIN - time.monotonic()):
                    await self.wake.wait()
            if time.monotonic() >= last + SAID_AGAIN:
                last = time.monotonic()
                self.to_say.update(self.pages)
                self.to_show.update(self.pages)
            self.wake.clear()
            say, show = self.to_say & self.pages.keys(), self.to_show & self.pages.keys()
            self.to_say, self.to_show = set(), set()
            for interview in say:
                await self._say(interview)
            for interview in show:
                here = self._here(interview)
                for page in list(self.pages.get(interview, ())):
                    await self.tell(page.show(here))
            await asyncio.sleep(QUICKEST)

    def _here(self, interview: int) -> Here:
        """If a person has two pages open, the one that moved last counts."""
        now = time.monotonic()
        places = self._own(interview)
        for until, said in self.elsewhere.get(interview, {}).values():
            places += said if until > now else []
        return {place.panelist: place.question for place in sorted(places, key=lambda place: place.at)}

    def _own(self, interview: int) -> list[Place]:
        return [Place(page.panelist, page.question, page.moved_at) for page in self.pages.get(interview, set())]

    async def _say(self, interview: int, *, asks: bool = False) -> None:
        """Announce this process's pages, if there are other processes. With `asks`, they answer with theirs."""
        if not notify.has_other_processes():
            return
        now = time.monotonic()
        latest = {place.panelist: place for place in sorted(self._own(interview), key=lambda place: place.at)}
        group = notify.group_of(interview, Event.SHARED)
        message = {
            "type": "presence",
            "group": group,
            "interview": interview,
            "process": self.process,
            "here": [[place.panelist, place.question, now - place.at] for place in latest.values()],
            "asks": asks,
        }
        await notify.send(group, message)
