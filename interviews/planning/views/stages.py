"""The board of an opening, and moving candidates through its stages."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import SignedInRequest
from editing.posted import whole_number
from interviews.models import Candidate, Interview, Opening
from interviews.planning import stages
from interviews.planning.board import board_of
from interviews.planning.stage_forms import CandidateOutcomeForm
from interviews.refused import refusal_page


@require_GET
def opening_board(request: SignedInRequest, pk: int) -> HttpResponse:
    opening = get_object_or_404(Opening.objects.visible_to(request.user), pk=pk)
    board = board_of(reader=request.user, opening=opening, now=timezone.now())
    return render(request, "interviews/planning/opening_board.html", {"opening": opening, "board": board})


@require_POST
@refusal_page(back="candidate-detail")
def candidate_stage(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a candidate into the stage `stage`; "board" says that the board is where to return to."""
    candidate = _candidate(request, pk)
    stages.require_progress(request.user, candidate)
    wanted = whole_number(request.POST.get("stage", "")) or 0
    stage = stages.move(candidate=candidate, stage_pk=wanted, by=request.user, at=timezone.now())
    messages.success(request, f"{candidate} is now in {stage}.")
    if "board" in request.POST:
        # The card keeps the keyboard's place.
        return redirect(f"{reverse('opening-board', args=[candidate.opening_id])}#candidate-{candidate.pk}")
    return redirect(candidate)


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="candidate-detail")
def candidate_outcome(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that a candidate was hired or rejected."""
    candidate = _candidate(request, pk)
    stages.require_progress(request.user, candidate)
    form = CandidateOutcomeForm(request.POST or None, candidate=candidate)
    if form.is_valid():
        stages.settle(candidate=candidate, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, "Saved. You can reinstate the candidate here.")
        return redirect(candidate)
    planned = candidate.interviews.filter(status=Interview.Status.SCHEDULED).select_related("candidate").in_order()
    context = {"form": form, "candidate": candidate, "planned": planned}
    status = 422 if form.is_bound else 200
    return render(request, "interviews/planning/candidate_outcome.html", context, status=status)


def _candidate(request: SignedInRequest, pk: int) -> Candidate:
    seen = Candidate.objects.visible_to(request.user).select_related("opening", "stage")
    return get_object_or_404(seen, pk=pk)
