from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import include, path
from django.views.generic import RedirectView

from config.health import health, queue_answers
from config.outages import sentence


@login_not_required
def healthz(_: HttpRequest) -> HttpResponse:
    """200 if the server can save, else 503 with the reason.

    200 also names an unreachable queue and a queue that nobody empties, because pages work without it."""
    if outage := health.look():
        headers = {"Retry-After": str(outage.retry_after)}
        return HttpResponse(f"{sentence(outage)}\n", content_type="text/plain", status=503, headers=headers)
    words = "ok"
    if not queue_answers():
        words = "ok, but the queue is unreachable: PDFs and emails wait"
    elif health.is_behind:
        words = "ok, but emails have waited for ten minutes: does the queue consumer run?"
    return HttpResponse(f"{words}\n", content_type="text/plain")


@login_not_required
def favicon(request: HttpRequest) -> HttpResponseBase:
    return RedirectView.as_view(url=staticfiles_storage.url("img/favicon.svg"))(request)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for a request that is too large, which Django also reports as 400."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


handler400 = not_understood
handler500 = "config.outages.server_error"

urlpatterns = [
    # First, because a tick over HTTP tries every address before its own.
    path("", include("interviews.urls")),
    path("healthz", healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("", include("accounts.urls")),
    path("", include("question_bank.urls")),
]
