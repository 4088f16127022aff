"""Scheduling an interview, changing and cancelling it. Only the opening's hiring managers plan."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require_role
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.roles import Role
from editing.merging import Edit, Overtaken
from editing.once import once
from editing.posted import whole_number
from editing.views import say_saved
from interviews.access import is_manager_of
from interviews.models import Candidate, Interview, Opening
from interviews.planning import scheduling, stages
from interviews.planning.concerns import Unchecked, concerns, require_checked
from interviews.planning.plan_forms import CancelForm, PlanForm, not_offered, panel_formset, people_of
from interviews.planning.plan_merging import Plan, plan_of_content, plan_revision
from interviews.planning.section_askers import askers_of, give_sections, posted_askers
from interviews.records.asked_before import scripts_asked
from interviews.refusals import Invalid
from interviews.refused import refusal_page
from mail import outbox
from question_bank.models import Script


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="candidate-detail")
def interview_create(request: SignedInRequest, candidate_pk: int) -> HttpResponse:
    candidates = Candidate.objects.visible_to(request.user).select_related("opening", "stage")
    candidate = get_object_or_404(candidates, pk=candidate_pk)
    _require_manager(request, candidate.opening)
    stage = stages.known_stage(request.user, candidate)
    if candidate.opening.closed_at is not None:
        raise scheduling.OpeningClosed("This opening is closed. Reopen it to schedule interviews.")
    form = PlanForm(request.POST or None, by=request.user, opening=candidate.opening, stage=stage)
    panel = panel_formset(request.POST or None)
    context: dict[str, Any] = {"candidate": candidate}
    if form.is_valid() and panel.is_valid():
        try:
            return once(request, lambda: _schedule(request, candidate, form.plan(panel.seats())))
        except Unchecked as unchecked:
            context["unchecked"] = unchecked
        except Invalid as refusal:
            form.add_error(None, str(refusal))
    return _form_page(request, "interviews/planning/interview_create.html", form, panel, **context)


def _schedule(request: SignedInRequest, candidate: Candidate, plan: Plan) -> Interview:
    """Call it in a transaction: warnings that the planner has not read take everything back."""
    at = timezone.now()
    interview = scheduling.schedule_interview(candidate=candidate, plan=plan, at=at, by=request.user)
    left = _give_sections(request, interview, at=at)
    found = concerns(interview=interview, by=request.user, at=at)
    require_checked(found, checked=request.POST.get("checked", ""))
    _say_left(request, left)
    messages.success(request, f"Interview scheduled.{_tell_them_yourself()}")
    return interview


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="interview-detail")
def interview_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    interview = _managed_interview(request, pk)
    if interview.is_ended or interview.is_cancelled:
        raise scheduling.AlreadyOver("This interview is over. Its plan can no longer be changed.")
    form = PlanForm(request.POST or None, by=request.user, interview=interview)
    panel = panel_formset(request.POST or None, interview=interview)
    edit = Edit.of(request.POST) if request.method == "POST" else Edit(plan_revision(interview))
    context: dict[str, Any] = {"interview": interview, "edit": edit}
    if form.is_valid() and panel.is_valid():
        try:
            interview = _change(request, interview, form, form.plan(panel.seats()), edit)
        except Overtaken:
            return _overtaken(request, interview, edit)
        except Unchecked as unchecked:
            context["unchecked"] = unchecked
        except Invalid as refusal:
            form.add_error(None, str(refusal))
        else:
            say_saved(request, edit, f"Saved.{_tell_them_yourself()}")
            return redirect(interview)
    return _form_page(request, "interviews/planning/interview_edit.html", form, panel, **context)


@transaction.atomic
def _change(request: SignedInRequest, interview: Interview, form: PlanForm, plan: Plan, edit: Edit) -> Interview:
    """Warnings that the change adds, and that the planner has not read, take everything back."""
    at = timezone.now()
    before = concerns(interview=interview, by=request.user, at=at)
    takes_newer = form.cleaned_data.get("takes_newer", False)
    changed = scheduling.change_interview(
        interview=interview, plan=plan, by=request.user, at=at, edit=edit, takes_newer=takes_newer
    )
    left = _give_sections(request, changed, at=at)
    found = [words for words in concerns(interview=changed, by=request.user, at=at) if words not in before]
    require_checked(found, checked=request.POST.get("checked", ""))
    _say_left(request, left)
    return changed


def _give_sections(request: SignedInRequest, interview: Interview, *, at: dt.datetime) -> list[str]:
    """Return the titles of sections that are left as they are, since someone else changed them meanwhile."""
    return give_sections(interview=interview, askers=posted_askers(request.POST), by=request.user, at=at)


def _say_left(request: SignedInRequest, titles: list[str]) -> None:
    for title in titles:
        messages.warning(request, f"Someone else has changed who asks “{title}”, so it was left alone.")


@require_GET
@require_role(Role.HIRING_MANAGER, "Only hiring managers can schedule interviews.")
def plan_sections(request: SignedInRequest) -> HttpResponse:
    """The sections of `?script=` with who asks them, for the form of a plan."""
    script = Script.objects.usable().filter(pk=whole_number(request.GET.get("script", "")) or 0).first()
    return render(
        request,
        "interviews/planning/_plan_askers.html",
        {"askers": askers_of(script), "people": User.objects.interviewers()},
    )


def _overtaken(request: SignedInRequest, interview: Interview, edit: Edit) -> HttpResponse:
    """The form with the merged plan, and the conflicts to choose from."""
    interview = Interview.objects.select_related("candidate", "script", "changed_by").get(pk=interview.pk)
    edit.last_change, plan = interview, plan_of_content(edit.content)
    panel = panel_formset(None, interview=interview, seats=plan.panel)
    form = PlanForm(None, by=request.user, interview=interview, plan=plan)
    form.initial["takes_newer"] = "takes_newer" in request.POST
    context = {
        "interview": interview,
        "edit": edit,
        "form": form,
        "panel": panel,
        "is_sent": True,
        "askers": posted_askers(request.POST),
        "people": people_of(panel),
    }
    return render(request, "interviews/planning/interview_edit.html", context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="interview-detail")
def interview_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    interview = _managed_interview(request, pk)
    form = CancelForm(request.POST or None, interview=interview)
    is_filled = form.is_valid()
    scheduling.require_cancellable(interview, reason=form.cleaned_data["reason"] if is_filled else "")
    if is_filled:
        reason = form.cleaned_data["reason"]
        scheduling.cancel_interview(interview=interview, reason=reason, by=request.user, at=timezone.now())
        messages.success(request, "Interview cancelled. Its page shows the panel your reason.")
        return redirect(interview)
    context = {"form": form, "interview": interview, "is_mail_sent": outbox.is_sent()}
    return render(request, "interviews/planning/interview_cancel.html", context, status=422 if form.is_bound else 200)


@require_POST
@refusal_page(back="interview-detail")
def interview_renew(request: SignedInRequest, pk: int) -> HttpResponse:
    """Freeze the newer version of its script into a planned interview."""
    interview = _managed_interview(request, pk)
    interview = scheduling.renew_script(interview=interview, by=request.user, at=timezone.now())
    messages.success(request, f"The interview now uses {interview.script_name}, version {interview.script_version}.")
    return redirect(interview)


def _require_manager(request: SignedInRequest, opening: Opening) -> None:
    if not is_manager_of(request.user, opening):
        raise PermissionDenied("Only the opening’s hiring managers can schedule interviews.")


def _managed_interview(request: SignedInRequest, pk: int) -> Interview:
    seen = Interview.objects.visible_to(request.user).select_related("opening", "candidate")
    interview = get_object_or_404(seen, pk=pk)
    _require_manager(request, interview.opening)
    return interview


def _form_page(
    request: SignedInRequest, template: str, form: PlanForm, panel: Any, *, status: int = 422, **context: Any
) -> HttpResponse:
    """`status` is used if the form was sent."""
    interview = context.get("interview")
    candidate = interview.candidate if interview else context["candidate"]
    asked = scripts_asked(reader=request.user, candidate=candidate, but=interview)
    context |= {"form": form, "panel": panel, "scripts_asked": asked, "not_offered": not_offered()}
    context["askers"] = posted_askers(request.POST) if form.is_bound else askers_of(form.first_script(), interview)
    context["people"] = people_of(panel)
    return render(request, template, context, status=status if form.is_bound else 200)


def _tell_them_yourself() -> str:
    return "" if outbox.is_sent() else " This installation doesn’t send email, so tell the panel yourself."
