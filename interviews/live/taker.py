"""The taker: one per process. It applies the commands that arrive over sockets, in one thread."""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, close_old_connections

from interviews.live import batches
from interviews.streams.socket_monitor import Subscription

logger = logging.getLogger(__name__)

# It has its own database connection, and never waits for a request over HTTP.
_thread = ThreadPoolExecutor(1, thread_name_prefix="taker")


@dataclass(eq=False)
class _Waiting:
    request: batches.Request
    answer: "asyncio.Future[batches.Answer | None]"


class Taker:
    """Takes all requests that wait, together. One that comes alone goes at once."""

    def __init__(self) -> None:
        self.waiting: list[_Waiting] = []
        self.working: asyncio.Task[None] | None = None

    async def take(self, subscription: Subscription, raw: dict[str, Any]) -> batches.Answer | None:
        """The answer to a request; None if it must be sent over HTTP: the session has ended, or the server failed."""
        mine = _Waiting(batches.Request(subscription, raw), asyncio.get_running_loop().create_future())
        self.waiting.append(mine)
        if self.working is None or self.working.done():
            self.working = asyncio.create_task(self._work())
        return await mine.answer

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self.waiting:
            now, self.waiting = self.waiting[: batches.MOST], self.waiting[batches.MOST :]
            answers = await loop.run_in_executor(_thread, _answers, [waiting.request for waiting in now])
            for waiting, answer in zip(now, answers, strict=True):
                if not waiting.answer.done():  # the socket may have gone meanwhile
                    waiting.answer.set_result(answer)


def _answers(requests: Sequence[batches.Request]) -> Sequence[batches.Answer | None]:
    close_old_connections()
    try:
        return batches.answers(requests)
    except (DatabaseError, OSError) as error:
        # Over HTTP the page gets the reason in words.
        logger.warning("Commands of sockets were not taken: %r", error)
    except Exception:
        logger.exception("Commands of sockets were not taken")
    return [None] * len(requests)


_takers: WeakKeyDictionary[asyncio.AbstractEventLoop, Taker] = WeakKeyDictionary()


def taker() -> Taker:
    """The taker of this event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _takers:
        _takers[loop] = Taker()
    return _takers[loop]
