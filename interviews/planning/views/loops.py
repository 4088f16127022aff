"""Planning several interviews of a candidate in one form."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from editing.once import once
from editing.posted import whole_number
from interviews.access import is_manager_of
from interviews.models import Candidate, Stage
from interviews.planning import loops
from interviews.planning.concerns import Unchecked
from interviews.planning.loop_forms import Round, rounds_of
from interviews.planning.plan_forms import not_offered
from interviews.planning.plan_merging import Plan
from interviews.planning.scheduling import OpeningClosed
from interviews.planning.stages import known_stage
from interviews.refusals import Invalid
from interviews.refused import refusal_page
from mail import outbox


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="candidate-detail")
def loop_create(request: SignedInRequest, candidate_pk: int) -> HttpResponse:
    candidate = _candidate(request, candidate_pk)
    stage = known_stage(request.user, candidate)
    if candidate.opening.closed_at is not None:
        raise OpeningClosed("This opening is closed. Reopen it to schedule interviews.")
    sources = loops.sources_for(candidate)
    wanted = whole_number(request.GET.get("from", ""))
    source = next((one for one in sources if one.pk == wanted), None)
    rounds = _rounds(request, candidate, stage=stage, plans=loops.plans_of(source) if source else [])
    context = {"candidate": candidate, "rounds": rounds, "sources": sources, "source": source, "wrong": []}
    context["following"] = loops.next_unplanned(candidate, by=request.user)
    shows_more = "more" in request.POST
    if request.method == "POST" and not shows_more:
        try:
            return once(request, lambda: _schedule(request, candidate, _filled(rounds)))
        except _Incomplete as incomplete:
            # Rounds that were left blank have no mistakes.
            context |= {"problem": incomplete.problem, "wrong": incomplete.wrong}
        except Unchecked as unchecked:
            context["unchecked"] = unchecked
        except Invalid as refusal:
            context["problem"] = str(refusal)
    context |= {"most": loops.ROUNDS_MAX, "scripts": rounds[0].form.scripts, "not_offered": not_offered()}
    status = 422 if request.method == "POST" and not shows_more else 200
    return render(request, "interviews/planning/loop_create.html", context, status=status)


class _Incomplete(Exception):
    """No round is filled in, or one that is has mistakes, which its forms say."""

    def __init__(self, *, problem: str = "", wrong: Sequence[Any] = ()) -> None:
        super().__init__()
        self.problem, self.wrong = problem, list(wrong)


def _candidate(request: SignedInRequest, pk: int) -> Candidate:
    candidates = Candidate.objects.visible_to(request.user).select_related("opening", "stage")
    candidate = get_object_or_404(candidates, pk=pk)
    if not is_manager_of(request.user, candidate.opening):
        raise PermissionDenied("Only the opening’s hiring managers can schedule interviews.")
    return candidate


def _rounds(
    request: SignedInRequest, candidate: Candidate, *, stage: Stage | None, plans: Sequence[Plan]
) -> list[Round]:
    """As many as were sent or asked for, as many as are copied, or the usual number."""
    asked = request.POST.get("more", "") or request.POST.get("rounds", "") or request.GET.get("rounds", "")
    count = min(max(whole_number(asked) or len(plans) or loops.ROUNDS, 1), loops.ROUNDS_MAX)
    posted = request.POST or None
    return rounds_of(posted, count=count, by=request.user, opening=candidate.opening, plans=plans, stage=stage)


def _filled(rounds: Sequence[Round]) -> list[Round]:
    """The rounds to schedule. Raises _Incomplete."""
    filled = [one for one in rounds if not one.is_blank]
    if not filled:
        raise _Incomplete(problem="Choose a script for at least one round.")
    # Each is asked, so that everything wrong is said at once.
    if [one for one in filled if not one.is_valid()]:
        raise _Incomplete(wrong=[part for one in filled for part in (one.form, one.panel)])
    return filled


def _schedule(request: SignedInRequest, candidate: Candidate, rounds: list[Round]) -> Candidate | str:
    """Schedule them. The address that follows: the candidate's, or the same form for the next one with this plan."""
    interviews = loops.schedule_loop(
        candidate=candidate,
        plans=[one.plan() for one in rounds],
        by=request.user,
        at=timezone.now(),
        checked=request.POST.get("checked", ""),
    )
    words = f"{len(interviews)} interviews" if len(interviews) > 1 else "Interview"
    told = "" if outbox.is_sent() else " This installation doesn’t send email, so tell the panel yourself."
    following = loops.next_unplanned(candidate, by=request.user) if "again" in request.POST else None
    whose = f" with {candidate}" if following else ""
    messages.success(request, f"{words}{whose} scheduled.{told}")
    if following is None:
        return candidate
    return f"{reverse('loop-create', args=[following.pk])}?from={candidate.pk}"
