"""The debrief of an interview: the page, opening it early, and recording decisions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from editing.posted import unix_lines
from interviews.access import DebriefAccess, debrief_access
from interviews.debriefs import decisions, early_debrief
from interviews.debriefs.debrief import debrief as debrief_of
from interviews.debriefs.forms import DecisionForm
from interviews.models import Candidate, EarlyDebrief, Interview
from interviews.refusals import Invalid
from interviews.refused import refusal_page


@require_safe
def debrief(request: SignedInRequest, pk: int) -> HttpResponse:
    """The debrief; for readers who may not see it yet, the reason and whose scorecards are missing."""
    access = _access(request, pk)
    if access.barred is not None:
        # Someone who may open it can act on the closed page, so it is no error for them.
        return _closed(request, access, status=200 if access.may_open_early else access.barred.status)
    return _open(request, access)


@require_POST
@refusal_page(back="debrief")
def debrief_open(request: SignedInRequest, pk: int) -> HttpResponse:
    access, reason = _access(request, pk), unix_lines(request.POST.get("reason", ""))
    try:
        early_debrief.open_early(user=request.user, interview_id=pk, reason=reason, at=timezone.now())
    except early_debrief.AlreadyOpen:
        # Already open: idempotent. If another reason is recorded, give this one back.
        said = EarlyDebrief.objects.filter(interview=pk).values_list("reason", flat=True).first()
        if reason.strip() not in ("", (said or "").strip()):
            messages.warning(request, f"The debrief was already open, so your reason wasn’t recorded: {reason}")
    except Invalid as problem:
        return _closed(request, access, status=problem.status, reason=reason, problem=str(problem))
    else:
        messages.success(request, "Debrief opened. Your reason is shown on it.")
    return redirect("debrief", pk)


@require_POST
@refusal_page(back="debrief")
def decision_create(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record a decision. Errors are shown on the debrief, with everything that was typed."""
    access = _access(request, pk)
    try:
        decisions.require_may_decide(request.user, access)
        read = debrief_of(access)
        form = DecisionForm(request.POST, access=access, debrief=read)
        if form.is_valid():
            before = access.interview.candidate
            decisions.decide(user=request.user, interview_id=pk, new=form.new(), at=timezone.now())
            messages.success(request, f"Decision recorded.{_moved(before)}")
            return redirect(f"{reverse('debrief', args=[pk])}#decision")
    except decisions.SentenceWanted as problem:
        form.add_error("against", str(problem))
    except decisions.DecidedMeanwhile as refusal:
        # Read again, so that the page shows the other decision above what was typed.
        return _open(request, access, form=form.shown_again(), problem=str(refusal), status=refusal.status)
    return _open(request, access, form=form, status=422)


def _moved(before: Candidate) -> str:
    """Another sentence: where the decision put the candidate. Their page then offers the stage after that one."""
    now = Candidate.objects.select_related("stage").get(pk=before.pk)
    if now.outcome != before.outcome:
        return f" {now} is {'now' if now.outcome else 'no longer'} rejected."
    return f" {now} is now in {now.stage}." if now.stage_id != before.stage_id else ""


def _access(request: SignedInRequest, pk: int) -> DebriefAccess:
    seen = Interview.objects.open_to(request.user).select_related("opening", "candidate")
    return debrief_access(request.user, get_object_or_404(seen, pk=pk))


def _closed(
    request: SignedInRequest, access: DebriefAccess, *, status: int, reason: str = "", problem: str = ""
) -> HttpResponse:
    """The reason why it is closed, and whose scorecards are missing; nothing else about scorecards."""
    context = {"interview": access.interview, "access": access, "reason": reason, "problem": problem}
    return render(request, "interviews/debriefs/debrief_closed.html", context, status=status)


def _open(
    request: SignedInRequest,
    access: DebriefAccess,
    *,
    form: DecisionForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    read = debrief_of(access)
    if form is None and decisions.may_decide(request.user, access):
        form = DecisionForm(None, access=access, debrief=read)
    context = {"interview": access.interview, "access": access, "debrief": read, "form": form, "problem": problem}
    return render(request, "interviews/debriefs/debrief.html", context, status=status)
