"""Views for the panelists of an interview."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from accounts.requests import SignedInRequest
from interviews import access
from interviews.models import Panelist

View = Callable[[SignedInRequest, Panelist], HttpResponse]


def panelists_only(words: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Call the view with the reader's place on the panel. Redirects former panelists to their own text, refuses other
    readers of the interview with `words`, and answers 404 to everyone else."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: SignedInRequest, /, pk: int) -> HttpResponse:
            seen = access.with_panelist(request.user, pk)
            if seen is None:
                if access.place_left(request.user, pk) is None:
                    raise Http404
                return redirect("own-words", pk)
            _, panelist = seen
            if panelist is None:
                raise PermissionDenied(words)
            return view(request, panelist)

        return answer

    return decorate
