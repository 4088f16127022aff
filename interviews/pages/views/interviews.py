"""The list of interviews, the page of one interview, and its buttons to end or reopen the call."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import SignedInRequest
from editing.posted import whole_number
from interviews.access import listed
from interviews.live.closing import end_call, reopen_call
from interviews.models import Interview
from interviews.pages.overview import overview
from interviews.planning.stand_ins import add_to_panel
from interviews.refused import refusal_page
from mail import outbox

PAGE_SIZE = 50
SHOWN = {"": ("Coming up", "upcoming"), "ended": ("Ended", "ended"), "cancelled": ("Cancelled", "cancelled")}


@require_GET
def interview_list(request: SignedInRequest) -> HttpResponse:
    """`?show=ended` or `cancelled`, by default live and upcoming; `?q=` searches candidate, opening and script."""
    show, words = request.GET.get("show", ""), request.GET.get("q", "").strip()[:100]
    _, state = SHOWN.get(show, SHOWN[""])
    seen = Interview.objects.visible_to(request.user).with_people().with_outcome(request.user).about(words)
    page = Paginator(getattr(seen, state)(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": listed(request.user, page.object_list),
        "show": show if show in SHOWN else "",
        "tabs": [(value, label) for value, (label, _) in SHOWN.items()],
        "q": words,
        "now": timezone.now(),
    }
    part = "#rows" if request.htmx else ""
    return render(request, f"interviews/pages/interview_list.html{part}", context)


@require_GET
def interview_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = Interview.objects.visible_to(request.user).select_related("opening", "candidate")
    interview = get_object_or_404(seen, pk=pk)
    facts = overview(interview=interview, reader=request.user, now=timezone.now())
    return render(request, "interviews/pages/interview_detail.html", {"interview": interview, "overview": facts})


@require_POST
@refusal_page(back="interview-detail")
def interview_panel_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add someone to the panel, from its own place on the page."""
    interview = get_object_or_404(Interview.objects.visible_to(request.user).select_related("opening"), pk=pk)
    person = User.objects.filter(pk=whole_number(request.POST.get("person", ""))).first()
    add_to_panel(interview=interview, person=person, by=request.user, at=timezone.now())
    told = "They have an email with the calendar entry." if outbox.is_sent() else "Tell them yourself."
    messages.success(request, f"{person} is on the panel. {told}")
    return redirect(f"{interview.get_absolute_url()}#panel")


@require_POST
@refusal_page(back="interview-detail")
def interview_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End the call, for the lead and for managers who are not in the call."""
    interview = get_object_or_404(Interview.objects.visible_to(request.user), pk=pk)
    end_call(interview=interview, by=request.user, at=timezone.now())
    messages.success(request, "Call ended. If it is still going on, reopen it here.")
    return redirect(interview)


@require_POST
@refusal_page(back="interview-detail")
def interview_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    interview = get_object_or_404(Interview.objects.visible_to(request.user), pk=pk)
    reopen_call(interview=interview, by=request.user, at=timezone.now())
    messages.success(request, "Call reopened. The panel can ask, tick and rate again until the call is ended.")
    return redirect(interview)
