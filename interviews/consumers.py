"""The web socket of a live page: brings what is new, and says who is here (ADR 18)."""

import contextlib
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import DenyConnection
from channels.generic.websocket import AsyncWebsocketConsumer

from interviews import pokes, watching
from interviews.models import Event
from interviews.storable import LARGEST_ID
from interviews.streams import Numbers

# In seconds. A page answers where it looks when it is told the numbers: that is said on to the others so often, and
# forgotten when it was not. What moves more often than QUICKEST is said a moment later. Who is SILENT is not there.
SAID_AGAIN, FORGOTTEN, QUICKEST, SILENT = 5, 12, 0.1, 12
LONGEST = 200
# Closed after a silence: the page that is there after all comes back.
GONE = 4408


@dataclass
class Here:
    """One page of a panelist: the question it shows (None: a gate, or nothing), and until when that is known."""

    panelist: int
    question: int | None
    until: float


class LiveConsumer(AsyncWebsocketConsumer):
    """One page of one panelist. Sends what the address of the events answers, `{"shared", "own", "events", "user"}`,
    where the numbers alone are a sign of life, and `{"here": {"<panelist>": question}}`; takes `{"here": question}`."""

    # The watch listens, for all sockets of this process.
    channel_layer_alias = ""
    seat: watching.Seat
    told: Numbers

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            # However it ended: by a disconnect, or by a channel layer that is away.
            if hasattr(self, "name"):
                await watching.watch().remove(self)
                self.is_gone = True
                await self._say_here()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As Channels does, but without sending a thread to look after database connections at each message: only
        `connect` uses one, and looks after it."""
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        user, session = self.scope["user"], self.scope["session"]
        found = None
        # Before anything is looked up.
        if user.is_authenticated:
            found = await database_sync_to_async(watching.seat_of)(
                user=user, interview_id=self.scope["url_route"]["kwargs"]["pk"], session_key=session.session_key
            )
        if found is None:
            raise DenyConnection
        self.seat, self.told = found
        self.here = Here(self.seat.panelist, None, 0)
        self.others: dict[str, Here] = {}
        self.shown: dict[int, int | None] | None = None
        self.is_gone = False
        self.heard_at = time.monotonic()
        self.told_at = self.said_at = 0.0
        self.has_moved = False
        self.name = uuid.uuid4().hex
        await self.accept()
        await watching.watch().add(self)
        await self._say_here(is_new=True)

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
        now = time.monotonic()
        self.has_moved = self.has_moved or question != self.here.question
        self.heard_at, self.here.question = now, question
        if now - self.said_at >= (QUICKEST if self.has_moved else SAID_AGAIN):
            await self._say_here()

    async def hear(self, news: dict[str, Any]) -> None:
        """From the watch: what is new, if anything. Said now and then in any case, so that the page knows that the
        line lives; it answers, so that we know as much."""
        now = time.monotonic()
        if now - self.heard_at > SILENT:
            await self.close(GONE)
            return
        if news["events"] or now - self.told_at > watching.EVERY / 2:
            await self._tell(news)
        if self.has_moved:
            await self._say_here()
        await self._show_others()

    async def presence(self, message: dict[str, Any]) -> None:
        """From the channel layer: a page of this interview opened, moved, is still there, or has gone."""
        if message["is_gone"]:
            self.others.pop(message["page"], None)
        else:
            until = time.monotonic() + FORGOTTEN
            self.others[message["page"]] = Here(message["panelist"], message["question"], until)
        if message["is_new"] and message["page"] != self.name:
            await self._say_here()
        await self._show_others()

    async def _tell(self, news: dict[str, Any]) -> None:
        self.told_at = time.monotonic()
        await self._write(news | {"user": self.seat.user})

    async def _write(self, frame: dict[str, Any]) -> None:
        # A page that went at this moment: that comes as a disconnect, which must find us.
        with contextlib.suppress(OSError, RuntimeError):
            await self.send(json.dumps(frame))

    async def _say_here(self, *, is_new: bool = False) -> None:
        self.said_at, self.has_moved = time.monotonic(), False
        group = pokes.group_of(self.seat.interview, Event.SHARED)
        message = {
            "type": "presence",
            "group": group,
            "page": self.name,
            "panelist": self.here.panelist,
            "question": self.here.question,
            "is_new": is_new,
            "is_gone": self.is_gone,
        }
        await pokes.send(group, message)

    async def _show_others(self) -> None:
        """Tell the page who is here, when that has changed. Of two pages of one person the later one counts."""
        now = time.monotonic()
        self.others = {page: here for page, here in self.others.items() if here.until > now}
        latest = sorted(self.others.values(), key=lambda here: here.until)
        shown = {here.panelist: here.question for here in latest}
        if shown != self.shown:
            self.shown = shown
            await self._write({"here": shown})
