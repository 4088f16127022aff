"""Begin a practice call from My day."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from editing.once import once
from editing.posted import whole_number
from interviews.planning.practice import begin_practice
from interviews.refusals import Refused
from question_bank.models import Script


@require_POST
def practice_create(request: SignedInRequest) -> HttpResponse:
    """Open its live page. Curators may try a draft with `draft`, also those who don't interview."""
    if not (request.user.is_interviewer or request.user.is_curator):
        raise PermissionDenied("Only interviewers and curators can hold practice calls.")
    number = whole_number(request.POST.get("script", ""))
    is_draft = "draft" in request.POST and request.user.is_curator
    scripts = Script.objects.all() if is_draft else Script.objects.usable()
    script = scripts.filter(pk=number).first() if number is not None else None

    def create() -> str:
        interview = begin_practice(script=script, by=request.user, at=timezone.now(), is_draft=is_draft)
        return reverse("live", args=[interview.pk])

    try:
        return once(request, create)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("my-day")
