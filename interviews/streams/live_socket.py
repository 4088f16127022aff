"""The web socket of a live page: sends new events and presence (ADR 18)."""

import contextlib
import json
import time
from collections.abc import Mapping

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from accounts.sessions import SessionStore
from host.asgi import Message, Receive, Scope, Send
from interviews.storable import LARGEST_ID
from interviews.streams import socket_monitor
from interviews.streams.events import News, Numbers
from interviews.streams.presence import Here
from interviews.streams.subscriptions import Subscription, subscribe

_in_order = json.JSONEncoder(sort_keys=True).encode

# Seconds without a message after which a page counts as gone.
SILENT = 12
LONGEST = 200
# Close code after SILENT; a page that is still open reconnects.
GONE = 4408
# Sockets per person and process. A further page is closed with CROWDED, and polls instead.
MOST_SOCKETS, CROWDED = 20, 4429


def subscription_of(scope: Scope, interview: int) -> tuple[Subscription, Numbers] | None:
    """The place on the panel of the person whose cookie opens this socket; None for everybody else."""
    cookie = next((value for name, value in scope["headers"] if name == b"cookie"), b"").decode("latin-1")
    request = HttpRequest()
    request.session = SessionStore(parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    if not user.is_authenticated:
        return None
    return subscribe(user=user, interview_id=interview, session_key=str(request.session.session_key))


class LiveSocket:
    """One page of one panelist: an ASGI application for one socket. There are hundreds, so it keeps little, and is no
    consumer of Channels, which starts a task for each message (ADR 18).

    Sends `{"shared", "own", "events", "user"}` as the events URL does (without events it is a heartbeat), and
    `{"here": {"<panelist>": question}}`. Receives `{"here": question}`."""

    def __init__(self, subscription: Subscription, told: Numbers, send: Send) -> None:
        self.subscription, self.told, self.send = subscription, told, send
        self.question: int | None = None
        self.shown: Here | None = None
        self.heard_at = self.moved_at = time.monotonic()
        self.told_at = 0.0

    @classmethod
    async def serve(cls, scope: Scope, receive: Receive, send: Send, *, interview: int) -> None:
        """Serve this socket until it closes."""
        await receive()  # the request to connect
        found = await database_sync_to_async(subscription_of)(scope, interview)
        if found is None:
            await send({"type": "websocket.close"})
            return
        await send({"type": "websocket.accept"})
        subscription, told = found
        await cls(subscription, told, send).listen(receive)

    async def listen(self, receive: Receive) -> None:
        monitor = socket_monitor.monitor()
        if monitor.count(self.subscription.user) >= MOST_SOCKETS:
            await self.close(CROWDED)
            return
        try:
            await monitor.add(self)
            # One message at a time, so that a page's commands stay in order.
            while (message := await receive())["type"] == "websocket.receive":
                await self.receive(message.get("text"))
        finally:
            # Also after an error, such as an unreachable channel layer.
            await monitor.remove(self)

    @property
    def panelist(self) -> int:
        return self.subscription.panelist

    @property
    def interview(self) -> int:
        return self.subscription.interview

    async def receive(self, text: str | None) -> None:
        """Read which question the page shows; ignore any other message."""
        if text is None or len(text) > LONGEST:
            return
        try:
            question = json.loads(text)["here"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        if question is not None and not (type(question) is int and 0 < question <= LARGEST_ID):
            return
        self.heard_at = time.monotonic()
        if question != self.question:
            self.question, self.moved_at = question, self.heard_at
            socket_monitor.monitor().presence.moved(self)

    async def hear(self, news: News) -> None:
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
            await self._write(json.dumps({"here": here}))
            self.shown = here

    async def _tell(self, news: Mapping[str, object] | None, answer: str = "") -> None:
        """Send new events, the answer to a request (`CommandSocket`), or both in one message.

        Events are sorted: PostgreSQL returns a payload's keys in another order than they were written."""
        parts = [answer] if answer else []
        if news is not None:
            self.told_at = time.monotonic()
            parts.append(_in_order({**news, "user": self.subscription.user})[1:-1])
        await self._write(f"{{{', '.join(parts)}}}")

    async def close(self, code: int) -> None:
        await self._send({"type": "websocket.close", "code": code})

    async def _write(self, frame: str) -> None:
        await self._send({"type": "websocket.send", "text": frame})

    async def _send(self, message: Message) -> None:
        # The page may close at this moment; `receive` then says so.
        with contextlib.suppress(OSError, RuntimeError):
            await self.send(message)
