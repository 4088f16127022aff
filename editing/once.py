"""Creates once what a form creates, however often the browser sends it.

A line can break after the server has saved and before its answer arrives; the browser then offers to send the form
again. Each page that was rendered has its own CSRF token, so two requests with the same fields come from one page."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from editing.models import SentForm

REMEMBERED = dt.timedelta(days=7)
LED_TO_MAX = SentForm._meta.get_field("led_to").max_length or 0  # noqa: SLF001  documented


def once(request: HttpRequest, create: Callable[[], Any]) -> HttpResponse:
    """Redirect to what `create` returns (an object with an address, or an address), which runs in one transaction.

    The same form sent again leads to the same address and creates nothing. Raises what `create` raises; then the form
    may be sent again."""
    now = timezone.now()
    with transaction.atomic():
        if not request.POST.get("csrfmiddlewaretoken"):  # not the form of a page
            return redirect(create())
        row = {"sender": request.user, "at": now}
        # A second request with this digest waits here for the first one.
        sent, is_new = SentForm.objects.get_or_create(digest=_digest_of(request), defaults=row)
        if not is_new:
            return redirect(sent.led_to)
        SentForm.objects.filter(sender=request.user.pk, at__lt=now - REMEMBERED).delete()
        answer = redirect(create())
        address = answer.headers["Location"]
        # An address with a long query does not fit into the column, and PostgreSQL then refuses the row.
        sent.led_to = address if len(address) <= LED_TO_MAX else "/"
        sent.save(update_fields=["led_to"])
    return answer


def _digest_of(request: HttpRequest) -> str:
    said = [request.user.pk, request.path, sorted(request.POST.lists())]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
