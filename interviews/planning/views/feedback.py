"""The page on which a manager writes to a candidate, in their own mail program."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from editing.views import lock_for_edit, say_saved
from interviews.models import Candidate
from interviews.planning import feedback
from interviews.planning.feedback_forms import FeedbackForm
from interviews.planning.stages import require_progress
from interviews.refused import refusal_page


@require_http_methods(["GET", "HEAD", "POST"])
@refusal_page(back="candidate-detail")
def candidate_feedback(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read, change and copy the text. It tells the decision, so only people who may know that can open it."""
    with transaction.atomic():
        candidates = Candidate.objects.visible_to(request.user).select_related("opening")
        candidate = lock_for_edit(request, candidates.filter(pk=pk))
        require_progress(request.user, candidate)
        decision = feedback.decision_known_to(reader=request.user, candidate=candidate)
        text = candidate.feedback or feedback.draft(candidate=candidate, decision=decision, by=request.user)
        form = FeedbackForm(request.POST or None, instance=candidate, by=request.user, draft=text)
        if form.is_valid():
            form.save()
            say_saved(request, form)
            return redirect("candidate-feedback", pk=pk)
    context = {
        "form": form,
        "candidate": Candidate.objects.select_related("opening").get(pk=pk),
        "named": feedback.named_panelists(candidate=candidate, text=text),
        "mail_address": feedback.mail_address(candidate=candidate, text=text),
    }
    return render(request, "interviews/planning/candidate_feedback.html", context, status=form.status)
