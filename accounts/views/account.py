"""One's own account."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import AccountForm
from accounts.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("account")
    # A refused form has written its values into request.user, whom the site bar shows.
    if form.is_bound:
        request.user.refresh_from_db()
    return render(request, "accounts/account.html", {"form": form}, status=422 if form.is_bound else 200)
