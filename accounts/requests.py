"""What views behind LoginRequiredMiddleware may rely on."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request whose user is one of ours; `htmx` is false for a plain one."""

    user: User
    htmx: HtmxDetails
