"""Revise a submitted scorecard."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from interviews import access
from interviews.models import Panelist
from interviews.records import submitting
from interviews.refusals import Refused
from interviews.refused import refusal_page
from interviews.scorecards.revision_form import REASON_CHARS, Sent, read_revision, revision_page
from interviews.scorecards.revisions import RevisedMeanwhile, revise


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="scorecard")
def scorecard_revise(request: SignedInRequest, pk: int) -> HttpResponse:
    _, panelist = access.with_panelist(request.user, pk) or (None, None)
    if panelist is None:
        raise Http404
    if not panelist.has_submitted:
        raise submitting.NotSubmitted("There is nothing to revise yet: this scorecard isn’t submitted.")
    if request.method != "POST":
        return _page(request, panelist, None)
    sent = read_revision(panelist, request.POST)
    if (sent.changes or sent.late) and not sent.reason.strip():
        return _page(request, panelist, sent, status=422, reason_problem="Enter a reason for the revision.")
    if len(sent.reason) > REASON_CHARS:
        return _page(request, panelist, sent, status=422, reason_problem=f"At most {REASON_CHARS:,} characters.")
    return _keep(request, panelist, sent)


def _keep(request: SignedInRequest, panelist: Panelist, sent: Sent) -> HttpResponse:
    if not (sent.changes or sent.late or sent.seen):
        return _page(request, panelist, sent, status=422, problem="You haven’t changed anything yet.")
    try:
        version = revise(
            user=request.user,
            interview_id=panelist.interview_id,
            changes=sent.changes,
            late=sent.late,
            seen=sent.seen,
            base=sent.base,
            reason=sent.reason,
            at=timezone.now(),
        )
    except RevisedMeanwhile as refusal:
        return _page(request, panelist, sent, status=409, problem=str(refusal))
    except Refused as refusal:
        return _page(request, panelist, sent, status=422, problem=str(refusal))
    if version is None:
        messages.success(request, "Changes left out. Your scorecard hasn’t changed.")
    else:
        messages.success(request, f"Revision submitted as version {version.number}.")
    return redirect(_back(request, panelist))


def _back(request: SignedInRequest, panelist: Panelist) -> str:
    """The page that the revision was opened from: the debrief or the scorecard."""
    if request.GET.get("to") == "debrief":
        return reverse("debrief", args=[panelist.interview_id])
    return reverse("scorecard-read", args=[panelist.interview_id, panelist.pk])


def _page(
    request: SignedInRequest, panelist: Panelist, sent: Sent | None, *, status: int = 200, **problems: str
) -> HttpResponse:
    panelist = Panelist.objects.select_related("interview__candidate", "interview__opening", "scorecard").get(
        pk=panelist.pk
    )
    version = panelist.scorecard.versions.latest("number")
    readable = access.readable_panelists(request.user, panelist.interview)
    context = {
        "interview": panelist.interview,
        "panelist": panelist,
        "back": _back(request, panelist),
        "is_revision": any(other != panelist for other in readable),
        "page": revision_page(panelist, version, sent, **problems),
    }
    return render(request, "interviews/scorecards/scorecard_revise.html", context, status=status)
