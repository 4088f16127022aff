"""Openings: only hiring managers create them, and each sees their own."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require_role
from accounts.requests import SignedInRequest
from accounts.roles import Role
from editing.once import once
from editing.views import lock_for_edit, say_saved
from finding.views import render_list
from interviews.models import Interview, Opening
from interviews.planning.candidate_listing import candidate_page
from interviews.planning.forms import OpeningForm
from interviews.planning.opening_listing import opening_page
from interviews.planning.stale_entries import mark_stale

managers_only = require_role(Role.HIRING_MANAGER, "Only hiring managers can create and edit openings.")


@require_GET
@managers_only
def opening_list(request: SignedInRequest) -> HttpResponse:
    """By default those that are open; a filter shows the closed ones."""
    page = opening_page(reader=request.user, given=request.GET, now=timezone.now())
    return render_list(request, "interviews/planning/opening_list.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def opening_create(request: SignedInRequest) -> HttpResponse:
    form = OpeningForm(request.POST or None, by=request.user, instance=Opening(created_at=timezone.now()))
    if form.is_valid():
        return once(request, form.save)
    return render(
        request, "interviews/planning/opening_create.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_GET
def opening_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    opening = get_object_or_404(Opening.objects.visible_to(request.user).with_current_managers(), pk=pk)
    interviews = Interview.objects.visible_to(request.user).filter(opening=opening)
    context = {
        "opening": opening,
        "has_ended": interviews.filter(status=Interview.Status.ENDED).exists(),
        "has_scorecards": interviews.with_readable_scorecards(request.user).exists(),
    }
    page = candidate_page(reader=request.user, given=request.GET, now=timezone.now(), opening=opening)
    return render_list(request, "interviews/planning/opening_detail.html", page, context)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def opening_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    with transaction.atomic():
        opening = lock_for_edit(request, Opening.objects.visible_to(request.user).filter(pk=pk))
        form = OpeningForm(request.POST or None, by=request.user, instance=opening)
        if form.is_valid():
            form.save()
            if "title" in form.changed_data:  # new managers are told anyway
                mark_stale(opening.interviews.all())
            say_saved(request, form)
            # Someone who has removed themselves as manager no longer sees the opening.
            stays = opening.managers.filter(pk=request.user.pk).exists()
            return redirect(opening if stays else "opening-list")
    context = {"form": form, "opening": Opening.objects.get(pk=pk)}
    return render(request, "interviews/planning/opening_edit.html", context, status=form.status)


@require_POST
@managers_only
def opening_close(request: SignedInRequest, pk: int) -> HttpResponse:
    opening = get_object_or_404(Opening.objects.visible_to(request.user), pk=pk)
    opening.close(at=timezone.now())
    messages.success(request, "Opening closed. Scheduled interviews stay; no new ones can be added.")
    return redirect(opening)


@require_POST
@managers_only
def opening_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    opening = get_object_or_404(Opening.objects.visible_to(request.user), pk=pk)
    opening.reopen()
    messages.success(request, "Opening reopened.")
    return redirect(opening)
