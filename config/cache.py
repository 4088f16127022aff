"""A Redis cache that may be down: the database and this process's memory take over.

After a failed call, Redis is not used for PAUSE seconds, so that each request waits at most once."""

import logging
import threading
import time
from typing import Any, ClassVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PAUSE = 2.0  # seconds


class Outage:
    """State of one Redis for all threads of this process, with the keys it missed while down.

    Values changed or deleted during the outage must not come back with Redis: one may be the session of a person who
    signed out."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.until = 0.0
        self.missed: set[str] = set()

    def is_on(self) -> bool:
        return time.monotonic() < self.until

    def begin(self, error: Exception) -> None:
        if not self.is_on():
            logger.warning("Redis is unreachable: %r", error)
        self.until = time.monotonic() + PAUSE

    def miss(self, *keys: str) -> None:
        with self.lock:
            self.missed.update(keys)

    def make_up(self, client: Any) -> None:
        """Delete the missed keys before the next read. Raises RedisError if Redis is still down."""
        if not self.missed:
            return
        with self.lock:
            if self.missed:
                client.delete_many(list(self.missed))
                self.missed.clear()


class _SharedClient(RedisCacheClient):
    """One client of redis-py, and so one pool of connections, for all threads and pages of this process.

    Django makes a client for each call, which takes longer than the call, and a pool for each request and each open
    socket: four hundred live pages would hold four hundred connections."""

    _clients: ClassVar[dict[tuple[str, str], Any]] = {}

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        self.place = (servers[0], repr(options))

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if self.place not in self._clients:
            self._clients.setdefault(self.place, super().get_client(write=True))
        return self._clients[self.place]


class _MayBeDown(RedisCache):
    """Redis, or `fallback` while it is down."""

    outages: ClassVar[dict[str, Outage]] = {}
    fallback: BaseCache

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _SharedClient
        self.outage = self.outages.setdefault(f"{type(self).__name__} {server}", Outage())

    def _try(self, method: str, *arguments: Any) -> Any:
        if not self.outage.is_on():
            try:
                self.outage.make_up(self._cache)
                return getattr(super(), method)(*arguments)
            except (RedisError, OSError) as error:
                self.outage.begin(error)
        self._note(method, arguments)
        return getattr(self.fallback, method)(*arguments)

    def _note(self, method: str, arguments: tuple[Any, ...]) -> None:
        """Note the keys that Redis misses."""

    # One by one: no caller needs several at once.
    get_many, set_many, delete_many = BaseCache.get_many, BaseCache.set_many, BaseCache.delete_many

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return bool(self._try("add", key, value, timeout, version))

    def get(self, key: str, default: Any = None, version: Any = None) -> Any:
        return self._try("get", key, default, version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._try("set", key, value, timeout, version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return bool(self._try("touch", key, timeout, version))

    def delete(self, key: str, version: Any = None) -> bool:
        return bool(self._try("delete", key, version))

    def has_key(self, key: str, version: Any = None) -> bool:
        return bool(self._try("has_key", key, version))

    def incr(self, key: str, delta: int = 1, version: Any = None) -> int:
        number: int = self._try("incr", key, delta, version)
        return number


class SkippedWhenDown(_MayBeDown):
    """For copies of database rows: while Redis is down, nothing is found or stored."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.fallback = DummyCache("", {})

    def _note(self, method: str, arguments: tuple[Any, ...]) -> None:
        if method in ("set", "delete"):
            self.outage.miss(self.make_key(arguments[0]))


class LocalWhenDown(_MayBeDown):
    """For counters: while Redis is down, each process counts by itself. Limits get wider, never disappear."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.fallback = LocMemCache(f"counts while {server} is down", {"OPTIONS": {"MAX_ENTRIES": 10_000}})
