"""The link by which somebody without a password sets one: it works once, and not for long."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts import mail
from accounts.models import User

DAYS = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)


def invitation_link(person: User) -> str:
    """An absolute address. Using it, signing in, or DAYS days make it worthless."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("password-set", args=[uid, default_token_generator.make_token(person)])
    return f"{settings.SITE_URL}{path}"


def mail_invitation(person: User, *, by: User, at: dt.datetime) -> bool:
    """Have the link mailed; False where mail is not set up, so that it has to be passed on by hand."""
    if not mail.is_sent():
        return False
    context = {"by": by, "days": DAYS, "link": invitation_link(person)}
    mail.send(kind="invitation", to=person, at=at, context=context)
    return True
