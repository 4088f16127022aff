"""Emails to administrators about faults."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.cache import caches

from accounts.models import User
from accounts.roles import Role
from mail import outbox
from mail.models import Mail

# Administrators get at most one email per kind of fault in this time.
TOLD_AGAIN_AFTER = dt.timedelta(hours=1)


def tell_administrators(*, kind: str, at: dt.datetime, context: Mapping[str, Any]) -> None:
    """Email every administrator about a fault, at most once per kind in TOLD_AGAIN_AFTER; the log has all of them."""
    if caches["counts"].add(f"told:{kind}", at.isoformat(), TOLD_AGAIN_AFTER.total_seconds()):
        for administrator in User.objects.with_role(Role.ADMINISTRATOR):
            outbox.send(kind=kind, to=administrator, at=at, context=context)


def email_given_up(mail: Mail, *, at: dt.datetime) -> None:
    """Tell administrators about an email that could not be sent (settings.EMAIL_GIVEN_UP)."""
    if mail.kind != "mail_given_up":  # or it would report itself
        tell_administrators(kind="mail_given_up", at=at, context={"mail": mail})
