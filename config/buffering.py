"""Whole requests in, whole answers out, so that a line that hangs never holds one of the few threads.

A wifi that drops in the middle of a request leaves a connection that is neither alive nor closed. Django reads and
writes from threads; four such connections would stop the product. The event loop waits for them instead."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

REQUEST_SECONDS = 20
REQUEST_BYTES = 3_000_000
# An answer larger than this goes out as it is made; only downloads are.
ANSWER_BYTES = 4_000_000


class Buffered:
    """An ASGI application around another: gives it requests that have arrived, and sends its answers when it is done.

    A request that does not arrive within `seconds` is answered 408, one of more than `most` bytes 413."""

    def __init__(
        self, application: Application, *, seconds: float = REQUEST_SECONDS, most: int = REQUEST_BYTES
    ) -> None:
        self.application, self.seconds, self.most = application, seconds, most

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self.seconds):
                body = await self._body(receive)
        except TimeoutError:
            await _refuse(send, 408, b"The request did not arrive in time.\n")
            return
        except OverflowError:
            await _refuse(send, 413, b"This is more than can be taken at once.\n")
            return
        if body is not None:
            answer = _Answer(send)
            await self.application(scope, _replay(body, receive), answer.take)
            await answer.flush()

    async def _body(self, receive: Receive) -> bytes | None:
        """The whole body; None when the browser left before it had sent it. Raises OverflowError."""
        parts: list[bytes] = []
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            parts.append(message.get("body", b""))
            if sum(map(len, parts)) > self.most:
                raise OverflowError
            if not message.get("more_body"):
                return b"".join(parts)


class _Answer:
    """Keeps what the application answers until it is done, or too much to keep."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.kept: list[Message] = []
        self.size = 0

    async def take(self, message: Message) -> None:
        self.kept.append(message)
        self.size += len(message.get("body", b""))
        if self.size > ANSWER_BYTES:
            await self.flush()

    async def flush(self) -> None:
        kept, self.kept = self.kept, []
        for message in kept:
            await self.send(message)


def _replay(body: bytes, receive: Receive) -> Receive:
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replayed() -> Message:
        return next(messages, None) or await receive()

    return replayed


async def _refuse(send: Send, status: int, words: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})
