"""One-time links that let a person set a password.

The link is emailed to the person and shown to nobody. On a machine without email, the administrator sees it once, to
hand over. This is recorded, and the person sees a notice at sign-in (`people.recent_acts`)."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts import people
from accounts.models import User
from audit.models import Act, AuditEntry
from mail import outbox

DAYS = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)


@transaction.atomic
def issue_link(person: User, *, by: User, at: dt.datetime) -> str | None:
    """Create a link and invalidate the old password, sessions and earlier links.

    Returns None if the link was emailed, else the link, to be shown once."""
    is_new = not person.has_usable_password()
    people.withdraw_password(person=person)
    is_mailed = outbox.is_sent()
    act = Act.LINK_MAILED if is_mailed else Act.LINK_HANDED_OVER
    AuditEntry.objects.record(act, at=at, by=by, person=person)
    link = invitation_link(person)
    if not is_mailed:
        return link
    context = {"by": by, "days": DAYS, "link": link}
    outbox.send(kind="invitation" if is_new else "password_link", to=person, at=at, context=context)
    return None


def invitation_link(person: User) -> str:
    """An absolute URL. It expires after use, at the next sign-in, or after DAYS days."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("password-set", args=[uid, default_token_generator.make_token(person)])
    return f"{settings.SITE_URL}{path}"
