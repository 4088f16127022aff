"""What managers do about a missing scorecard: remind, waive, ask someone else."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from interviews.access import is_manager_of
from interviews.models import Interview, Panelist
from interviews.planning import missing_scorecards
from interviews.planning.missing_forms import WaiveForm
from interviews.refusals import Invalid, TooMany
from interviews.refused import refusal_page
from mail import outbox


@require_POST
@refusal_page(back="interview-detail")
def scorecard_remind(request: SignedInRequest, pk: int, panelist_pk: int) -> HttpResponse:
    interview = _managed(request, pk)
    try:
        panelist = missing_scorecards.remind_now(
            interview=interview, panelist_id=panelist_pk, by=request.user, at=timezone.now()
        )
    except (Invalid, TooMany) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Sending {panelist} a reminder.")
    return redirect(interview)


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="interview-detail")
def scorecard_waive(request: SignedInRequest, pk: int, panelist_pk: int) -> HttpResponse:
    interview = _managed(request, pk)
    seats = Panelist.objects.current().counting().select_related("user", "scorecard")
    panelist = get_object_or_404(seats, interview=interview, pk=panelist_pk)
    if not interview.is_ended or panelist.has_submitted:
        raise missing_scorecards.NothingMissing(f"{panelist} has no scorecard outstanding.")
    people = missing_scorecards.instead_of(interview)
    form = WaiveForm(request.POST or None, panelist=panelist, people=people)
    if form.is_valid():
        about = {"interview": interview, "panelist_id": panelist_pk, "reason": form.cleaned_data["reason"]}
        about |= {"by": request.user, "at": timezone.now()}
        if form.successor is None:
            missing_scorecards.waive(**about)
            messages.success(request, f"No longer waiting for {panelist}. They can still submit a scorecard.")
        else:
            missing_scorecards.reassign(**about, person=form.successor)
            messages.success(request, f"{form.successor} now owes a scorecard instead of {panelist}.")
        return redirect(interview)
    context = {"form": form, "interview": interview, "panelist": panelist, "is_mail_sent": outbox.is_sent()}
    return render(request, "interviews/planning/scorecard_waive.html", context, status=422 if form.is_bound else 200)


@require_POST
@refusal_page(back="interview-detail")
def scorecard_await(request: SignedInRequest, pk: int, panelist_pk: int) -> HttpResponse:
    """Wait for a waived scorecard again."""
    interview = _managed(request, pk)
    panelist = missing_scorecards.wait_again(interview=interview, panelist_id=panelist_pk, by=request.user)
    messages.success(request, f"Waiting for {panelist} again.")
    return redirect(interview)


def _managed(request: SignedInRequest, pk: int) -> Interview:
    seen = Interview.objects.visible_to(request.user).select_related("opening", "candidate")
    interview = get_object_or_404(seen, pk=pk)
    if not is_manager_of(request.user, interview.opening):
        raise PermissionDenied("Only the opening’s hiring managers can do this.")
    return interview
