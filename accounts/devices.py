"""A signed cookie that marks a browser in which a person has signed in before.

It grants no access; it only gives the browser its own budget of failed sign-ins (`throttling`)."""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts.emails import one_spelling

COOKIE = "known_browser"
AGE = 60 * 60 * 24 * 365
_signer = signing.TimestampSigner(salt="accounts.devices")


def known_device(request: HttpRequest, email: str) -> str:
    """The id of this browser if the person with this email has signed in with it, else ""."""
    try:
        device, _, owner = _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=AGE).partition(".")
    except signing.BadSignature:
        return ""
    return device if owner == _digest(email) else ""


def remember_device(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Mark this browser for the person with this email. It remembers only the latest person."""
    device = known_device(request, email) or secrets.token_urlsafe(12)
    response.set_cookie(
        COOKIE,
        _signer.sign(f"{device}.{_digest(email)}"),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _digest(email: str) -> str:
    """A digest, so that the cookie contains no email."""
    return salted_hmac("accounts.devices", one_spelling(email), algorithm="sha256").hexdigest()[:32]
