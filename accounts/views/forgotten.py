"""Asking for a link to set a new password, without signing in."""

import contextlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import throttling
from accounts.forms import ForgottenForm
from accounts.invitations import DAYS
from accounts.requests import client_address
from accounts.tasks import email_forgotten_link
from mail import outbox


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Email a link to set a password. The answer is the same whether or not the email has an account."""
    form = ForgottenForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "is_mailed": outbox.is_sent(), "days": DAYS}
    status = 200
    if context["is_mailed"] and form.is_valid():
        email = form.cleaned_data["email"]
        own, shared = throttling.link_requests(email=email, address=client_address(request))
        try:
            shared.spend()
        except throttling.TooManyAttempts:
            form.add_error(None, "Too many attempts. Wait 15 minutes, then try again.")
            status = 429
        else:
            # Silently: an answer would tell a stranger who has asked for a link.
            with contextlib.suppress(throttling.TooManyAttempts):
                own.spend()
                email_forgotten_link(email)
            context["sent_to"] = email
    elif context["is_mailed"] and form.is_bound:
        status = 422
    response = render(request, "accounts/password_forgotten.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(throttling.WAIT_SECONDS)
    return response
