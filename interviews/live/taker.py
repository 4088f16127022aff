"""The taker: one per process. It applies the commands that arrive over sockets, in one thread."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, close_old_connections

from interviews.live import batches
from interviews.streams import socket_monitor
from interviews.streams.events import News, committed_events, newest_numbers
from interviews.streams.subscriptions import Subscription

logger = logging.getLogger(__name__)

# On a busy server, start one batch per APART seconds on average, so that each takes several commands. After a pause,
# AT_ONCE batches start without waiting, and so does any batch once ENOUGH commands wait.
APART, ENOUGH, AT_ONCE = 0.005, 16, 8

# It has its own database connection, and never waits for a request over HTTP.
_thread = ThreadPoolExecutor(1, thread_name_prefix="taker")


# For a socket that sent a request: the answer, or None if the request must be sent over HTTP (the session has ended, or
# the server failed); and its news of the batch, if any.
Told = tuple[batches.Answer | None, News | None]


class Taker:
    """Takes all requests that wait, together. In a quiet minute one that comes alone goes at once."""

    def __init__(self) -> None:
        self.waiting: list[tuple[socket_monitor.Socket, batches.Request, asyncio.Future[Told]]] = []
        self.enough = asyncio.Event()
        self.working: asyncio.Task[None] | None = None
        # When the last batches began.
        self.begun = deque([0.0] * AT_ONCE, AT_ONCE)

    async def take(self, socket: socket_monitor.Socket, raw: dict[str, Any]) -> Told:
        request = batches.Request(socket.subscription, raw)
        told: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self.waiting.append((socket, request, told))
        if len(self.waiting) >= ENOUGH:
            self.enough.set()
        if self.working is None or self.working.done():
            self.working = asyncio.create_task(self._work())
        return await told

    async def _work(self) -> None:
        loop, monitor = asyncio.get_running_loop(), socket_monitor.monitor()
        while self.waiting:
            if len(self.waiting) < ENOUGH:
                await self._wait(self.begun[0] + AT_ONCE * APART - loop.time())
            self.begun.append(loop.time())
            self.enough.clear()
            now, self.waiting = self.waiting[: batches.MOST], self.waiting[batches.MOST :]
            requests = [request for _, request, _ in now]
            listening = monitor.subscriptions({request.subscription.interview for request in requests})
            committed = await loop.run_in_executor(_thread, _answer, requests, listening)
            try:
                news = monitor.deliver(committed)
            except Exception:
                # The sockets wait for their answers, which are committed. The monitor's next check tells the news.
                logger.exception("Events were not delivered")
                news = {}
            for socket, request, told in now:
                if not told.done():  # the socket may have gone meanwhile
                    told.set_result((request.answer, news.pop(socket, None)))
            for socket, its in news.items():
                await monitor.tell(socket.hear(its))

    async def _wait(self, seconds: float) -> None:
        """Wait for company: so long, or until there is enough."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.enough.wait()


def _answer(requests: Sequence[batches.Request], listening: Collection[Subscription]) -> socket_monitor.Fresh:
    """Fill in the answers; return what was committed for those who listen."""
    try:
        with committed_events() as committed:
            try:
                # As at the beginning of a request, and at its end below.
                close_old_connections()
                batches.answer(requests)
            except Exception as error:
                # Over HTTP each is taken by itself, and the page gets the reason in words.
                logger.warning("Commands of sockets were not taken: %r", error, exc_info=_is_bug(error))
                for request in requests:
                    request.answer = None
        try:
            return socket_monitor.fresh(committed, listening)
        except Exception as error:
            # The monitor's next check reads them.
            logger.warning("Events were not delivered: %r", error, exc_info=_is_bug(error))
            return socket_monitor.Fresh({}, set(), newest_numbers(committed))
    finally:
        close_old_connections()


def _is_bug(error: Exception) -> bool:
    """Whether to log the traceback: not of an outage."""
    return not isinstance(error, DatabaseError | OSError)


_takers: WeakKeyDictionary[asyncio.AbstractEventLoop, Taker] = WeakKeyDictionary()


def taker() -> Taker:
    """The taker of this event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _takers:
        _takers[loop] = Taker()
    return _takers[loop]
