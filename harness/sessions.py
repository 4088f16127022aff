"""Signed-in people, without a sign-in page: cookies and headers of their requests."""

from typing import Any

from django.conf import settings
from django.test import Client

from harness.http import HOST

CSRF = "a" * 32


def signed_in(user: Any) -> Client:
    """A client in this process whose session the server knows."""
    http = Client(SERVER_NAME=HOST)
    http.force_login(user)
    return http


def cookie(http: Client) -> str:
    """The session as a Cookie header sends it: `name=value`."""
    return f"{settings.SESSION_COOKIE_NAME}={http.cookies[settings.SESSION_COOKIE_NAME].value}"


def headers(session: str) -> dict[str, str]:
    """The headers of a command, as the page's script sends it."""
    return {
        "Cookie": f"{session}; {settings.CSRF_COOKIE_NAME}={CSRF}",
        "X-CSRFToken": CSRF,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
