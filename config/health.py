"""Health: whether the server can save, tested by writing, at most once in EVERY seconds."""

import contextlib
import datetime as dt
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from config.outages import AWAY, Outage, outage_of, sentence
from mail.models import Mail

EVERY = 2.0  # seconds
LOCK_WAIT = 1000  # milliseconds
# More than SQLite's journal of a usual change needs.
FILE_BYTES = 64 * 1024
# An email that is due for so long shows that no queue consumer runs, or that it cannot keep up.
BEHIND = dt.timedelta(minutes=10)
# Below this, administrators see a warning.
LOW_ROOM = 200_000_000


class Health:
    """The latest result, shared by all threads for EVERY seconds."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.looked_at = float("-inf")
        self.outage: Outage | None = None
        self.is_behind = False

    def look(self) -> Outage | None:
        """The current outage, if any."""
        with self.lock:
            if time.monotonic() - self.looked_at >= EVERY:
                self.outage = find_outage()
                self.is_behind = self.outage is None and Mail.objects.due(timezone.now() - BEHIND).exists()
                self.looked_at = time.monotonic()
            return self.outage

    def note(self, outage: Outage) -> None:
        """Record the outage that just failed a request."""
        self.outage = outage

    def known(self) -> Outage | None:
        """The recorded outage, if it still lasts. Tests nothing while all is well."""
        return self.look() if self.outage else None


health = Health()


def notices(request: HttpRequest) -> dict[str, Callable[[], list[str]]]:
    """Context processor: notices about the server, for everybody or for administrators.

    A callable, so that fragments without notices skip the checks."""
    return {"server_notices": partial(_notices, request)}


def _notices(request: HttpRequest) -> list[str]:
    user = getattr(request, "user", None)
    is_administrator = user is not None and user.is_authenticated and user.is_administrator
    if outage := health.known():
        where = f" The data is in {settings.VAR_DIR}." if is_administrator and outage is not AWAY else ""
        return [f"{sentence(outage)} Changes on live pages are stored on each device until it can.{where}"]
    if is_administrator and (room := free_bytes()) < LOW_ROOM:
        free = f"Only {room // 1_000_000} MB is free on the disk that holds {settings.VAR_DIR}."
        return [f"{free} Once it’s full, nothing can be saved."]
    return []


def find_outage() -> Outage | None:
    """Write and roll back a row, and write a file beside the database and in VAR_DIR."""
    try:
        with _short_waits(), transaction.atomic():
            _limit_statements()
            Session.objects.create(session_key=f"health{secrets.token_hex(8)}", expire_date=timezone.now())
            transaction.set_rollback(True)
        for folder in _folders():
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(bytes(FILE_BYTES))
                file.flush()
                os.fsync(file.fileno())
    except Exception as error:
        outage = outage_of(error)
        if outage is None:
            raise
        return outage
    return None


def queue_answers() -> bool:
    """Whether tasks can be queued. Pages work without the queue."""
    try:
        HUEY.pending_count()
    except Exception:  # noqa: BLE001  Redis's errors, SQLite's, or a file that is no database
        return False
    return True


def free_bytes() -> int:
    """Free bytes on the fullest disk we save to."""
    rooms = [os.statvfs(folder) for folder in _folders()]
    return min(room.f_bavail * room.f_frsize for room in rooms)


def _folders() -> set[Path]:
    folders = {settings.VAR_DIR}
    if connection.vendor == "sqlite":
        folders.add(Path(connection.settings_dict["NAME"]).resolve().parent)
    return folders


@contextlib.contextmanager
def _short_waits() -> Iterator[None]:
    """On SQLite, wait for the lock no longer than LOCK_WAIT."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = connection.settings_dict["OPTIONS"].get("timeout", 5)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {LOCK_WAIT}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {round(usual * 1000)}")


def _limit_statements() -> None:
    """The same on PostgreSQL, for this transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {LOCK_WAIT}")
            cursor.execute(f"SET LOCAL statement_timeout = {2 * LOCK_WAIT}")
