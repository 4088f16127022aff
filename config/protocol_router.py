"""Routes one port by protocol: HTTP to Django, web sockets to the live page."""

import asyncio
import contextlib
import fcntl
from collections.abc import Awaitable, Callable
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from accounts.urls import is_hashing
from config.outages import signing_in_is_busy
from config.wsgi_in_asgi import WsgiInAsgi
from host.asgi import Receive, Scope, Send
from interviews.streams import notify
from interviews.urls import is_upload


class ProtocolRouter:
    """An ASGI application: HTTP goes to `django`, a WSGI application; sockets from our own pages go to their URL."""

    def __init__(self, django: Callable[..., Any]) -> None:
        self.http = WsgiInAsgi(
            django,
            uploads=lambda scope: is_upload(scope["method"], scope["path"]),
            hashes=lambda scope: is_hashing(scope["method"], scope["path"]),
            busy=signing_in_is_busy,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        notify.send_from(asyncio.get_running_loop())
        if scope["type"] == "websocket":
            serve, which = _route(scope)
            await serve(scope, receive, send, **which)
        elif scope["type"] == "http":
            await self.http(scope, receive, send)


def _route(scope: Scope) -> tuple[Callable[..., Awaitable[None]], dict[str, Any]]:
    """What serves a socket, and the parts of its URL."""
    with contextlib.suppress(Resolver404):
        if is_from_our_pages(scope):
            found = resolve(scope["path"], urlconf="interviews.live.routing")
            return found.func, found.kwargs
    return _refuse, {}


async def _refuse(_scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close"})


def is_from_our_pages(scope: Scope) -> bool:
    """Whether a page of this site opens the socket: same scheme, host and port, as in Django's CSRF check."""
    told = {name: [value for key, value in scope["headers"] if key == name] for name in (b"origin", b"host")}
    if len(told[b"origin"]) != 1 or len(told[b"host"]) != 1:
        return False
    origin, host = (told[name][0].decode("latin-1").lower() for name in (b"origin", b"host"))
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    scheme = "https" if scope.get("scheme") == "wss" else "http"
    return origin == f"{scheme}://{host}" and validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def only_one_without_redis() -> IO[str] | None:
    """A lock to hold while this web process lives; None with REDIS_URL, which needs no lock.

    Raises ImproperlyConfigured in a second web process on the same VAR_DIR: its sockets, cache and throttle would miss
    the first one's changes."""
    if settings.REDIS_URL:
        return None
    lock: IO[str] = (settings.VAR_DIR / "web.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return lock
    except BlockingIOError:
        lock.close()
        raise ImproperlyConfigured("Several web processes need REDIS_URL. Set it, or start one alone.") from None
