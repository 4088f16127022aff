"""The socket monitor. On each notification, and every two seconds for all sockets of this process, it rechecks access
and sends new events.

It reads the database, so a change counts however it was made, and even if the channel layer lost a message. One check
runs at a time: notifications that arrive meanwhile are answered together by the next check.

Events of commands that came over this process's sockets need no such check: `deliver` sends them as they were committed
(ADR 31)."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import DatabaseError
from redis.exceptions import RedisError

from interviews.models import Event
from interviews.streams import events, notify
from interviews.streams.events import News, Numbers, StreamKey
from interviews.streams.presence import Page, Presence
from interviews.streams.subscriptions import Subscription, numbers_of

logger = logging.getLogger(__name__)

EVERY = 2.0  # seconds
# So many sockets are told in a row, then commands have their turn: telling hundreds takes a tenth of a second.
IN_A_ROW = 16
# After a check it pauses this many times as long as the check took, so a busy server answers more at once.
PAUSE_FACTOR = 2
# Close code of a socket that has lost access. The page asks over HTTP for the reason.
OVER = 4401


class Socket(Page, Protocol):
    subscription: Subscription
    told: Numbers

    async def hear(self, news: News) -> None: ...
    async def close(self, code: int) -> None: ...


def news_of(told: Mapping[Socket, Numbers]) -> dict[Socket, News]:
    """The new events of each socket, given the numbers it has. Sockets that have lost access are left out.

    Two queries, and a third if there are new events."""
    now = numbers_of({socket.subscription for socket in told})
    allowed = [socket for socket in told if socket.subscription in now]
    readers = [
        events.Reader(
            socket.subscription.interview, socket.subscription.own_stream, told[socket], now[socket.subscription]
        )
        for socket in allowed
    ]
    return dict(zip(allowed, events.news(readers), strict=True))


@dataclass(frozen=True)
class Fresh:
    """Events that this process has just committed, and the subscriptions that may still read their streams."""

    events: Mapping[StreamKey, Sequence[Event]]
    allowed: Collection[Subscription]
    # The newest number of each channel group.
    numbers: Mapping[str, Numbers]

    def news(self, subscription: Subscription, has: Numbers) -> News | None:
        """The news of a subscription; None without access, or if earlier events must be read first."""
        shared_stream, own_stream = subscription.streams
        shared, own = self._last(shared_stream, has["shared"]), self._last(own_stream, has["own"])
        if subscription not in self.allowed or shared is None or own is None:
            return None
        return events.told(events.Reader(*own_stream, has, {"shared": shared, "own": own}), self.events)

    def _last(self, stream: StreamKey, has: int) -> int | None:
        """The newest number of a stream, or `has` if it has nothing newer; None after a gap."""
        seqs = [event.seq for event in self.events.get(stream, ()) if event.seq > has]
        return has + len(seqs) if seqs == list(range(has + 1, has + 1 + len(seqs))) else None


def fresh(committed: Sequence[Event], subscriptions: Collection[Subscription]) -> Fresh:
    """Prepare the delivery of committed events to these subscriptions. Access is checked now, as by `news_of`: two
    queries, and a third if there are notes."""
    streams = events.by_stream(committed)
    concerned = {one for one in subscriptions if any(stream in streams for stream in one.streams)}
    return Fresh(streams, numbers_of(concerned).keys(), events.newest_numbers(committed))


class SocketMonitor:
    """Monitors the sockets of one event loop, while there are any.

    It listens to the channel layer for all of them: a notification is one message per process, not one per socket."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()
        self.listeners: dict[str, set[Socket]] = {}
        self.due: set[Socket] = set()
        self.wake = asyncio.Event()
        self.changing = asyncio.Lock()
        self.layer: Any = None
        self.channel = ""
        self.working: dict[str, asyncio.Task[None]] = {}
        self.running: set[asyncio.Task[None]] = set()
        self.presence = Presence(self.tell)

    def count(self, user: int) -> int:
        """The number of sockets of a person."""
        return sum(socket.subscription.user == user for socket in self.sockets)

    async def add(self, socket: Socket) -> None:
        """Monitor this socket, and check it at once. Raises OSError or RedisError if the layer is unreachable."""
        async with self.changing:
            if not self.channel:
                self.layer = get_channel_layer()
                self.channel = await self.layer.new_channel()
            self._work()
            self.sockets.add(socket)
            for group in socket.subscription.groups:
                if group not in self.listeners:
                    await self.layer.group_add(group, self.channel)
                    self.listeners[group] = set()
                self.listeners[group].add(socket)
            await self.presence.add(socket)
        self.check_soon(socket)

    async def remove(self, socket: Socket) -> None:
        async with self.changing:
            self.sockets.discard(socket)
            await self.presence.remove(socket)
            for group in socket.subscription.groups:
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
        """Start the tasks; restart those that an error has ended."""
        for name, work in {"listen": self._listen, "run": self._run, "presence": self.presence.run}.items():
            if name not in self.working or self.working[name].done():
                self.working[name] = asyncio.create_task(work())

    def check_soon(self, socket: Socket) -> None:
        self.due.add(socket)
        self.wake.set()

    def subscriptions(self, interviews: Collection[int]) -> set[Subscription]:
        """The subscriptions of all sockets of this process to these interviews."""
        groups = {notify.group_of(interview, Event.SHARED) for interview in interviews}
        return {socket.subscription for group in groups for socket in self.listeners.get(group, ())}

    def deliver(self, committed: Fresh) -> dict[Socket, News]:
        """The news of each socket of this process; the caller sends them. The next check tells the rest: sockets that
        opened meanwhile, missed earlier events or lost access. Notifies the other processes."""
        news = {}
        for group, numbers in committed.numbers.items():
            for socket in self._behind(group, numbers):
                its = committed.news(socket.subscription, socket.told)
                if its is None:
                    self.check_soon(socket)
                else:
                    news[socket] = its
            if notify.has_other_processes():
                self.run(notify.send(group, notify.message(group, numbers)))
        for socket, its in news.items():
            socket.told = {"shared": its["shared"], "own": its["own"]}
        return news

    def _behind(self, group: str, numbers: Numbers) -> list[Socket]:
        return [
            socket
            for socket in self.listeners.get(group, ())
            if any(number > socket.told[stream] for stream, number in numbers.items())
        ]

    async def _listen(self) -> None:
        while True:
            try:
                message = await self.layer.receive(self.channel)
            except (OSError, RedisError) as error:
                logger.warning("The channel layer is unreachable: %r", error)
                await asyncio.sleep(EVERY)
                continue
            if message["type"] == "presence":
                self.presence.hear(message)
                continue
            for socket in self._behind(message["group"], message["numbers"]):
                self.check_soon(socket)

    async def _run(self) -> None:
        last = time.monotonic()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(last + EVERY - time.monotonic()):
                    await self.wake.wait()
            began = time.monotonic()
            is_round = began >= last + EVERY
            last = began if is_round else last
            sockets = self.sockets if is_round else self.due & self.sockets
            told = {socket: dict(socket.told) for socket in sockets}
            self.wake.clear()
            self.due.clear()
            try:
                await self._check(told)
            except (DatabaseError, OSError) as error:
                # A page that hears nothing for some seconds polls instead.
                logger.warning("Checking the sockets failed: %r", error)
            except Exception:
                # Without rounds, no page would hear anything until one more opens.
                logger.exception("Checking the sockets failed")
            await asyncio.sleep(min(EVERY, (time.monotonic() - began) * PAUSE_FACTOR))

    async def _check(self, told: dict[Socket, Numbers]) -> None:
        news = await database_sync_to_async(news_of)(told)
        for place, socket in enumerate(told):
            if place % IN_A_ROW == IN_A_ROW - 1:
                await asyncio.sleep(0)
            if its := news.get(socket):
                its = _without(its, socket.told)
                # Recorded before it is sent: a page that misses a number asks for it.
                socket.told = {"shared": its["shared"], "own": its["own"]}
                if its.get("more"):
                    self.check_soon(socket)
            await self.tell(socket.hear(its) if its else socket.close(OVER))

    async def tell(self, doing: Coroutine[Any, Any, None]) -> None:
        """Tell a page something, unless its connection is full: then it asks for what it missed at the next heartbeat.
        So it does not hold up the others. A task for each page would take twice as long."""
        try:
            # Time for what can be written at once, and for nothing else.
            async with asyncio.timeout(0):
                await doing
        except TimeoutError:
            pass
        except Exception:
            logger.exception("A page was not told")

    def run(self, doing: Coroutine[Any, Any, None]) -> None:
        """Run as a task, for a limited time."""
        task = asyncio.create_task(_within(doing))
        self.running.add(task)
        task.add_done_callback(self.running.discard)


def _without(news: News, told: Numbers) -> News:
    """The news without what was delivered while they were read."""
    newer = [event for event in news["events"] if event["seq"] > told[event["stream"]]]
    shared, own = max(news["shared"], told["shared"]), max(news["own"], told["own"])
    return {**news, "shared": shared, "own": own, "events": newer}


async def _within(doing: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(OSError, RuntimeError, TimeoutError):
        async with asyncio.timeout(EVERY):
            await doing


_monitors: WeakKeyDictionary[asyncio.AbstractEventLoop, SocketMonitor] = WeakKeyDictionary()


def monitor() -> SocketMonitor:
    """The socket monitor of this event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _monitors:
        _monitors[loop] = SocketMonitor()
    return _monitors[loop]
