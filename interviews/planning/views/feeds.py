"""The secret address of a person's read-only calendar, and the calendar behind it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from interviews.models import CalendarFeed
from interviews.planning import calendar_feed


@require_http_methods(["GET", "HEAD", "POST"])
def feed_settings(request: SignedInRequest) -> HttpResponse:
    """Make an address, which replaces an earlier one and is shown once, in this response."""
    address = ""
    if request.method == "POST":
        token = CalendarFeed.renew(request.user, at=timezone.now())
        address = f"{settings.SITE_URL}{reverse('feed-calendar', args=[token])}"
    feed = CalendarFeed.objects.filter(user=request.user).first()
    is_revoked = feed is not None and calendar_feed.is_revoked(feed)
    context = {"feed": None if is_revoked else feed, "address": address, "is_revoked": is_revoked}
    response = render(request, "interviews/planning/feed_settings.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def feed_delete(request: SignedInRequest) -> HttpResponse:
    CalendarFeed.objects.filter(user=request.user).delete()
    messages.success(request, "The address no longer works.")
    return redirect("feed-settings")


@login_not_required
@require_safe
def feed_calendar(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001  a view takes it
    """For calendar programs, which cannot sign in."""
    now = timezone.now()
    person = calendar_feed.reader_of(token, at=now)
    if person is None:
        raise Http404
    response = HttpResponse(calendar_feed.feed_of(person, at=now), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
