"""The email outbox: each email is a row first, then the queue's worker sends it and retries on failure.

An unreachable mail server loses nothing and delays no request. The row is deleted once the email is sent. Texts are
templates in `templates/mail`; their first line is the subject."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from mail.models import Mail
from mail.tasks import send_mail

# Backends that print or store email instead of sending it.
_SHOWN_ONLY = {f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased")}


class Recipient(Protocol):
    """A person: their address, and their time zone if they have one."""

    email: str

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None: ...


@dataclass(frozen=True)
class Attachment:
    """A file of text; `content_type` may have parameters: "text/calendar; method=REQUEST"."""

    name: str
    content_type: str
    text: str


def is_sent() -> bool:
    """Whether email leaves this machine; without EMAIL_URL it is only printed."""
    return settings.EMAIL_BACKEND not in _SHOWN_ONLY


def send(
    *,
    kind: str,
    to: Recipient | str,
    at: dt.datetime,
    context: Mapping[str, Any],
    attachments: Iterable[Attachment] = (),
    zone: str = "",
) -> Mail:
    """Store an email; it is sent after the transaction commits.

    It is rendered from `templates/mail/<kind>.txt`, whose first paragraph is the subject. `context` is added
    to `site_url` and, unless `to` is an address, `person`. Times are written in the person's time zone; if they have
    none, in `zone`, the event's. Emails are read on any screen: never put an evaluation in one."""
    person = None if isinstance(to, str) else to
    values = {"site_url": settings.SITE_URL, "person": person, **context}
    with timezone.override((person.zone if person else None) or zone or None):
        subject, _, text = render_to_string(f"{kind}.txt", values, using="mail").lstrip().partition("\n\n")
    mail: Mail = Mail.objects.create(
        kind=kind,
        to=to if isinstance(to, str) else to.email,
        subject=" ".join(subject.split()),
        text=text.strip() + "\n",
        attachments=[asdict(attachment) for attachment in attachments],
        created_at=at,
        try_at=at,
    )
    _queue(mail)
    return mail


def send_again(*, mail: Mail, at: dt.datetime) -> None:
    """Start over with an email that was given up."""
    mail.requeue(at=at)
    _queue(mail)


def _queue(mail: Mail) -> None:
    """Send it after the commit. Robust: if the queue is unreachable, `tasks.send_waiting` finds the row."""
    transaction.on_commit(lambda: send_mail(mail.pk), robust=True)
