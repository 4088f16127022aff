"""Who is asking, and in which time zone they live."""

import re
import zoneinfo
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import middleware, views
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme


class SessionMiddleware(sessions.SessionMiddleware):
    """Django's, but only who signs out loses the cookie: that a session is gone is no reason to.

    A page asks and sends while its person signs in again. What was asked under the old session may be answered after
    the new one has begun; to delete the cookie then would sign the person out again."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = request.session
        if session.modified or not session.is_empty():
            return super().process_response(request, response)
        if session.accessed:
            patch_vary_headers(response, ["Cookie"])
        return response


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Django's, but a script gets an answer that it can read, and nobody is sent back to what cannot be opened.

    After signing in, the person comes back to the page that they see in the address bar: for a form or a
    fragment that is not the address asked for.
    """

    def handle_no_permission(  # type: ignore[override]  # Django's type knows of redirects only
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"error": "Sign in again."}, status=401)
        is_htmx = request.headers.get("HX-Request") == "true"
        if request.method in ("GET", "HEAD") and not is_htmx:
            return super().handle_no_permission(request, view_func)
        seen = request.headers.get("HX-Current-URL", "") if is_htmx else request.headers.get("Referer", "")
        sign_in = self.get_login_url(view_func)
        response = views.redirect_to_login(_path_of(seen, request), sign_in)
        if is_htmx:
            return HttpResponse(status=401, headers={"HX-Redirect": response.headers["Location"]})
        return response


def _path_of(address: str, request: HttpRequest) -> str:
    """The path of an address of ours; the start page for any other."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


class DraftMiddleware:
    """Tells the browser which draft has done its work: a form that was saved answers with a redirect.

    The name comes from the form and goes back as it came; see static/js/forms/drafts.js. Sent to the sign-in, a person
    has saved nothing, so the draft stays."""

    NAME = re.compile(r"[a-z0-9:~/_-]{1,120}", re.ASCII)
    KEPT = 86_400  # seconds; the next page reads it

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code in (302, 303) and request.user.is_authenticated:
            name = request.POST.get("draft", "")
            if self.NAME.fullmatch(name):
                is_secure = settings.SESSION_COOKIE_SECURE
                response.set_cookie("draft_saved", name, max_age=self.KEPT, secure=is_secure, samesite="Lax")
        return response


class PersonMiddleware:
    """Shows times in the person's own zone, and keeps every page out of caches: it may be somebody's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone_of(request)):
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo | None:
    """None, for the zone of the settings, where the person has none or this machine does not know it."""
    name = request.user.time_zone if request.user.is_authenticated else ""
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except zoneinfo.ZoneInfoNotFoundError:
        return None
