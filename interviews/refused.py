"""Saying no to a form or a button, in the product's look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from interviews.refusals import Refused


def refused(request: HttpRequest, refusal: Refused, *, back: str) -> HttpResponse:
    """A page with the reason and the way back, under the refusal's own status."""
    return render(request, "interviews/refused.html", {"refusal": refusal, "back": back}, status=refusal.status)
