"""The email outbox: each email is a row first, then the queue's worker sends it and retries on failure.

An unreachable mail server loses nothing and delays no request. The row is deleted once the email is sent. Texts are
templates in `templates/mail`; their first line is the subject."""

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from email.utils import formatdate
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Mail, User
from accounts.roles import Role
from accounts.time_zones import zone_or_none

logger = logging.getLogger(__name__)

# Backends that print or store email instead of sending it.
_SHOWN_ONLY = {f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased")}

# Long enough for a mail server that is down over a weekend.
GIVEN_UP_AFTER = dt.timedelta(days=3)
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(minutes=1), dt.timedelta(hours=1)
# Administrators get at most one email per kind of fault in this time.
TOLD_AGAIN_AFTER = dt.timedelta(hours=1)
_PERMANENT = range(500, 600)  # RFC 5321: permanent failure, retrying is pointless


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
    to: User | str,
    at: dt.datetime,
    context: Mapping[str, Any],
    attachments: Iterable[Attachment] = (),
    zone: str = "",
) -> Mail:
    """Store an email rendered from `templates/mail/<kind>.txt`; it is sent after the transaction commits.

    `context` is added to `site_url` and, if `to` is a user, `person`. Times are written in the person's time zone; if
    they have none, in `zone`, the event's. Emails are read on any screen: never put an evaluation in one."""
    person = to if isinstance(to, User) else None
    values = {"site_url": settings.SITE_URL, "person": person, **context}
    with timezone.override(zone_or_none(person.time_zone if person else "") or zone_or_none(zone)):
        subject, _, text = render_to_string(f"{kind}.txt", values, using="mail").lstrip().partition("\n")
    mail: Mail = Mail.objects.create(
        kind=kind,
        to=to.email if isinstance(to, User) else to,
        subject=" ".join(subject.split()),
        text=text.strip() + "\n",
        attachments=[asdict(attachment) for attachment in attachments],
        created_at=at,
        try_at=at,
    )
    # robust: if the queue is unreachable, `send_waiting` finds the row.
    transaction.on_commit(lambda: _queue(mail.pk), robust=True)
    return mail


def send_again(*, mail: Mail, at: dt.datetime) -> None:
    """Start over with an email that was given up."""
    mail.requeue(at=at)
    transaction.on_commit(lambda: _queue(mail.pk), robust=True)


def tell_administrators(*, kind: str, at: dt.datetime, context: Mapping[str, Any]) -> None:
    """Email every administrator about a fault, at most once per kind in TOLD_AGAIN_AFTER; the log has all of them."""
    if caches["counts"].add(f"told:{kind}", at.isoformat(), TOLD_AGAIN_AFTER.total_seconds()):
        for administrator in User.objects.with_role(Role.ADMINISTRATOR):
            send(kind=kind, to=administrator, at=at, context=context)


def deliver(mail: Mail, *, at: dt.datetime) -> bool:
    """Send a claimed email. Returns False if the mail server is unreachable.

    Temporary failures are retried with growing pauses for GIVEN_UP_AFTER; permanent ones are given up at once."""
    try:
        _message(mail).send()
    except SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        _try_again(mail, "The email server rejects this address.", at, all(c in _PERMANENT for c in codes))
    except SMTPDataError as refused:
        _try_again(mail, "The email server rejected this email.", at, refused.smtp_code in _PERMANENT)
    except SMTPAuthenticationError:
        _try_again(mail, "The email server rejected our user name and password.", at)
        return False
    except (SMTPException, OSError):
        _try_again(mail, "The email server can’t be reached.", at)
        return False
    except Exception:  # noqa: BLE001  logged and reported below
        # Our fault: retrying would fail the same way.
        _try_again(mail, "Something went wrong here. The error was logged.", at, is_over=True)
    else:
        mail.delete()
    return True


def _try_again(mail: Mail, failure: str, at: dt.datetime, is_over: bool = False) -> None:
    if is_over or at - mail.created_at >= GIVEN_UP_AFTER:
        logger.exception("Gave up on email %s (%s).", mail.pk, mail.kind)
        mail.give_up(at=at, failure=failure)
        if mail.kind != "mail_given_up":  # or it would report itself
            tell_administrators(kind="mail_given_up", at=at, context={"mail": mail})
        return
    logger.warning("Email %s (%s) waits: %s", mail.pk, mail.kind, failure)
    pause = min(FIRST_PAUSE * 2 ** min(mail.attempts - 1, 10), LONGEST_PAUSE)
    mail.wait(until=at + pause, failure=failure)


def _message(mail: Mail) -> EmailMessage:
    # Stable id and date: if an email is sent twice, mail programs show it once.
    headers = {"Message-ID": f"<{mail.message_id}@interview-script>", "Auto-Submitted": "auto-generated"}
    headers["Date"] = formatdate(mail.created_at.timestamp())
    message = EmailMessage(mail.subject, mail.text, to=[mail.to], headers=headers)
    for attachment in mail.attachments:
        message.attach(attachment["name"], attachment["text"], attachment["content_type"])
    return message


def _queue(pk: int) -> None:
    from accounts.tasks import send_mail  # circular import

    send_mail(pk)
