"""Turn refusals into answers: a page for people, JSON for scripts. Views raise a Refused and do not catch it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.requests import SignedInRequest
from interviews.refusals import Refused

View = TypeVar("View", bound=Callable[..., HttpResponse])
# Takes the request, the refusal, and the view's first argument.
Answer = Callable[[SignedInRequest, Refused, int], HttpResponse]


def refusal_page(back: str) -> Callable[[View], View]:
    """Answer a Refused by a page with the reason. `back` is the URL name of the page to return to, which takes the
    view's first argument."""

    def answer(request: SignedInRequest, refusal: Refused, pk: int) -> HttpResponse:
        context = {"refusal": refusal, "back": reverse(back, args=[pk])}
        return render(request, "interviews/refused.html", context, status=refusal.status)

    return _answered_by(answer)


def refusal_json(more: Callable[[SignedInRequest, int], dict[str, Any]] | None = None) -> Callable[[View], View]:
    """Answer a Refused by JSON: its sentence, its code, and what `more` adds for this request and interview."""

    def answer(request: SignedInRequest, refusal: Refused, pk: int) -> HttpResponse:
        words = refusal_words(refusal) | (more(request, pk) if more else {})
        return JsonResponse(words, status=refusal.status, headers=refusal.headers)

    return _answered_by(answer)


def refusal_words(refusal: Refused) -> dict[str, Any]:
    return {"error": str(refusal), "code": refusal.code}


def _answered_by(answer: Answer) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: SignedInRequest, /, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, **kwargs)
            except Refused as refusal:
                return answer(request, refusal, next(iter(kwargs.values())))

        return cast(View, wrapped)

    return decorate
