"""Views for one role only."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from accounts.requests import SignedInRequest
from accounts.roles import Role

P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, P], HttpResponse]


def require_role(role: Role, because: str) -> Callable[[View[P]], View[P]]:
    """Answer 403, with `because` as the sentence that the person reads, unless they have the role."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapped(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if role not in request.user.roles:
                raise PermissionDenied(because)
            return view(request, *args, **kwargs)

        return wrapped

    return decorate
