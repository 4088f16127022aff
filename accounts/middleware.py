"""Session, sign-in and time zone of each request."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import middleware, views
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme


class SessionMiddleware(sessions.SessionMiddleware):
    """Django's, but deletes the cookie only on sign-out.

    A late answer from the old session must not end the new one: pages keep sending while the person signs in."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = request.session
        if session.modified or not session.is_empty():
            return super().process_response(request, response)
        if session.accessed:
            patch_vary_headers(response, ["Cookie"])
        return response


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Django's, but scripts get JSON, and `next` is always a page that can be opened.

    After signing in, the person returns to the page in the address bar. For a form or fragment, that is not the
    requested URL.
    """

    def handle_no_permission(  # type: ignore[override]  # Django types redirects only
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
    """The path of a URL of this site; the start page for any other."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


class PersonMiddleware:
    """Activates the person's time zone, and forbids caching: pages are personal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # None is the default zone.
        with timezone.override(request.user.zone if request.user.is_authenticated else None):
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
