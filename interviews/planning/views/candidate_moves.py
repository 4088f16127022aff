"""Moving a candidate to another opening, merging duplicates, deleting one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from editing.posted import whole_number
from interviews.access import is_manager_of
from interviews.models import Candidate, CandidateMerge
from interviews.planning import candidate_moves, candidate_unmerging
from interviews.planning.move_forms import DeleteForm, MergeForm, MoveForm
from interviews.refused import refusal_page


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="candidate-detail")
def candidate_move(request: SignedInRequest, pk: int) -> HttpResponse:
    candidate = _candidate(request, pk)
    form = MoveForm(request.POST or None, candidate=candidate, by=request.user)
    if form.is_valid():
        opening = form.cleaned_data["opening"]
        candidate_moves.move_to_opening(candidate=candidate, opening=opening, by=request.user, at=timezone.now())
        messages.success(request, f"{candidate} is now a candidate for {opening}.")
        return redirect(candidate)
    return _page(request, "candidate_move", form, candidate)


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="candidate-detail")
def candidate_merge(request: SignedInRequest, pk: int) -> HttpResponse:
    """This candidate stays, and the other becomes a part of them."""
    candidate = _candidate(request, pk)
    form = MergeForm(request.POST or None, candidate=candidate)
    if form.is_valid():
        candidate_moves.merge(kept=candidate, other=form.picked, by=request.user, at=timezone.now())
        messages.success(request, "Merged. The history says what differed; you can undo it there.")
        return redirect(candidate)
    return _page(request, "candidate_merge", form, candidate)


@require_POST
@refusal_page(back="candidate-detail")
def candidate_unmerge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo one merge, named by `merge`."""
    candidate = _candidate(request, pk)
    merges = CandidateMerge.objects.filter(change__candidate=candidate).select_related("change__candidate__opening")
    merge = get_object_or_404(merges, pk=whole_number(request.POST.get("merge", "")) or 0)
    other = candidate_unmerging.unmerge(merge=merge, by=request.user, at=timezone.now())
    messages.success(request, f"Merge undone. This is {other} again.")
    return redirect(other)


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="candidate-detail")
def candidate_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """With interviews, the candidate's name confirms it."""
    candidate = _candidate(request, pk)
    form = DeleteForm(request.POST if request.method == "POST" else None, candidate=candidate)
    if form.is_valid():
        candidate_moves.delete(candidate=candidate, by=request.user, at=timezone.now(), with_interviews=form.has_record)
        messages.success(request, "Candidate deleted.")
        return redirect(candidate.opening)
    return _page(request, "candidate_delete", form, candidate)


def _page(
    request: SignedInRequest, name: str, form: MoveForm | MergeForm | DeleteForm, candidate: Candidate
) -> HttpResponse:
    context = {"form": form, "candidate": candidate}
    return render(request, f"interviews/planning/{name}.html", context, status=422 if form.is_bound else 200)


def _candidate(request: SignedInRequest, pk: int) -> Candidate:
    candidate = get_object_or_404(Candidate.objects.visible_to(request.user).select_related("opening", "stage"), pk=pk)
    if not is_manager_of(request.user, candidate.opening):
        raise PermissionDenied("Only the opening’s hiring managers can move, merge or delete candidates.")
    return candidate
