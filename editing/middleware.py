"""The cookie by which an accepted form deletes its draft in the browser."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class DraftMiddleware:
    """Tells the browser which draft to delete: that of a form the server accepted.

    The form sends the draft's name; see static/js/forms/drafts.js. A refused form answers 4xx, and a redirect to the
    sign-in page saved nothing, so the draft stays."""

    NAME = re.compile(r"[a-z0-9:~/_-]{1,120}", re.ASCII)
    MAX_AGE = 86_400  # seconds; the next page reads it

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < 400 and request.user.is_authenticated:
            name = request.POST.get("draft", "")
            if self.NAME.fullmatch(name):
                is_secure = settings.SESSION_COOKIE_SECURE
                response.set_cookie("draft_saved", name, max_age=self.MAX_AGE, secure=is_secure, samesite="Lax")
        return response
