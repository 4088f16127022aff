"""My day, the first screen."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from interviews.pages.my_day import my_day as day_of


@require_GET
def my_day(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    context = {"day": day_of(user=request.user, now=now), "now": now, "hour": timezone.localtime(now).hour}
    return render(request, "interviews/pages/my_day.html", context)
