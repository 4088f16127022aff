from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware: its user is one of ours."""

    user: User
