"""Sends emails of the outbox to the mail server, in the queue's worker; failures are retried, then given up."""

import datetime as dt
import logging
from email.utils import formatdate
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from mail.models import Mail

logger = logging.getLogger(__name__)

# Long enough for a mail server that is down over a weekend.
GIVEN_UP_AFTER = dt.timedelta(days=3)
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(minutes=1), dt.timedelta(hours=1)
_PERMANENT = range(500, 600)  # RFC 5321: permanent failure, retrying is pointless


def pause_after(attempts: int) -> dt.timedelta:
    """How long to wait after so many failed attempts: twice as long each time, at most an hour."""
    pause: dt.timedelta = FIRST_PAUSE * 2 ** min(attempts - 1, 10)
    return min(pause, LONGEST_PAUSE)


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
        _try_again(mail, "The email server rejected the user name and password.", at)
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
        # Named in the settings, because administrators are people, and rooms of people are above this one.
        import_string(settings.EMAIL_GIVEN_UP)(mail, at=at)
        return
    logger.warning("Email %s (%s) waits: %s", mail.pk, mail.kind, failure)
    mail.wait(until=at + pause_after(mail.attempts), failure=failure)


def _message(mail: Mail) -> EmailMessage:
    # Stable id and date: if an email is sent twice, mail programs show it once.
    headers = {"Message-ID": f"<{mail.message_id}@interview-script>", "Auto-Submitted": "auto-generated"}
    headers["Date"] = formatdate(mail.created_at.timestamp())
    message = EmailMessage(mail.subject, mail.text, to=[mail.to], headers=headers)
    for attachment in mail.attachments:
        message.attach(attachment["name"], attachment["text"], attachment["content_type"])
    return message
