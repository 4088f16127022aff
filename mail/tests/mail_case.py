"""Emails in the outbox, and a mail server that fails, for tests."""

import datetime as dt
import smtplib
import zoneinfo
from dataclasses import dataclass
from unittest import mock

from django.core.mail import EmailMessage
from django.test import TestCase

from mail import outbox
from mail.delivery import deliver

NOW = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
AWAY = ConnectionRefusedError("nobody listens")
REFUSED = smtplib.SMTPRecipientsRefused({"jo@example.org": (550, b"no such user")})


@dataclass
class Person:
    """A recipient. Without a time zone, unless a test gives one."""

    short_name: str = "Jo"
    email: str = "jo@example.org"
    zone: zoneinfo.ZoneInfo | None = None


def failing(error):
    return mock.patch.object(EmailMessage, "send", side_effect=error)


class MailCase(TestCase):
    def store(self, *, at=NOW, to="jo@example.org", **fields):
        """An email that is not sent yet."""
        context = {"by": "Ana Silva", "days": 3, "link": "http://testserver/welcome/x/"}
        return outbox.send(**{"kind": "invitation", "to": to, "at": at, "context": context} | fields)

    def deliver(self, row, *, at=NOW):
        assert row.claim(at=at)
        return deliver(row, at=at)
