"""The buttons that dismiss a warning about a plan, and show it again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from interviews.models import Interview
from interviews.pages.warnings import dismiss, show_again
from interviews.refused import refusal_page


@require_POST
@refusal_page(back="interview-detail")
def interview_warning(request: SignedInRequest, pk: int) -> HttpResponse:
    """Dismiss the warning with the words in `dismiss`; without it, show a dismissed one again."""
    interviews = Interview.objects.visible_to(request.user).select_related("opening", "candidate")
    interview = get_object_or_404(interviews, pk=pk)
    words = request.POST.get("dismiss", "")
    if not words:
        show_again(interview=interview, by=request.user)
        return redirect(interview)
    dismiss(interview=interview, words=words, by=request.user, at=timezone.now())
    messages.success(
        request, f"{interview.candidate}: warning dismissed. You can show it again on the interview’s page."
    )
    return redirect("my-day")
