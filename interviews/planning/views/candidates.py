"""Candidates: hiring managers of the opening add and edit them, the panel reads."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import SignedInRequest
from editing.once import once
from editing.views import lock_for_edit, say_saved
from finding.views import render_list
from interviews.access import is_manager_of, listed
from interviews.models import Candidate, Decision, Interview, Opening
from interviews.planning.candidate_listing import candidate_page, elsewhere
from interviews.planning.candidate_unmerging import merged_into
from interviews.planning.forms import CandidateForm
from interviews.planning.scheduling import OpeningClosed
from interviews.planning.stale_entries import mark_stale
from interviews.refused import refusal_page


@require_GET
def candidate_list(request: SignedInRequest) -> HttpResponse:
    """Candidates of the openings that the reader manages, and of the panels they are on."""
    page = candidate_page(reader=request.user, given=request.GET, now=timezone.now())
    return render_list(request, "interviews/planning/candidate_list.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="opening-detail")
def candidate_create(request: SignedInRequest, opening_pk: int) -> HttpResponse:
    with transaction.atomic():
        opening = lock_for_edit(request, Opening.objects.visible_to(request.user), pk=opening_pk)
        if opening.closed_at is not None:
            raise OpeningClosed("This opening is closed. Reopen it to add candidates.")
        candidate = Candidate(opening=opening, created_at=timezone.now())
        form = CandidateForm(request.POST or None, instance=candidate, by=request.user)
        if form.is_valid():
            answer = once(request, form.save if "again" not in request.POST else partial(_added, form, to=request.path))
            if "again" in request.POST:
                messages.success(request, f"{form.cleaned_data['name']} added.")
            return answer
    context = {"form": form, "opening": opening}
    return render(request, "interviews/planning/candidate_create.html", context, status=422 if form.is_bound else 200)


def _added(form: CandidateForm, *, to: str) -> str:
    """The address that opens the form for another."""
    form.save()
    return to


@require_GET
def candidate_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    candidates = Candidate.objects.visible_to(request.user).select_related("opening", "stage")
    candidate = candidates.filter(pk=pk).first() or merged_into(request.user, pk)
    if candidate is None:
        raise Http404
    if candidate.pk != pk:
        return redirect(candidate)
    is_manager = is_manager_of(request.user, candidate.opening)
    seen = Interview.objects.visible_to(request.user).filter(candidate=candidate)
    interviews = list(seen.with_people().with_outcome(request.user))
    rows = listed(request.user, interviews)
    known = Decision.objects.filter(interview__in=seen.order_by().debrief_open_to(request.user))
    context = {
        "decision": known.select_related("decided_by").order_by("decided_at", "pk").last(),
        "candidate": candidate,
        "is_manager": is_manager,
        "tags": candidate.tags.all() if is_manager else [],
        "elsewhere": elsewhere(reader=request.user, candidate=candidate),
        "files": candidate.files.all(),
        "rows": rows,
        "has_scorecards": any(row.access.readable for row in rows),
        **_progress(request, candidate),
    }
    is_over = candidate.opening.closed_at or candidate.withdrew_at or context.get("outcome")
    context["may_schedule"] = is_manager and not is_over
    return render(request, "interviews/planning/candidate_detail.html", context)


def _progress(request: SignedInRequest, candidate: Candidate) -> dict[str, Any]:
    """Stage, outcome and history, for a manager who may know them."""
    if not Candidate.objects.progress_open_to(request.user).filter(pk=candidate.pk).exists():
        return {}
    stages = list(candidate.opening.stages.current())
    places = [stage.pk for stage in stages]
    place = places.index(candidate.stage_id) if candidate.stage_id in places else len(stages)
    return {
        "knows_progress": True,
        "outcome": candidate.get_outcome_display() if candidate.outcome else "",
        "stages": stages,
        "next_stage": next(iter(stages[place + 1 :]), None),
        "changes": candidate.changes.select_related("by", "merge"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def candidate_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    with transaction.atomic():
        candidates = Candidate.objects.visible_to(request.user).select_related("opening")
        candidate = lock_for_edit(request, candidates.filter(pk=pk))
        if not is_manager_of(request.user, candidate.opening):
            raise PermissionDenied("Only the opening’s hiring managers can edit candidates.")
        form = CandidateForm(request.POST or None, instance=candidate, by=request.user)
        if form.is_valid():
            form.save()
            if "name" in form.changed_data:
                mark_stale(candidate.interviews.all())
            say_saved(request, form)
            return redirect(candidate)
    context = {"form": form, "candidate": Candidate.objects.get(pk=pk)}
    return render(request, "interviews/planning/candidate_edit.html", context, status=form.status)
