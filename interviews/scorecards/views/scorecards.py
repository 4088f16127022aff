"""A panelist's own scorecard after the call, submitting it, and reading submitted ones."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from editing.posted import whole_number
from interviews import access
from interviews.models import Interview, Panelist
from interviews.panelists_only import View, panelists_only
from interviews.records import wording
from interviews.records.reading import single_version, submissions
from interviews.refusals import Refused
from interviews.scorecards.form import scorecard_form
from interviews.scorecards.late_changes import late_changes
from interviews.scorecards.own_words import own_words as own_words_of
from interviews.scorecards.own_words import written_notes
from interviews.scorecards.submission import ChangedMeanwhile, Draft, SubmitPage, both, submit_draft


def _of_own_draft(view: View) -> Callable[..., HttpResponse]:
    """Call the view with the reader's own place, where there is a scorecard to fill in; else say where to go."""

    @panelists_only("Only panelists fill in scorecards.")
    @wraps(view)
    def answer(request: SignedInRequest, panelist: Panelist) -> HttpResponse:
        if panelist.has_submitted:
            return redirect("scorecard-read", panelist.interview_id, panelist.pk)
        if not panelist.interview.is_ended:
            context = {"interview": panelist.interview, "panelist": panelist}
            return render(request, "interviews/scorecards/scorecard_early.html", context, status=409)
        return view(request, panelist)

    return answer


@require_safe
@_of_own_draft
def scorecard(request: SignedInRequest, panelist: Panelist) -> HttpResponse:
    """The form of the reader's own scorecard. It saves by commands; this view only reads."""
    form = scorecard_form(panelist=panelist, now=timezone.now())
    context = {"interview": panelist.interview, "panelist": panelist, "form": form}
    return render(request, "interviews/scorecards/scorecard_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_own_draft
def scorecard_submit(request: SignedInRequest, panelist: Panelist) -> HttpResponse:
    """The second step of submitting. With JavaScript the form's own page shows it."""
    if request.method != "POST":
        return _submit_page(request, panelist)
    opened, sent = Draft.posted(request.POST, "opened-"), Draft.posted(request.POST)
    number = panelist.interview_id
    try:
        submit_draft(user=request.user, interview_id=number, opened=opened, sent=sent, at=timezone.now())
    except Refused as refusal:
        return _submit_page(request, panelist, sent, refusal)
    return redirect("scorecard-read", number, panelist.pk)


def _submit_page(
    request: SignedInRequest, panelist: Panelist, sent: Draft | None = None, refusal: Refused | None = None
) -> HttpResponse:
    form = scorecard_form(panelist=panelist, now=timezone.now())
    stored = Draft.stored(form.scorecard)
    shown = both(stored, sent) if sent and isinstance(refusal, ChangedMeanwhile) else sent or stored
    page = SubmitPage(form, draft=shown, opened=stored, problem=str(refusal or ""))
    context = {"interview": panelist.interview, "panelist": panelist, "page": page}
    status = refusal.status if refusal else 200
    return render(request, "interviews/scorecards/scorecard_submit.html", context, status=status)


@require_safe
def own_words(request: SignedInRequest, pk: int) -> HttpResponse:
    """The reader's own texts as a panelist, even after they have left the panel."""
    places = Panelist.objects.of_interviewers().filter(interview__pk=pk, user=request.user)
    panelist = get_object_or_404(places.select_related("interview"))
    context = {"interview": panelist.interview, "has_left": panelist.left_at is not None}
    return render(request, "interviews/scorecards/own_words.html", context | {"words": own_words_of(panelist)})


@require_safe
def scorecard_read(request: SignedInRequest, pk: int, panelist_pk: int) -> HttpResponse:
    """A submitted scorecard, for its author and those whom the blind policy lets read it.

    `?version=1` shows one version; by default, the newest with its revisions."""
    seen = Interview.objects.open_to(request.user).select_related("opening", "candidate")
    interview = get_object_or_404(seen, pk=pk)
    readable = access.readable_panelists(request.user, interview)
    panelist = next((one for one in readable if one.pk == panelist_pk), None)
    if panelist is None:
        raise Http404
    number, counting = whole_number(request.GET.get("version", ""), digits=5), submissions([panelist])[0]
    submission = counting if number is None else single_version(panelist, number)
    if submission is None:
        raise Http404
    is_mine = panelist.user_id == request.user.pk
    document = wording.single_document(submission)
    context = {
        "interview": interview,
        "panelist": panelist,
        "is_mine": is_mine,
        "readable": readable,
        "late": late_changes(panelist) if is_mine else [],
        "versions": list(reversed(panelist.scorecard.versions.all())),
        "counting": counting.version,
        "alone": None if number is None else submission.version,
        "doc": document,
        "has_debrief": seen.debrief_open_to(request.user).filter(pk=pk).exists(),
        "my_notes": written_notes(document) if is_mine else None,
    }
    return render(request, "interviews/scorecards/scorecard_read.html", context)
