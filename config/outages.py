"""Outages: recognises from an exception why the server cannot save or answer, with a code and a sentence.

A request that fails because of an outage gets 503 with the sentence, as a page, as JSON, or as an htmx message. The
page that sent it stores its changes and tries again."""

import errno
import logging
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views.defaults import server_error as any_server_error

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outage:
    """A failure of the server that ends without a change to the program."""

    code: str
    reason: str
    # The verb for a failed POST; a failed GET says "answer".
    act: str = "save"
    # Seconds, for Retry-After.
    retry_after: int = 2


DISK_FULL = Outage("disk-full", "its disk is full")
LOCKED = Outage("locked", "another process has locked its database")
READ_ONLY = Outage("read-only", "its database is read-only")
DISK_BROKEN = Outage("disk-broken", "its disk reports an error")
AWAY = Outage("away", "its database is not responding")
SIGNING_IN = Outage("busy", "many people are signing in", act="sign you in", retry_after=5)

_OF_SQLITE = {
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_IOERR: DISK_BROKEN,
    sqlite3.SQLITE_CANTOPEN: DISK_BROKEN,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html; the class is the first two characters.
_OF_POSTGRESQL = {
    "53100": DISK_FULL,
    "25006": READ_ONLY,
    "55P03": LOCKED,
    "40P01": LOCKED,
    "57014": LOCKED,
    "58030": DISK_BROKEN,
}
_CLASSES_AWAY = ("08", "53", "57")
_OF_SYSTEM = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: DISK_FULL,
    errno.EROFS: READ_ONLY,
    errno.EIO: DISK_BROKEN,
}


def outage_of(error: BaseException | None) -> Outage | None:
    """The outage behind an exception, or None for a bug."""
    return next(filter(None, map(_of_one, _with_causes(error))), None)


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _of_one(error: BaseException) -> Outage | None:
    if isinstance(error, sqlite3.Error):
        # The low byte is the primary error code.
        return _OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, OSError):
        return _OF_SYSTEM.get(error.errno or 0)
    if isinstance(error, DatabaseError | InterfaceError):
        return _of_postgresql(error.__cause__)
    return None


def _of_postgresql(error: BaseException | None) -> Outage | None:
    if type(error).__module__.partition(".")[0] != "psycopg":
        return None
    state = getattr(error, "sqlstate", None)
    if state is None:  # the connection broke or could not be opened
        return AWAY if type(error).__name__ in ("OperationalError", "ConnectionTimeout", "InterfaceError") else None
    return _OF_POSTGRESQL.get(state) or (AWAY if state.startswith(_CLASSES_AWAY) else None)


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler for uncaught exceptions: 503 with a sentence for an outage, else Django's 500."""
    outage = outage_of(sys.exc_info()[1])
    if outage is None:
        if _wants_json(request):
            words = "Something went wrong. The error was logged."
            return JsonResponse({"error": words, "code": "fault"}, status=HTTPStatus.INTERNAL_SERVER_ERROR)
        return any_server_error(request)
    from config.health import health  # circular import

    health.note(outage)
    # One line: Django would log a traceback per request, to a disk that may be full.
    logger.error("%s %s: the server cannot save or answer, %s.", request.method, request.path, outage.reason)
    response = answer(request, outage)
    vars(response)["_has_been_logged"] = True  # Django reads it
    return response


def sentence(outage: Outage, *, is_reading: bool = False) -> str:
    """The sentence shown to the person."""
    return f"The server cannot {'answer' if is_reading else outage.act} right now: {outage.reason}."


def answer(request: HttpRequest, outage: Outage) -> HttpResponse:
    """503 with the sentence, in the requested format. Needs no database."""
    is_reading = request.method in ("GET", "HEAD")
    words = sentence(outage, is_reading=is_reading)
    response: HttpResponse
    if _wants_json(request):
        response = JsonResponse({"error": words, "code": outage.code})
    else:
        name = "components/_outage.html" if request.headers.get("HX-Request") == "true" else "503.html"
        response = HttpResponse(loader.render_to_string(name, {"words": words, "is_reading": is_reading}))
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response.headers["Retry-After"] = str(outage.retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response


def signing_in_is_busy(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """A WSGI application: the answer when too many requests wait for password hashing."""
    response = answer(WSGIRequest(environ), SIGNING_IN)
    start_response("503 Service Unavailable", list(response.items()))
    return [response.content]


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
