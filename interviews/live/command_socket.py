"""The live page's socket takes commands as well (ADR 31).

A request is `{"request": <number>, "body": …}` with the body that HTTP takes, and is answered by
`{"request": <number>, "status", "retry_after", "body"}`, or without a status: then the page asks over HTTP. The answer
may bring new events as well, with the keys of other messages (`LiveSocket`)."""

import time
from collections.abc import Mapping
from typing import Any

from interviews.live import commands
from interviews.live.taker import taker
from interviews.refusals import Malformed
from interviews.storable import LARGEST_ID
from interviews.streams.live_socket import LiveSocket

# The most bytes of a body, below uvicorn's --ws-max-size. The page is told, and sends larger ones over HTTP: at
# 8 kbit/s this much arrives before the page counts as gone (`live_socket.SILENT`).
MOST_BYTES = 8_000
BEGIN = '{"request":'


class CommandSocket(LiveSocket):
    async def receive(self, text: str | None) -> None:
        request = _read(text) if text and text.startswith(BEGIN) else None
        if request is None:
            await super().receive(text)
        else:
            self.heard_at = time.monotonic()
            number, raw = request
            answer, news = await taker().take(self, raw)
            words = f'"request": {number}'
            if answer is not None:
                retry_after = "null" if answer.retry_after is None else answer.retry_after
                words += f', "status": {answer.status}, "retry_after": {retry_after}, "body": {answer.body}'
            await self._tell(news, words)

    async def _tell(self, news: Mapping[str, object] | None, answer: str = "") -> None:
        """The first message says that commands are taken: during a rolling restart the page may be newer."""
        await super()._tell(news if self.told_at or news is None else {**news, "takes": MOST_BYTES}, answer)


def _read(text: str) -> tuple[int, dict[str, Any]] | None:
    try:
        frame = commands.parse(text.encode())
    except (Malformed, UnicodeEncodeError):
        return None
    number, body = frame.get("request"), frame.get("body")
    if type(number) is int and 0 < number <= LARGEST_ID and isinstance(body, dict):
        return number, body
    return None
