"""The list of interviews, the page of one interview, and its buttons to end or reopen the call."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import SignedInRequest
from editing.posted import whole_number
from finding.lists import Order, list_page
from finding.views import render_list
from interviews.access import listed
from interviews.live.askers import give_sections
from interviews.live.closing import end_call, reopen_call, take_start_back
from interviews.models import Interview
from interviews.pages.overview import overview
from interviews.planning.stand_ins import add_to_panel
from interviews.refused import refusal_page
from mail import outbox

Status = Interview.Status
# The lists of interviews: label, statuses, and how each is sorted.
SHOWN: dict[str, tuple[str, list[Status], tuple[str, ...]]] = {
    # "live" comes before "scheduled".
    "": ("Coming up", [Status.LIVE, Status.SCHEDULED], ("status", "scheduled_for", "pk")),
    "ended": ("Ended", [Status.ENDED], ("-ended_at", "-pk")),
    "cancelled": ("Cancelled", [Status.CANCELLED], ("-cancelled_at", "-pk")),
}


@require_GET
def interview_list(request: SignedInRequest) -> HttpResponse:
    """`?show=ended` or `cancelled`, by default live and upcoming; `?q=` searches candidate, opening and script."""
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    _, statuses, keys = SHOWN[show]
    seen = Interview.objects.visible_to(request.user).filter(status__in=statuses)
    page = list_page(
        seen.with_people().with_outcome(request.user),
        request.GET,
        search=lambda rows, words: rows.about(words),
        orders=[Order("", "", keys)],
        kept={"show": show},
    )
    context = {"show": show, "tabs": [(value, label, page.query(show=value)) for value, (label, *_) in SHOWN.items()]}
    rows = listed(request.user, page.rows)
    return render_list(request, "interviews/pages/interview_list.html", page.with_rows(rows), context)


@require_GET
def interview_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = Interview.objects.open_to(request.user).select_related("opening", "candidate", "stage")
    interview = get_object_or_404(seen, pk=pk)
    facts = overview(interview=interview, reader=request.user, now=timezone.now())
    return render(request, "interviews/pages/interview_detail.html", {"interview": interview, "overview": facts})


@require_POST
@refusal_page(back="interview-detail")
def interview_panel_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add someone to the panel, from its own place on the page."""
    interview = get_object_or_404(Interview.objects.open_to(request.user).select_related("opening"), pk=pk)
    person = User.objects.filter(pk=whole_number(request.POST.get("person", "")) or 0).first()
    instead_of = whole_number(request.POST.get("instead_of", ""))
    add_to_panel(interview=interview, person=person, by=request.user, at=timezone.now(), instead_of=instead_of)
    is_told = outbox.is_sent() and not interview.opening.is_practice
    told = "They’ve been emailed a calendar invite." if is_told else "Tell them yourself."
    messages.success(request, f"{person} is on the panel. {told}")
    return redirect(f"{interview.get_absolute_url()}#panel")


@require_POST
@refusal_page(back="interview-detail")
def interview_askers(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say who asks which section: only what was changed in this form is sent."""
    interview = get_object_or_404(Interview.objects.open_to(request.user), pk=pk)
    wanted = {}
    for section in interview.sections.all():
        was, now = (whole_number(request.POST.get(f"{name}-{section.pk}", "")) for name in ("was", "asker"))
        if was != now:
            wanted[section.pk] = (was, now)
    taken = give_sections(interview=interview, wanted=wanted, by=request.user, at=timezone.now())
    if taken:
        messages.warning(request, f"Someone else has changed this, so it was left alone: {', '.join(taken)}.")
    else:
        messages.success(request, "Saved. The panel sees who asks what.")
    return redirect(f"{interview.get_absolute_url()}#askers")


@require_POST
@refusal_page(back="interview-detail")
def interview_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End the call, for the lead and for managers who are not in the call."""
    interview = get_object_or_404(Interview.objects.open_to(request.user), pk=pk)
    end_call(interview=interview, by=request.user, at=timezone.now())
    messages.success(request, "Call ended. If it’s still running, reopen it here.")
    return redirect(interview)


@require_POST
@refusal_page(back="interview-detail")
def interview_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    interview = get_object_or_404(Interview.objects.open_to(request.user), pk=pk)
    reopen_call(interview=interview, by=request.user, at=timezone.now())
    messages.success(request, "Call reopened. The panel can ask, tick and rate again until the call is ended.")
    return redirect(interview)


@require_POST
@refusal_page(back="interview-detail")
def interview_unstart(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the start back, for who started the call and for managers."""
    interview = get_object_or_404(Interview.objects.open_to(request.user), pk=pk)
    take_start_back(interview=interview, by=request.user, at=timezone.now())
    messages.success(request, "Start undone. The panel has been notified.")
    return redirect(interview)
