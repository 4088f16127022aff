"""Pokes: after a commit those who listen to a stream hear its newest number, and nothing else (ADR 14).

A poke may get lost, doubled or late: it only says that it is worth asking for the events."""

import asyncio
import contextlib
import logging
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class _Server:
    """The web server's loop, where the sockets are. Django's views run in threads beside it."""

    loop: asyncio.AbstractEventLoop | None = None


def group_of(interview_id: int, stream: str) -> str:
    """The channel group of a stream."""
    return f"interview-{interview_id}-{stream}"


def send_from(loop: asyncio.AbstractEventLoop | None) -> None:
    """From now on pokes go out from this loop, over its kept connections."""
    _Server.loop = loop


def poke(group: str, numbers: dict[str, int]) -> None:
    """Tell a group the newest number of its stream. Never raises: what was committed stands, heard or not."""
    message = {"type": "poke", "group": group, "numbers": numbers}
    loop = _Server.loop
    # A server that ends at this moment has no sockets any more; a thread that runs a loop of its own cannot wait for
    # another. Whoever listens is told by the watch, a moment later.
    with contextlib.suppress(RuntimeError):
        if loop is not None and loop.is_running():
            asyncio.run_coroutine_threadsafe(send(group, message), loop)
        elif not isinstance(get_channel_layer(), InMemoryChannelLayer):  # with that one, nobody can be listening
            async_to_sync(send)(group, message)


async def send(group: str, message: dict[str, Any]) -> None:
    """Send to a group, or log why that was not possible."""
    layer = get_channel_layer()
    assert layer is not None
    try:
        await layer.group_send(group, message)
    except (OSError, RedisError) as error:
        # Whoever listens is told by the watch, a moment later.
        logger.warning("A poke did not go out: %r", error)
