"""What comes in over one port: HTTP for Django, web sockets for Channels."""

import asyncio
import fcntl
from collections.abc import Callable
from typing import IO, Any

from channels.auth import AuthMiddlewareStack
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.django_threads import DjangoThreads, Message, Receive, Send
from interviews import pokes, sockets


class Lines:
    """An ASGI application: requests go to `django`, a WSGI application, sockets from our own pages to Channels."""

    def __init__(self, django: Callable[..., Any]) -> None:
        self.http = DjangoThreads(django)
        self.sockets = AllowedHostsOriginValidator(AuthMiddlewareStack(sockets.router))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        pokes.send_from(asyncio.get_running_loop())
        if scope["type"] == "websocket":
            await self.sockets(scope, receive, send)
        elif scope["type"] == "http":
            await self.http(scope, receive, send)


def only_one_without_redis() -> IO[str] | None:
    """A lock to hold for as long as this web process lives; none is needed with REDIS_URL.

    Raises ImproperlyConfigured in the second web process of one VAR_DIR: what one of them says, the sockets, the
    cache and the throttle of the other would never hear."""
    if settings.REDIS_URL:
        return None
    lock: IO[str] = (settings.VAR_DIR / "web.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return lock
    except BlockingIOError:
        lock.close()
        raise ImproperlyConfigured("Several web processes need REDIS_URL. Set it, or start one alone.") from None
