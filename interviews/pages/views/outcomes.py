"""Saying that a call did not take place, or that a candidate withdrew; and undoing it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from interviews.access import is_manager_of
from interviews.live import outcomes
from interviews.models import Candidate, Interview
from interviews.pages.outcome_forms import OutcomeForm, WithdrawForm
from interviews.refused import refusal_page
from mail import outbox


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="interview-detail")
def interview_outcome(request: SignedInRequest, pk: int) -> HttpResponse:
    interview, now = _interview(request, pk), timezone.now()
    outcomes.require_open(user=request.user, interview=interview, outcome=request.POST.get("outcome", ""))
    form = OutcomeForm(request.POST or None, interview=interview, now=now)
    if form.is_valid():
        data = form.cleaned_data
        if form.is_rescheduled:
            outcomes.reschedule(
                interview=interview,
                scheduled_for=data["scheduled_for"],
                time_zone=data["time_zone"],
                reason=data["reason"],
                by=request.user,
                at=now,
            )
        else:
            outcomes.call_off(
                interview=interview, outcome=data["outcome"], reason=data["reason"], by=request.user, at=now
            )
        messages.success(request, "Saved.")
        return redirect(interview)
    context = {
        "form": form,
        "interview": interview,
        "is_mail_sent": outbox.is_sent() and not interview.opening.is_practice,
    }
    return render(request, "interviews/pages/interview_outcome.html", context, status=422 if form.is_bound else 200)


@require_POST
@refusal_page(back="interview-detail")
def interview_restore(request: SignedInRequest, pk: int) -> HttpResponse:
    interview = _interview(request, pk)
    outcomes.restore(interview=interview, by=request.user, at=timezone.now())
    messages.success(request, "Restored.")
    return redirect(interview)


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="candidate-detail")
def candidate_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    candidate = _candidate(request, pk)
    form = WithdrawForm(request.POST or None, candidate=candidate)
    if form.is_valid():
        outcomes.withdraw(candidate=candidate, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        messages.success(request, "Saved. You can reinstate the candidate here.")
        return redirect(candidate)
    planned = candidate.interviews.filter(status=Interview.Status.SCHEDULED).select_related("candidate").in_order()
    context = {"form": form, "candidate": candidate, "planned": planned, "is_mail_sent": outbox.is_sent()}
    return render(request, "interviews/pages/candidate_withdraw.html", context, status=422 if form.is_bound else 200)


@require_POST
@refusal_page(back="candidate-detail")
def candidate_reinstate(request: SignedInRequest, pk: int) -> HttpResponse:
    candidate = _candidate(request, pk)
    outcomes.reinstate(candidate=candidate, by=request.user, at=timezone.now())
    messages.success(request, "Reinstated. To restore an interview, open it and undo its outcome.")
    return redirect(candidate)


def _interview(request: SignedInRequest, pk: int) -> Interview:
    return get_object_or_404(Interview.objects.open_to(request.user).select_related("candidate", "opening"), pk=pk)


def _candidate(request: SignedInRequest, pk: int) -> Candidate:
    """Of an opening that the person manages; the panel may see them, but not do this."""
    candidate = get_object_or_404(Candidate.objects.visible_to(request.user).select_related("opening"), pk=pk)
    if not is_manager_of(request.user, candidate.opening):
        raise PermissionDenied("Only the opening’s hiring managers can say that a candidate withdrew.")
    return candidate
