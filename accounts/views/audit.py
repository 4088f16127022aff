"""The audit log, for administrators: newest first, paged."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import require_role
from accounts.requests import SignedInRequest
from accounts.roles import Role
from audit.models import AuditEntry
from editing.posted import whole_number

PAGE_SIZE = 50


@require_GET
@require_role(Role.ADMINISTRATOR, "Only administrators can read the audit log.")
def audit_list(request: SignedInRequest) -> HttpResponse:
    """`?before=<key>` starts after that entry, so that new entries do not shift the pages."""
    before = whole_number(request.GET.get("before", ""))
    entries = AuditEntry.objects.newest_first()
    if before is not None:
        entries = entries.filter(pk__lt=before)
    found = list(entries[: PAGE_SIZE + 1])
    context = {
        "entries": found[:PAGE_SIZE],
        "before": found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None,
        "is_first": before is None,
    }
    return render(request, "accounts/audit_list.html", context)
