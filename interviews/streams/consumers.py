"""The web socket of a live page: brings what is new, and says who is here (ADR 18)."""

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

# Seconds without a word, after which a page is not there.
SILENT = 12
LONGEST = 200
# Closed after a silence: the page that is there after all comes back.
GONE = 4408
# Of one person, served by this process. A further page is closed with CROWDED, and asks every few seconds instead.
MOST_SOCKETS, CROWDED = 20, 4429


class LiveConsumer(AsyncWebsocketConsumer):
    """One page of one panelist. Sends what the address of the events answers, `{"shared", "own", "events", "user"}`,
    where the numbers alone are a sign of life, and `{"here": {"<panelist>": question}}`; takes `{"here": question}`."""

    # The watch listens, for all sockets of this process.
    channel_layer_alias = ""
    seat: socket_monitor.Seat
    told: Numbers
    is_watched = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            # However it ended: by a disconnect, or by a channel layer that is away.
            if self.is_watched:
                await socket_monitor.watch().remove(self)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As Channels does, but without sending a thread to look after database connections at each message: only
        `connect` uses one, and looks after it."""
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        user, session = self.scope["user"], self.scope["session"]
        found = None
        # Before anything is looked up.
        if user.is_authenticated:
            found = await database_sync_to_async(socket_monitor.seat_of)(
                user=user, interview_id=self.scope["url_route"]["kwargs"]["pk"], session_key=session.session_key
            )
        if found is None:
            raise DenyConnection
        self.seat, self.told = found
        self.question: int | None = None
        self.shown: Here | None = None
        self.heard_at = self.moved_at = time.monotonic()
        self.told_at = 0.0
        await self.accept()
        if socket_monitor.watch().count(self.seat.user) >= MOST_SOCKETS:
            await self.close(CROWDED)
            return
        self.is_watched = True
        await socket_monitor.watch().add(self)

    @property
    def panelist(self) -> int:
        return self.seat.panelist

    @property
    def interview(self) -> int:
        return self.seat.interview

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Where the page looks. Anything else is not for this socket, and is not answered."""
        if text_data is None or len(text_data) > LONGEST:
            return
        try:
            question = json.loads(text_data)["here"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        if question is not None and not (type(question) is int and 0 < question <= LARGEST_ID):
            return
        self.heard_at = time.monotonic()
        if self.is_watched and question != self.question:
            self.question, self.moved_at = question, self.heard_at
            socket_monitor.watch().presence.moved(self)

    async def hear(self, news: dict[str, Any]) -> None:
        """From the watch: what is new, if anything. Said now and then in any case, so that the page knows that the
        line lives; it answers, so that we know as much."""
        now = time.monotonic()
        if now - self.heard_at > SILENT:
            await self.close(GONE)
            return
        if news["events"] or now - self.told_at > socket_monitor.EVERY / 2:
            await self._tell(news)

    async def show(self, here: Here) -> None:
        """Tell the page who is here, when that has changed."""
        if here != self.shown:
            self.shown = here
            await self._write({"here": here})

    async def _tell(self, news: dict[str, Any]) -> None:
        self.told_at = time.monotonic()
        await self._write(news | {"user": self.seat.user})

    async def _write(self, frame: dict[str, Any]) -> None:
        # A page that went at this moment: that comes as a disconnect, which must find us.
        with contextlib.suppress(OSError, RuntimeError):
            await self.send(json.dumps(frame))
