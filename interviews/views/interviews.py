"""The list of interviews, and the one page of an interview through all its states."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from interviews.models import Interview
from interviews.overview import overview

PAGE_SIZE = 50
SHOWN = {"": ("Coming up", "upcoming"), "ended": ("Ended", "ended"), "cancelled": ("Cancelled", "cancelled")}


@require_GET
def interview_list(request: SignedInRequest) -> HttpResponse:
    """`?show=ended` or `cancelled`, else what is live and coming up; `?q=` words of candidate, opening, script."""
    show, words = request.GET.get("show", ""), request.GET.get("q", "").strip()[:100]
    _, state = SHOWN.get(show, SHOWN[""])
    seen = Interview.objects.visible_to(request.user).with_people().about(words)
    page = Paginator(getattr(seen, state)(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "show": show if show in SHOWN else "",
        "tabs": [(value, label) for value, (label, _) in SHOWN.items()],
        "q": words,
        "now": timezone.now(),
    }
    part = "#rows" if request.htmx else ""
    return render(request, f"interviews/interview_list.html{part}", context)


@require_GET
def interview_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = Interview.objects.visible_to(request.user).select_related("opening", "candidate")
    interview = get_object_or_404(seen, pk=pk)
    context = {"interview": interview, "overview": overview(interview=interview, reader=request.user)}
    return render(request, "interviews/interview_detail.html", context)
