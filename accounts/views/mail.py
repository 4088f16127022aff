"""Undelivered emails, for administrators: reason, send again, discard."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require_role
from accounts.requests import SignedInRequest
from accounts.roles import Role
from audit.models import Act, AuditEntry
from mail import outbox
from mail.models import Mail

ROWS_MAX = 200
administrators_only = require_role(Role.ADMINISTRATOR, "Only administrators can manage email.")


@require_GET
@administrators_only
def mail_list(request: SignedInRequest) -> HttpResponse:
    return render(request, "accounts/mail_list.html", {"mails": Mail.objects.given_up()[:ROWS_MAX]})


@require_POST
@administrators_only
def mail_again(request: SignedInRequest, pk: int) -> HttpResponse:
    with transaction.atomic():
        found = _locked(pk)
        _record(request, Act.MAIL_RETRIED, found)
        outbox.send_again(mail=found, at=timezone.now())
    messages.success(request, f"Email to {found.to} is queued again.")
    return redirect("email-list")


@require_POST
@administrators_only
def mail_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    with transaction.atomic():
        found = _locked(pk)
        _record(request, Act.MAIL_DELETED, found)
        found.delete()
    messages.success(request, f"Email to {found.to} discarded.")
    return redirect("email-list")


def _locked(pk: int) -> Mail:
    """The undelivered email, or 404. Locked: another administrator may be sending or discarding it."""
    return get_object_or_404(Mail.objects.given_up().select_for_update(), pk=pk)


def _record(request: SignedInRequest, act: Act, found: Mail) -> None:
    AuditEntry.objects.record(act, at=timezone.now(), by=request.user, about=found.about, to=found.to)
