"""The user and the client address of a request."""

from django.conf import settings
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request with a signed-in user; `htmx` is falsy for a plain one."""

    user: User
    htmx: HtmxDetails


def client_address(request: HttpRequest) -> str:
    """The client's address, as seen by the outermost of TRUSTED_PROXIES web servers.

    Each of them appends one entry to X-Forwarded-For. Earlier entries come from the client and are ignored."""
    peer: str = request.META["REMOTE_ADDR"]
    told: list[str] = [entry.strip() for entry in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    hops = [*filter(None, told), peer]
    trusted: int = settings.TRUSTED_PROXIES
    return hops[max(0, len(hops) - 1 - trusted)]
