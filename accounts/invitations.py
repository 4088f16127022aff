"""The link by which somebody without a password sets one: it works once, and not for long."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User

logger = logging.getLogger(__name__)

# Backends that show mail instead of sending it.
_SHOWN_ONLY = {f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased")}

DAYS = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)


def invitation_link(person: User) -> str:
    """An absolute address. Using it, signing in, or DAYS days make it worthless."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("password-set", args=[uid, default_token_generator.make_token(person)])
    return f"{settings.SITE_URL}{path}"


def mail_invitation(person: User, *, by: User) -> bool:
    """Mail the link if mail is set up; say whether it has left. A mail server's trouble stops nothing."""
    if settings.EMAIL_BACKEND in _SHOWN_ONLY:
        return False
    text = (
        f"Hello {person.short_name},\n\n"
        f"{by} has invited you to Interview Script.\n"
        f"Set your password here, within {DAYS} days:\n\n{invitation_link(person)}\n"
    )
    try:
        send_mail("Your invitation to Interview Script", text, None, [person.email])
    except (SMTPException, OSError):
        logger.exception("The invitation of person %s could not be mailed.", person.pk)
        return False
    return True
