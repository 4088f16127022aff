"""What views may rely on about a request: who asks, and from which address."""

from django.conf import settings
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request whose user is one of ours; `htmx` is false for a plain one."""

    user: User
    htmx: HtmxDetails


def client_address(request: HttpRequest) -> str:
    """The address that the request came from: as the outermost of TRUSTED_PROXIES web servers saw it.

    Each of them adds one entry at the end of X-Forwarded-For. Earlier entries were sent by the client, so they are not
    believed."""
    peer: str = request.META["REMOTE_ADDR"]
    told: list[str] = [entry.strip() for entry in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    hops = [*filter(None, told), peer]
    trusted: int = settings.TRUSTED_PROXIES
    return hops[max(0, len(hops) - 1 - trusted)]
