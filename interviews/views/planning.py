"""Scheduling an interview, changing and cancelling it. Only the opening's hiring managers plan."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from interviews import planning
from interviews.forms import CancelForm, PlanForm, panel_formset
from interviews.models import Candidate, Interview, Opening
from interviews.policies import is_manager_of
from interviews.refusals import Refused, WrongTime
from interviews.views.refused import refused


@require_http_methods(["GET", "HEAD", "POST"])
def interview_create(request: SignedInRequest, candidate_pk: int) -> HttpResponse:
    candidates = Candidate.objects.visible_to(request.user).select_related("opening")
    candidate = get_object_or_404(candidates, pk=candidate_pk)
    _require_manager(request, candidate.opening)
    if candidate.opening.closed_at is not None:
        closed = planning.OpeningClosed("This opening is closed. Reopen it to schedule interviews.")
        return refused(request, closed, back=candidate.get_absolute_url())
    form, panel = PlanForm(request.POST or None, by=request.user), panel_formset(request.POST or None)
    if form.is_valid() and panel.is_valid():
        plan = form.plan() | {"panel": panel.seats(), "at": timezone.now()}
        try:
            interview = planning.schedule_interview(candidate=candidate, **plan)
        except WrongTime as refusal:
            return refused(request, refusal, back=candidate.get_absolute_url())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _planned(request, interview, "The interview is scheduled.")
    return _form_page(request, "interviews/interview_create.html", form, panel, candidate=candidate)


@require_http_methods(["GET", "HEAD", "POST"])
def interview_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    interview = _managed_interview(request, pk)
    if interview.is_ended or interview.is_cancelled:
        over = planning.AlreadyOver("This interview is over. Its plan can no longer be changed.")
        return refused(request, over, back=interview.get_absolute_url())
    form = PlanForm(request.POST or None, by=request.user, interview=interview)
    panel = panel_formset(request.POST or None, interview=interview)
    base, status = request.POST.get("base") or planning.revision(interview), 422
    if form.is_valid() and panel.is_valid():
        plan = form.plan() | {"panel": panel.seats(), "by": request.user, "at": timezone.now(), "base": base}
        try:
            interview = planning.change_interview(interview=interview, **plan)
        except WrongTime as refusal:
            return refused(request, refusal, back=interview.get_absolute_url())
        except Refused as refusal:
            form.add_error(None, str(refusal))
            base, status = planning.revision(interview), refusal.status
        else:
            return _planned(request, interview, "Saved.")
    context = {"interview": interview, "base": base}
    return _form_page(request, "interviews/interview_edit.html", form, panel, status=status, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def interview_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    interview = _managed_interview(request, pk)
    form = CancelForm(request.POST or None, interview=interview)
    try:
        planning.require_cancellable(interview)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            planning.cancel_interview(interview=interview, reason=reason, by=request.user, at=timezone.now())
            messages.success(request, "Cancelled. The panel sees why.")
            return redirect(interview)
    except WrongTime as refusal:
        return refused(request, refusal, back=interview.get_absolute_url())
    context = {"form": form, "interview": interview}
    return render(request, "interviews/interview_cancel.html", context, status=422 if form.is_bound else 200)


def _require_manager(request: SignedInRequest, opening: Opening) -> None:
    if not is_manager_of(request.user, opening):
        raise PermissionDenied("Interviews are planned by the hiring managers of their opening.")


def _managed_interview(request: SignedInRequest, pk: int) -> Interview:
    seen = Interview.objects.visible_to(request.user).select_related("opening", "candidate")
    interview = get_object_or_404(seen, pk=pk)
    _require_manager(request, interview.opening)
    return interview


def _form_page(
    request: SignedInRequest, template: str, form: PlanForm, panel: Any, *, status: int = 422, **context: Any
) -> HttpResponse:
    """`status` is that of a form that was sent."""
    context |= {"form": form, "panel": panel}
    return render(request, template, context, status=status if form.is_bound else 200)


def _planned(request: SignedInRequest, interview: Interview, words: str) -> HttpResponse:
    """Say that it is done, and what may be worth another look."""
    messages.success(request, words)
    for concern in planning.concerns(interview=interview, by=request.user, at=timezone.now()):
        messages.warning(request, concern)
    return redirect(interview)
