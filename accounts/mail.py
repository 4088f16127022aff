"""Every mail of the product: kept as a row first, then sent by the queue's worker, and tried again until it has left.

A mail server that is away loses nothing and holds nobody up. The row goes when the mail has left: what it said is in
somebody's inbox then. Texts are templates in `templates/mail`, the first line is the subject."""

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

logger = logging.getLogger(__name__)

# Backends that show mail instead of sending it.
_SHOWN_ONLY = {f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased")}

# A mail server that is away for a weekend.
GIVEN_UP_AFTER = dt.timedelta(days=3)
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(minutes=1), dt.timedelta(hours=1)
# Of one kind of fault administrators hear this often, however often it happens.
TOLD_AGAIN_AFTER = dt.timedelta(hours=1)
_PERMANENT = range(500, 600)  # RFC 5321: the server will not take it however often it is asked


@dataclass(frozen=True)
class Attachment:
    """A file of text; `content_type` may have parameters: "text/calendar; method=REQUEST"."""

    name: str
    content_type: str
    text: str


def is_sent() -> bool:
    """Whether mail leaves this machine at all; set up without a mail server it is only printed."""
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
    """Keep a mail made from `templates/mail/<kind>.txt`; it leaves once the transaction is committed.

    `context` is added to `site_url` and, for one of ours, `person`, in whose time zone times are written; in `zone`,
    that of the event, for somebody who has never signed in and has none. It may be
    read on any screen: no evaluation belongs in it."""
    person = to if isinstance(to, User) else None
    values = {"site_url": settings.SITE_URL, "person": person, **context}
    with timezone.override((person and person.time_zone) or zone or None):
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
    # A queue that is out of reach fails nothing: the row stands, and the sweep finds it.
    transaction.on_commit(lambda: _queue(mail.pk), robust=True)
    return mail


def send_again(*, mail: Mail, at: dt.datetime) -> None:
    """One that was given up begins from the start."""
    mail.try_anew(at=at)
    transaction.on_commit(lambda: _queue(mail.pk), robust=True)


def tell_administrators(*, kind: str, at: dt.datetime, context: Mapping[str, Any]) -> None:
    """The same to every administrator, about trouble: of one kind once in TOLD_AGAIN_AFTER, the log has the others."""
    if caches["counts"].add(f"told:{kind}", at.isoformat(), TOLD_AGAIN_AFTER.total_seconds()):
        for administrator in User.objects.with_role(Role.ADMINISTRATOR):
            send(kind=kind, to=administrator, at=at, context=context)


def deliver(mail: Mail, *, at: dt.datetime) -> bool:
    """Send one that was taken up; False where the mail server cannot be reached at all.

    What may pass by itself is tried again, ever more seldom, for GIVEN_UP_AFTER; what may not is given up at once."""
    try:
        _message(mail).send()
    except SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        _try_again(
            mail, "The mail server does not take mail for this address.", at, all(c in _PERMANENT for c in codes)
        )
    except SMTPDataError as refused:
        _try_again(mail, "The mail server refuses this mail.", at, refused.smtp_code in _PERMANENT)
    except SMTPAuthenticationError:
        _try_again(mail, "The mail server does not accept our user name and password.", at)
        return False
    except (SMTPException, OSError):
        _try_again(mail, "The mail server cannot be reached.", at)
        return False
    except Exception:  # noqa: BLE001  whatever it is, it is logged and told
        # Ours: the same mail would fail the same way.
        _try_again(mail, "It could not be made because of a fault of ours, which is in the log.", at, is_over=True)
    else:
        mail.delete()
    return True


def _try_again(mail: Mail, failure: str, at: dt.datetime, is_over: bool = False) -> None:
    if is_over or at - mail.created_at >= GIVEN_UP_AFTER:
        logger.exception("Mail %s (%s) is given up.", mail.pk, mail.kind)
        mail.give_up(at=at, failure=failure)
        if mail.kind != "mail_given_up":  # or it would tell about itself
            tell_administrators(kind="mail_given_up", at=at, context={"mail": mail})
        return
    logger.warning("Mail %s (%s) waits: %s", mail.pk, mail.kind, failure)
    pause = min(FIRST_PAUSE * 2 ** min(mail.attempts - 1, 10), LONGEST_PAUSE)
    mail.wait(until=at + pause, failure=failure)


def _message(mail: Mail) -> EmailMessage:
    # The same number and date each time: should it leave twice, mail programs show it once.
    headers = {"Message-ID": f"<{mail.message_id}@interview-script>", "Auto-Submitted": "auto-generated"}
    headers["Date"] = formatdate(mail.created_at.timestamp())
    message = EmailMessage(mail.subject, mail.text, to=[mail.to], headers=headers)
    for attachment in mail.attachments:
        message.attach(attachment["name"], attachment["text"], attachment["content_type"])
    return message


def _queue(pk: int) -> None:
    from accounts.tasks import send_mail  # the two modules name each other

    send_mail(pk)
