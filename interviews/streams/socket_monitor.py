"""The watch over this process's sockets: at each poke, and every two seconds for all of them, it looks at the
database, whether they may listen still and what they have not been told.

It asks the rows themselves, so it matters neither who changed them nor whether the channel layer lost a message. One
look at a time: what comes meanwhile waits for the next one, so that many pokes are answered together."""

import asyncio
import contextlib
import datetime as dt
import logging
import time
from collections.abc import Collection, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone
from redis.exceptions import RedisError

from accounts.models import User
from interviews.models import Event, Panelist
from interviews.streams import events, notify
from interviews.streams.events import Numbers
from interviews.streams.prepared import Prepared
from interviews.streams.presence import Page, Presence

logger = logging.getLogger(__name__)

EVERY = 2.0  # seconds
# After a look it rests so many times as long as that took: the busier the server, the more is told at once.
RESTS = 2
# Told to a socket that may listen no longer. The page asks over HTTP why.
OVER = 4401


@dataclass(frozen=True)
class Seat:
    """What one socket was opened for: a place on a panel, by a person signed in with one session."""

    panelist: int
    user: int
    interview: int
    own_stream: str
    session_key: str
    # A changed password ends every session that was opened with the old one.
    password: str

    @property
    def groups(self) -> list[str]:
        return [notify.group_of(self.interview, stream) for stream in (Event.SHARED, self.own_stream)]


class Socket(Page, Protocol):
    seat: Seat
    told: Numbers

    async def hear(self, news: dict[str, Any]) -> None: ...
    async def close(self, code: int | None = None) -> None: ...


def seat_of(*, user: User, interview_id: int, session_key: str) -> tuple[Seat, Numbers] | None:
    """The person's place on the panel, and where the streams stand; None for those who have no place."""
    panelist = (
        Panelist.objects.with_access().filter(interview__pk=interview_id, user=user).select_related("interview").first()
    )
    if panelist is None:
        return None
    numbers = {"shared": panelist.interview.seq, "own": panelist.seq}
    return Seat(panelist.pk, user.pk, interview_id, panelist.own_stream, session_key, user.password), numbers


def numbers_of(seats: Collection[Seat]) -> dict[Seat, Numbers]:
    """Where the streams of these seats stand, without those who may listen no longer. Two queries, however many."""
    if not seats:
        return {}
    open_sessions = set(_sessions(keys=[seat.session_key for seat in seats], now=timezone.now()))
    now = {
        pk: (password, {"shared": shared, "own": own})
        for pk, password, shared, own in _places(panelists=[seat.panelist for seat in seats])
    }
    return {
        seat: now[seat.panelist][1]
        for seat in seats
        if seat.session_key in open_sessions and now.get(seat.panelist, ("",))[0] == seat.password
    }


@Prepared
def _sessions(*, keys: list[str], now: dt.datetime) -> QuerySet[Any, str]:
    return Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list("session_key", flat=True)


@Prepared
def _places(*, panelists: list[int]) -> QuerySet[Any, tuple[int, str, int, int]]:
    """Who still has access, with their password and the numbers of their streams."""
    rows = Panelist.objects.with_access().filter(pk__in=panelists).order_by()
    return rows.values_list("pk", "user__password", "interview__seq", "seq")


def news_of(told: Mapping[Socket, Numbers]) -> dict[Socket, dict[str, Any]]:
    """What these sockets were not told yet, by what they were told; those who may listen no longer are left out.

    Two queries, and a third where anything is new."""
    now = numbers_of({socket.seat for socket in told})
    allowed = [socket for socket in told if socket.seat in now]
    readers = [
        events.Reader(socket.seat.interview, socket.seat.own_stream, told[socket], now[socket.seat])
        for socket in allowed
    ]
    return dict(zip(allowed, events.news(readers), strict=True))


class Watch:
    """Looks after the sockets of one event loop for as long as there are any.

    It listens to the channel layer for all of them: a poke is one message for this process, not one for each socket."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()
        self.listeners: dict[str, set[Socket]] = {}
        self.poked: set[Socket] = set()
        self.wake = asyncio.Event()
        self.changing = asyncio.Lock()
        self.layer: Any = None
        self.channel = ""
        self.working: dict[str, asyncio.Task[None]] = {}
        self.telling: set[asyncio.Task[None]] = set()
        self.presence = Presence(self._do)

    def count(self, user: int) -> int:
        """How many sockets of a person there are."""
        return sum(socket.seat.user == user for socket in self.sockets)

    async def add(self, socket: Socket) -> None:
        """Look after this socket from now on, and at once. Raises OSError or RedisError where the layer is away."""
        async with self.changing:
            if not self.channel:
                self.layer = get_channel_layer()
                self.channel = await self.layer.new_channel()
            self._work()
            self.sockets.add(socket)
            for group in socket.seat.groups:
                if group not in self.listeners:
                    await self.layer.group_add(group, self.channel)
                    self.listeners[group] = set()
                self.listeners[group].add(socket)
            await self.presence.add(socket)
        self.poke(socket)

    async def remove(self, socket: Socket) -> None:
        async with self.changing:
            self.sockets.discard(socket)
            await self.presence.remove(socket)
            for group in socket.seat.groups:
                listeners = self.listeners.get(group, set())
                listeners.discard(socket)
                if not listeners and self.listeners.pop(group, None) is not None:
                    with contextlib.suppress(OSError, RedisError):
                        await self.layer.group_discard(group, self.channel)
            if not self.sockets:
                for task in self.working.values():
                    task.cancel()
                self.working, self.channel = {}, ""

    def _work(self) -> None:
        """Begin, or begin again with what an error has ended."""
        for name, work in {"listen": self._listen, "run": self._run, "presence": self.presence.run}.items():
            if name not in self.working or self.working[name].done():
                self.working[name] = asyncio.create_task(work())

    def poke(self, socket: Socket) -> None:
        self.poked.add(socket)
        self.wake.set()

    async def _listen(self) -> None:
        while True:
            try:
                message = await self.layer.receive(self.channel)
            except (OSError, RedisError) as error:
                logger.warning("The channel layer is away: %r", error)
                await asyncio.sleep(EVERY)
                continue
            if message["type"] == "presence":
                self.presence.hear(message)
                continue
            for socket in self.listeners.get(message["group"], set()):
                if any(number > socket.told[stream] for stream, number in message["numbers"].items()):
                    self.poke(socket)

    async def _run(self) -> None:
        last = time.monotonic()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(last + EVERY - time.monotonic()):
                    await self.wake.wait()
            began = time.monotonic()
            is_round = began >= last + EVERY
            last = began if is_round else last
            sockets = self.sockets if is_round else self.poked & self.sockets
            told = {socket: dict(socket.told) for socket in sockets}
            self.wake.clear()
            self.poked.clear()
            try:
                await self._look(told)
            except (DatabaseError, OSError) as error:
                # The page notices by itself that it is told nothing.
                logger.warning("The sockets were not looked after: %r", error)
            await asyncio.sleep(min(EVERY, (time.monotonic() - began) * RESTS))

    async def _look(self, told: dict[Socket, Numbers]) -> None:
        news = await database_sync_to_async(news_of)(told)
        for socket in told:
            if its := news.get(socket):
                # As good as told: a page that misses a number asks for it.
                socket.told = {"shared": its["shared"], "own": its["own"]}
                if its.get("more"):
                    self.poke(socket)
            self._do(socket.hear(its) if its else socket.close(OVER))

    def _do(self, doing: Coroutine[Any, Any, None]) -> None:
        """By itself: a socket that hangs keeps nobody else waiting."""
        task = asyncio.create_task(_within(doing))
        self.telling.add(task)
        task.add_done_callback(self.telling.discard)


async def _within(doing: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(OSError, RuntimeError, TimeoutError):
        async with asyncio.timeout(EVERY):
            await doing


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = WeakKeyDictionary()


def watch() -> Watch:
    """The one of this event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _watches:
        _watches[loop] = Watch()
    return _watches[loop]
