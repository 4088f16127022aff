"""The watch over this process's sockets: at each poke, and every two seconds for all of them, it looks at the
database, whether they may listen still and what they have not been told.

It asks the rows themselves, so it matters neither who changed them nor whether the channel layer lost a message. One
look at a time: what comes meanwhile waits for the next one, so that many pokes are answered together."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Collection, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils import timezone

from accounts.models import User
from interviews import streams
from interviews.models import Panelist
from interviews.streams import Numbers

logger = logging.getLogger(__name__)

EVERY = 2.0  # seconds
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


class Socket(Protocol):
    seat: Seat
    told: Numbers

    async def hear(self, news: dict[str, Any]) -> None: ...
    async def close(self, code: int | None = None) -> None: ...


def seat_of(*, user: User, interview_id: int, session_key: str) -> tuple[Seat, Numbers] | None:
    """The person's place on the panel, and where the streams stand; None for those who have no place."""
    panelist = (
        Panelist.objects.current()
        .filter(interview__pk=interview_id, user=user, user__is_active=True)
        .select_related("interview")
        .first()
    )
    if panelist is None:
        return None
    numbers = {"shared": panelist.interview.seq, "own": panelist.seq}
    return Seat(panelist.pk, user.pk, interview_id, panelist.own_stream, session_key, user.password), numbers


def numbers_of(seats: Collection[Seat]) -> dict[Seat, Numbers]:
    """Where the streams of these seats stand, without those who may listen no longer. Two queries, however many."""
    sessions = Session.objects.filter(
        session_key__in={seat.session_key for seat in seats}, expire_date__gt=timezone.now()
    )
    open_sessions = set(sessions.values_list("session_key", flat=True))
    rows = Panelist.objects.current().filter(pk__in={seat.panelist for seat in seats}, user__is_active=True)
    now = {
        pk: (password, {"shared": shared, "own": own})
        for pk, password, shared, own in rows.values_list("pk", "user__password", "interview__seq", "seq")
    }
    return {
        seat: now[seat.panelist][1]
        for seat in seats
        if seat.session_key in open_sessions and now.get(seat.panelist, ("",))[0] == seat.password
    }


def news_of(told: Mapping[Socket, Numbers]) -> dict[Socket, dict[str, Any]]:
    """What these sockets were not told yet, by what they were told; those who may listen no longer are left out.

    Two queries, and a third where anything is new."""
    now = numbers_of({socket.seat for socket in told})
    allowed = [socket for socket in told if socket.seat in now]
    readers = [
        streams.Reader(socket.seat.interview, socket.seat.own_stream, told[socket], now[socket.seat])
        for socket in allowed
    ]
    return dict(zip(allowed, streams.news(readers), strict=True))


class Watch:
    """Looks after the sockets of one event loop for as long as there are any."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()
        self.poked: set[Socket] = set()
        self.wake = asyncio.Event()
        self.looking: asyncio.Task[None] | None = None
        self.telling: set[asyncio.Task[None]] = set()

    def add(self, socket: Socket) -> None:
        self.sockets.add(socket)
        if self.looking is None or self.looking.done():
            self.looking = asyncio.create_task(self._run())

    def poke(self, socket: Socket) -> None:
        self.poked.add(socket)
        self.wake.set()

    def remove(self, socket: Socket) -> None:
        self.sockets.discard(socket)
        if not self.sockets:
            self.wake.set()

    async def _run(self) -> None:
        last = time.monotonic()
        while self.sockets:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(last + EVERY - time.monotonic()):
                    await self.wake.wait()
            self.wake.clear()
            now = time.monotonic()
            is_round = now >= last + EVERY
            sockets = self.sockets if is_round else self.poked & self.sockets
            last = now if is_round else last
            told = {socket: dict(socket.told) for socket in sockets}
            self.poked.clear()
            try:
                await self._look(told)
            except (DatabaseError, OSError) as error:
                # The page notices by itself that it is told nothing.
                logger.warning("The sockets were not looked after: %r", error)

    async def _look(self, told: dict[Socket, Numbers]) -> None:
        news = await database_sync_to_async(news_of)(told)
        for socket in told:
            if its := news.get(socket):
                # As good as told: a page that misses a number asks for it.
                socket.told = {"shared": its["shared"], "own": its["own"]}
            # One that hangs keeps nobody else waiting.
            task = asyncio.create_task(_within(socket.hear(its) if its else socket.close(OVER)))
            self.telling.add(task)
            task.add_done_callback(self.telling.discard)


async def _within(doing: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(OSError, RuntimeError, TimeoutError):
        async with asyncio.timeout(EVERY):
            await doing


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = WeakKeyDictionary()


def _watch() -> Watch:
    return _watches.setdefault(asyncio.get_running_loop(), Watch())


def watch(socket: Socket) -> None:
    """Look after this socket from now on."""
    _watch().add(socket)


def poked(socket: Socket) -> None:
    """There is something new for this socket."""
    _watch().poke(socket)


def unwatch(socket: Socket) -> None:
    """It has closed."""
    _watch().remove(socket)
