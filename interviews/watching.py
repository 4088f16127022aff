"""The watch over this process's sockets: every two seconds one look at the database, for all of them.

Who signed out, was deactivated, or left the panel loses the socket then; whoever missed a poke gets the numbers. It
asks the rows themselves, so it matters neither who changed them nor whether the channel layer lost a message."""

import asyncio
import contextlib
import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils import timezone

from accounts.models import User
from interviews.models import Panelist

logger = logging.getLogger(__name__)

EVERY = 2.0  # seconds
# Told to a socket that may listen no longer. The page asks over HTTP why.
OVER = 4401

# The newest number of each stream, "shared" and "own".
Numbers = dict[str, int]


@dataclass(frozen=True)
class Seat:
    """What one socket was opened for: a place on a panel, by a person signed in with one session."""

    panelist: int
    interview: int
    own_stream: str
    session_key: str
    # A changed password ends every session that was opened with the old one.
    password: str


class Socket(Protocol):
    seat: Seat

    async def seen(self, numbers: Numbers) -> None: ...
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
    return Seat(panelist.pk, interview_id, panelist.own_stream, session_key, user.password), numbers


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


class Watch:
    """Looks after the sockets of one event loop for as long as there are any."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()
        self.task: asyncio.Task[None] | None = None

    def add(self, socket: Socket) -> None:
        self.sockets.add(socket)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self.sockets:
            await asyncio.sleep(EVERY)
            try:
                await self._look(list(self.sockets))
            except (DatabaseError, OSError) as error:
                # The page notices by itself that it is told nothing.
                logger.warning("The sockets were not looked after: %r", error)

    async def _look(self, sockets: list[Socket]) -> None:
        numbers = await database_sync_to_async(numbers_of)([socket.seat for socket in sockets])
        await asyncio.gather(*(_say(socket, numbers.get(socket.seat)) for socket in sockets))


async def _say(socket: Socket, numbers: Numbers | None) -> None:
    """Tell one socket, or close it. One that is gone, or hangs, keeps nobody else waiting."""
    with contextlib.suppress(OSError, RuntimeError, TimeoutError):
        async with asyncio.timeout(EVERY):
            await (socket.seen(numbers) if numbers else socket.close(OVER))


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = WeakKeyDictionary()


def watch(socket: Socket) -> None:
    """Look after this socket from now on."""
    _watches.setdefault(asyncio.get_running_loop(), Watch()).add(socket)


def unwatch(socket: Socket) -> None:
    """It has closed."""
    _watches.setdefault(asyncio.get_running_loop(), Watch()).sockets.discard(socket)
