"""Runs Django's WSGI application behind an event loop: one hop to a thread per request.

Wifi that drops during a request leaves a half-open connection. If Django's threads read and wrote, four such
connections would block the product. Here the event loop waits for them; a thread is busy only while Django works."""

import asyncio
import contextvars
import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from a2wsgi.wsgi import build_environ

from host.asgi import Receive, Scope, Send

REQUEST_SECONDS = 20
# Bytes per second that extend that limit: 8 kbit/s, for which the live page waits as well (outbox/sending.js).
SLOWEST = 1_000
# Seconds without a further byte end it in any case: what arrived fast would else be held for hours.
IDLE = 60
REQUEST_BYTES = 3_000_000
# Of an upload. More than a file may have, so that one that is a little too large is refused by its form, in words.
UPLOAD_BYTES = 16_000_000
# Bytes of all requests that are in memory. Beyond it, larger ones than SMALL are refused: they come before their sender
# is known, and dozens of uploads at once by a stranger would end the process, with the calls in it.
MOST_HELD, SMALL = 200_000_000, 100_000
# Larger responses, in practice downloads, are sent in pieces.
ANSWER_BYTES = 4_000_000
# Long-lived, each with its own database connection.
THREADS = 4
# A separate pool for requests that hash a password, so that calls never wait for them.
HASHING_THREADS = 2
# Requests that may wait for it: about fifteen seconds.
HASHING_WAITING = 30


class Crowded(Exception):
    """Other requests take MOST_HELD bytes of memory."""


class WsgiInAsgi:
    """An ASGI application for HTTP around a WSGI one.

    A request that does not arrive within `seconds`, and a second more for each SLOWEST bytes that have arrived, gets
    408, one of more than `most` bytes 413, or of UPLOAD_BYTES if `uploads` is true for it, and a large one that comes
    while MOST_HELD bytes of others are there 503. Requests for which `hashes` is true use the hashing pool; if
    HASHING_WAITING are waiting, `busy` answers. Headers with an underscore are dropped: WSGI would not tell
    `X_Forwarded_For`, which web servers in front let through, from the header they set."""

    def __init__(
        self,
        wsgi: Callable[..., Any],
        *,
        seconds: float = REQUEST_SECONDS,
        most: int = REQUEST_BYTES,
        uploads: Callable[[Scope], bool] | None = None,
        hashes: Callable[[Scope], bool] | None = None,
        busy: Callable[..., Any] | None = None,
    ) -> None:
        self.wsgi, self.seconds, self.most = wsgi, seconds, most
        self.uploads = uploads or (lambda _scope: False)
        self.hashes, self.busy = hashes or (lambda _scope: False), busy or wsgi
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="django")
        self.hashing = ThreadPoolExecutor(HASHING_THREADS, thread_name_prefix="sign-in")
        self.hashing_now = 0
        self.held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self._body(receive, max(self.most, UPLOAD_BYTES) if self.uploads(scope) else self.most)
        except TimeoutError:
            await _refuse(send, 408, b"The request did not arrive in time.\n")
            return
        except OverflowError:
            await _refuse(send, 413, b"The request is too large.\n")
            return
        except Crowded:
            await _refuse(send, 503, b"Many large requests are arriving. Try again in a minute.\n", retry_after=60)
            return
        if body is None:
            return
        try:
            plain = {**scope, "headers": [(name, value) for name, value in scope["headers"] if b"_" not in name]}
            # Chunked bodies have no Content-Length.
            environ = build_environ(plain, io.BytesIO(body)) | {"CONTENT_LENGTH": str(len(body))}
            await self._answer_hashing(environ, send) if self.hashes(scope) else await self._answer(environ, send)
        finally:
            self.held -= len(body)

    async def _answer_hashing(self, environ: Any, send: Send) -> None:
        if self.hashing_now >= HASHING_THREADS + HASHING_WAITING:
            await self._answer(environ, send, wsgi=self.busy)
            return
        self.hashing_now += 1
        try:
            await self._answer(environ, send, threads=self.hashing)
        finally:
            self.hashing_now -= 1

    async def _body(self, receive: Receive, most: int) -> bytes | None:
        """The whole body, which counts as held until its caller lets go of it; None if the browser disconnected first.
        Raises TimeoutError, OverflowError, Crowded."""
        body, is_whole = bytearray(), False
        now = asyncio.get_running_loop().time
        began = now()
        try:
            async with asyncio.timeout(self.seconds) as limit:
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    part = message.get("body", b"")
                    body += part
                    self.held += len(part)
                    if len(body) > most:
                        raise OverflowError
                    if len(body) > SMALL and self.held > MOST_HELD:
                        raise Crowded
                    if not message.get("more_body"):
                        is_whole = True
                        return bytes(body)
                    limit.reschedule(min(began + self.seconds + len(body) / SLOWEST, now() + IDLE))
        finally:
            if not is_whole:
                self.held -= len(body)

    async def _answer(
        self,
        environ: Any,
        send: Send,
        *,
        wsgi: Callable[..., Any] | None = None,
        threads: ThreadPoolExecutor | None = None,
    ) -> None:
        loop = asyncio.get_running_loop()
        answer = Answer()
        work = contextvars.copy_context().run
        threads = threads or self.threads
        piece = await loop.run_in_executor(threads, work, answer.begin, wsgi or self.wsgi, environ)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        while not answer.is_done:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await loop.run_in_executor(threads, work, answer.piece)
        await send({"type": "http.response.body", "body": piece})


@dataclass
class Answer:
    """A WSGI response, read in pieces of about ANSWER_BYTES."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] | None = None
    is_done: bool = False

    def begin(self, wsgi: Callable[..., Any], environ: Any) -> bytes:
        """Call the application and return the first piece, nearly always the whole response."""
        self.made = wsgi(environ, self._start)
        self.chunks: Iterator[bytes] = iter(self.made)
        return self.piece()

    def piece(self) -> bytes:
        parts, size = [], 0
        self.is_done = True  # unless there is more
        try:
            for chunk in self.chunks:
                parts.append(chunk)
                size += len(chunk)
                if size >= ANSWER_BYTES:
                    self.is_done = False
                    break
        finally:
            if self.is_done and hasattr(self.made, "close"):
                self.made.close()
        return b"".join(parts)

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def _refuse(send: Send, status: int, words: bytes, *, retry_after: int | None = None) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    if retry_after is not None:
        headers.append((b"retry-after", b"%d" % retry_after))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})
