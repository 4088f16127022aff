"""The taker: one per process. It applies the commands that arrive over sockets, in one thread."""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, close_old_connections

from interviews.live import batches
from interviews.streams.socket_monitor import Subscription

logger = logging.getLogger(__name__)

# It has its own database connection, and never waits for a request over HTTP.
_thread = ThreadPoolExecutor(1, thread_name_prefix="taker")


class Taker:
    """Takes all requests that wait, together. One that comes alone goes at once."""

    def __init__(self) -> None:
        self.waiting: list[tuple[batches.Request, asyncio.Future[None]]] = []
        self.working: asyncio.Task[None] | None = None

    async def take(self, subscription: Subscription, raw: dict[str, Any]) -> batches.Answer | None:
        """The answer to a request; None if it must be sent over HTTP: the session has ended, or the server failed."""
        mine, is_done = batches.Request(subscription, raw), asyncio.get_running_loop().create_future()
        self.waiting.append((mine, is_done))
        if self.working is None or self.working.done():
            self.working = asyncio.create_task(self._work())
        await is_done
        return mine.answer

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self.waiting:
            now, self.waiting = self.waiting[: batches.MOST], self.waiting[batches.MOST :]
            await loop.run_in_executor(_thread, _answer, [request for request, _ in now])
            for _, is_done in now:
                if not is_done.done():  # the socket may have gone meanwhile
                    is_done.set_result(None)


def _answer(requests: Sequence[batches.Request]) -> None:
    try:
        # As at the beginning and the end of a request.
        close_old_connections()
        try:
            batches.answer(requests)
        finally:
            close_old_connections()
    except Exception as error:
        # Over HTTP each is taken by itself, and the page gets the reason in words.
        is_outage = isinstance(error, DatabaseError | OSError)
        logger.warning("Commands of sockets were not taken: %r", error, exc_info=not is_outage)
        for request in requests:
            request.answer = None


_takers: WeakKeyDictionary[asyncio.AbstractEventLoop, Taker] = WeakKeyDictionary()


def taker() -> Taker:
    """The taker of this event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _takers:
        _takers[loop] = Taker()
    return _takers[loop]
