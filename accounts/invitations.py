"""One-time links that let a person set a password.

The link is emailed to the person and shown to nobody. On a machine without email, the administrator sees it once, to
hand over. This is recorded, and the person sees a notice at sign-in (`people.recent_acts`)."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts import people
from accounts.models import User
from accounts.pasted_addresses import Pasted
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


@dataclass(frozen=True)
class Invited:
    """Each new person with their link, which is None if it was emailed, and people who had an account."""

    links: list[tuple[User, str | None]]
    skipped: list[User]


@transaction.atomic
def invite_many(pasted: Iterable[Pasted], *, roles: Collection[str], by: User, at: dt.datetime) -> Invited:
    """Invite everyone with the same roles, in one transaction."""
    invited = Invited([], [])
    for one in pasted:
        known = User.objects.filter(email__iexact=one.email).first()
        if known is not None:
            invited.skipped.append(known)
            continue
        person = people.invite(name=one.name, email=one.email, roles=roles, by=by, at=at)
        invited.links.append((person, issue_link(person, by=by, at=at)))
    return invited


@transaction.atomic
def send_forgotten_link(email: str, *, at: dt.datetime) -> None:
    """Email a link to the person with this email, if they may sign in.

    The old password works until a new one is set: anyone can ask for a link in someone else's name."""
    person = User.objects.active().filter(email__iexact=email).first()
    if person is None:
        return
    # Nobody knows who asked.
    AuditEntry.objects.record(Act.LINK_ASKED_FOR, at=at, person=person)
    context = {"days": DAYS, "link": invitation_link(person), "is_new": not person.has_usable_password()}
    outbox.send(kind="password_forgotten", to=person, at=at, context=context)


def invitation_link(person: User) -> str:
    """An absolute URL. It expires after use, at the next sign-in, or after DAYS days."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("password-set", args=[uid, default_token_generator.make_token(person)])
    return f"{settings.SITE_URL}{path}"
