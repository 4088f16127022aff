"""The web socket of a live page: sends new events and presence (ADR 18)."""

import contextlib
import json
import time
from typing import Any

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import DenyConnection
from channels.generic.websocket import AsyncWebsocketConsumer

from interviews.storable import LARGEST_ID
from interviews.streams import socket_monitor
from interviews.streams.events import Numbers
from interviews.streams.presence import Here

# Seconds without a message after which a page counts as gone.
SILENT = 12
LONGEST = 200
# Close code after SILENT; a page that is still open reconnects.
GONE = 4408
# Sockets per person and process. A further page is closed with CROWDED, and polls instead.
MOST_SOCKETS, CROWDED = 20, 4429


class LiveConsumer(AsyncWebsocketConsumer):
    """One page of one panelist.

    Sends `{"shared", "own", "events", "user"}` as the events URL does (without events it is a heartbeat), and
    `{"here": {"<panelist>": question}}`. Receives `{"here": question}`."""

    # No own channel: the socket monitor listens for all sockets of this process.
    channel_layer_alias = ""
    subscription: socket_monitor.Subscription
    told: Numbers
    is_monitored = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            # Also after an error, such as an unreachable channel layer.
            if self.is_monitored:
                await socket_monitor.monitor().remove(self)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Like the parent's, but without a thread that closes old database connections at each message: only `connect`
        uses the database, and `database_sync_to_async` closes old connections there."""
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        user, session = self.scope["user"], self.scope["session"]
        found = None
        # No query for anonymous visitors.
        if user.is_authenticated:
            found = await database_sync_to_async(socket_monitor.subscribe)(
                user=user, interview_id=self.scope["url_route"]["kwargs"]["pk"], session_key=session.session_key
            )
        if found is None:
            raise DenyConnection
        self.subscription, self.told = found
        self.question: int | None = None
        self.shown: Here | None = None
        self.heard_at = self.moved_at = time.monotonic()
        self.told_at = 0.0
        await self.accept()
        if socket_monitor.monitor().count(self.subscription.user) >= MOST_SOCKETS:
            await self.close(CROWDED)
            return
        self.is_monitored = True
        await socket_monitor.monitor().add(self)

    @property
    def panelist(self) -> int:
        return self.subscription.panelist

    @property
    def interview(self) -> int:
        return self.subscription.interview

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Read which question the page shows; ignore any other message."""
        if text_data is None or len(text_data) > LONGEST:
            return
        try:
            question = json.loads(text_data)["here"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        if question is not None and not (type(question) is int and 0 < question <= LARGEST_ID):
            return
        self.heard_at = time.monotonic()
        if self.is_monitored and question != self.question:
            self.question, self.moved_at = question, self.heard_at
            socket_monitor.monitor().presence.moved(self)

    async def hear(self, news: dict[str, Any]) -> None:
        """Called by the socket monitor. Sends new events, and a heartbeat now and then, which the page answers."""
        now = time.monotonic()
        if now - self.heard_at > SILENT:
            await self.close(GONE)
            return
        if news["events"] or now - self.told_at > socket_monitor.EVERY / 2:
            await self._tell(news)

    async def show(self, here: Here) -> None:
        """Send the presence to the page if it has changed."""
        if here != self.shown:
            self.shown = here
            await self._write(json.dumps({"here": here}))

    async def _tell(self, news: dict[str, Any] | None, answer: str = "") -> None:
        """Send new events, the answer to a request (`CommandSocket`), or both in one message.

        Events are sorted: PostgreSQL returns a payload's keys in another order than they were written."""
        parts = [answer] if answer else []
        if news is not None:
            self.told_at = time.monotonic()
            parts.append(json.dumps(news | {"user": self.subscription.user}, sort_keys=True)[1:-1])
        await self._write(f"{{{', '.join(parts)}}}")

    async def _write(self, frame: str) -> None:
        # The page may close at this moment; Channels then calls `disconnect`.
        with contextlib.suppress(OSError, RuntimeError):
            await self.send(frame)
