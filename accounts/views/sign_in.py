"""Signing in and out, and setting a password."""

import contextlib
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash, views
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import people, throttling
from accounts.devices import remember_device
from accounts.forms import PasswordChangeForm, PasswordSetForm, SignInForm
from accounts.models import User
from accounts.requests import SignedInRequest
from audit.models import Act
from mail import outbox

# Session key: the email of the person who just set a password.
SET_FOR = "password_set_for"


class SignIn(views.LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # A script on an open page asks who is signed in; it needs no redirect.
        self.is_json = request.headers.get("Accept", "").startswith("application/json")
        self.redirect_authenticated_user = not self.is_json

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "is_mailed": outbox.is_sent()}

    def get_initial(self) -> dict[str, Any]:
        """Right after setting a password, the person need not type their address."""
        return {**super().get_initial(), "username": self.request.session.pop(SET_FOR, "")}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        user = form.get_user()
        _keep_first_time_zone(user, form.cleaned_data["time_zone"])
        _tell_what_administrators_did(self.request, user)
        if self.is_json:
            response = JsonResponse({"user": user.pk})
        remember_device(self.request, response, user.email)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        status = 429 if form.is_throttled else 422
        if self.is_json:
            response: HttpResponse = JsonResponse(
                {"error": " ".join(word for words in form.errors.values() for word in words)}, status=status
            )
        else:
            response = self.render_to_response(self.get_context_data(form=form), status=status)
        if form.is_throttled:
            response.headers["Retry-After"] = str(throttling.WAIT_SECONDS)
        return response


def _keep_first_time_zone(user: User, name: str) -> None:
    if name and not user.time_zone:
        # The browser may know a zone this machine does not; the person can choose one later.
        with contextlib.suppress(ValidationError):
            user.set_time_zone(name)


def _tell_what_administrators_did(request: HttpRequest, user: User) -> None:
    """Show recent acts of administrators on this account, so that a misused link is noticed."""
    with timezone.override(user.zone):
        for entry in people.recent_acts(user, at=timezone.now()):
            at = timezone.localtime(entry.at)
            messages.warning(
                request,
                f"{entry.actor}, an administrator, {people.TOLD_ABOUT[Act(entry.act)]} on {at.day} {at:%B, %H:%M %Z}. "
                "If you didn’t expect it, tell another administrator.",
            )


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: SignedInRequest) -> HttpResponse:
    form = PasswordChangeForm(request.user, request.POST or None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        messages.success(request, "Password changed. You are signed out everywhere else.")
        return redirect("account")
    response = render(request, "accounts/password_change.html", {"form": form}, status=422 if form.is_bound else 200)
    if form.is_throttled:
        response.status_code = 429
        response.headers["Retry-After"] = str(throttling.WAIT_SECONDS)
    return response


class PasswordSet(views.PasswordResetConfirmView):
    """The page of an invitation link. Django moves the token into the session first, so that the URL leaks nothing."""

    template_name = "accounts/password_set.html"
    form_class = PasswordSetForm
    success_url = reverse_lazy("sign-in")

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if user and user.is_active else None

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if not context.get("validlink", self.validlink):
            kwargs.setdefault("status", 410)
        return super().render_to_response({**context, "is_mailed": outbox.is_sent()}, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Password set. You can sign in now.")
        response: HttpResponse = super().form_valid(form)
        self.request.session[SET_FOR] = form.user.email
        # Marks this browser before the first sign-in, so that strangers' guesses cannot lock the person out.
        remember_device(self.request, response, form.user.email)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
