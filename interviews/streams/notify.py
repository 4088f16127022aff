"""Notifications: after a commit, send the newest number of a stream to its channel group, and nothing else (ADR 14).

A notification may be lost, doubled or late. It only says that new events can be read."""

import asyncio
import contextlib
import logging
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class _Server:
    """The event loop that serves the sockets. Django's views run in other threads."""

    loop: asyncio.AbstractEventLoop | None = None


def group_of(interview_id: int, stream: str) -> str:
    """The channel group of a stream."""
    return f"interview-{interview_id}-{stream}"


def send_from(loop: asyncio.AbstractEventLoop | None) -> None:
    """Send notifications from this loop, over its open connections."""
    _Server.loop = loop


def notify_group(group: str, numbers: dict[str, int]) -> None:
    """Send a group the newest number of its stream. Never raises: the commit is done, whether it arrives or not."""
    loop = _Server.loop
    # RuntimeError: the server is shutting down and has no sockets left, or this thread runs a loop of its own and
    # cannot wait for another. The socket monitor then finds the events by itself, within two seconds.
    with contextlib.suppress(RuntimeError):
        if loop is not None and loop.is_running():
            asyncio.run_coroutine_threadsafe(send(group, message(group, numbers)), loop)
        elif has_other_processes():
            async_to_sync(send)(group, message(group, numbers))


def has_other_processes() -> bool:
    """Whether other processes can listen to the channel layer."""
    return not isinstance(get_channel_layer(), InMemoryChannelLayer)


def message(group: str, numbers: dict[str, int]) -> dict[str, Any]:
    return {"type": "notify", "group": group, "numbers": numbers}


async def send(group: str, message: dict[str, Any]) -> None:
    """Send to a group; log a channel layer that is unreachable."""
    layer = get_channel_layer()
    assert layer is not None
    try:
        await layer.group_send(group, message)
    except (OSError, RedisError) as error:
        # The socket monitor finds the events by itself, within two seconds.
        logger.warning("A notification was not sent: %r", error)
