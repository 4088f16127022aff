"""Who is asking, and in which time zone they live."""

import zoneinfo
from collections.abc import Callable

from django.contrib.auth import middleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Django's, but a script gets an answer that it can read instead of the sign-in page's HTML."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponseBase:
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"error": "Sign in again."}, status=401)
        response = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401, headers={"HX-Redirect": response.headers["Location"]})
        return response


class PersonMiddleware:
    """Shows times in the person's own zone, and keeps every signed-in page out of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.time_zone:
            with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
                response = self.get_response(request)
        else:
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
