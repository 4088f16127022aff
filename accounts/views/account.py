"""The account page of the signed-in person."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import AccountForm
from accounts.models import User
from accounts.requests import SignedInRequest
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
