"""Search everything: its page, and its results for the dialog that "/" opens."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from interviews.pages.search import search


@require_GET
def search_all(request: SignedInRequest) -> HttpResponse:
    words = request.GET.get("q", "")
    context = {"q": words.strip(), "kinds": search(reader=request.user, words=words)}
    is_part = request.htmx and not request.htmx.history_restore_request
    return render(request, f"interviews/pages/search.html{'#found' if is_part else ''}", context)
