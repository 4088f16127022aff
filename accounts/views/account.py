"""The account page of the signed-in person."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import AccountForm
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.time_zones import place_of
from audit.models import AuditEntry
from editing.views import lock_for_edit, say_saved

ACTS_MAX = 20


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    with transaction.atomic():
        person = lock_for_edit(request, User.objects.filter(pk=request.user.pk))
        form = AccountForm(request.POST or None, instance=person, by=request.user)
        if form.is_valid():
            form.save()
            say_saved(request, form)
            return redirect("account")
    acts = AuditEntry.objects.by_others_about(request.user)[:ACTS_MAX]
    return render(request, "accounts/account.html", {"form": form, "acts": acts}, status=form.status)


@require_POST
def account_zone(request: SignedInRequest) -> HttpResponse:
    """Take the zone of the browser, for someone who travels, and go back to the page that offered it."""
    try:
        request.user.set_time_zone(request.POST.get("time_zone", ""))
    except ValidationError:
        messages.error(request, "This time zone isn’t known here. Choose one in your account.")
    else:
        messages.success(request, f"Times are now in {place_of(request.user.time_zone)} time.")
    page = request.POST.get("next", "")
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return HttpResponseRedirect(page if is_ours else reverse("account"))
