"""System checks at the start of each command: our data are private, and emails arrive and lead somewhere."""

import stat
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from host import files


@register(Tags.security)
def privacy(**_: Any) -> list[CheckMessage]:
    """Warn of files that other accounts can read; some file systems have no permissions to change."""
    found: list[CheckMessage] = []
    if loose := files.loose(settings.VAR_DIR):
        words = f"Other accounts on this machine can read {loose[0]}"
        words += f" and {len(loose) - 1} more in VAR_DIR." if len(loose) > 1 else "."
        hint = "Give VAR_DIR to the account that runs this, on a disk that supports file ownership."
        found.append(checks.Warning(words, hint=hint, id="config.W001"))
    dotenv = settings.BASE_DIR / ".env"
    if dotenv.exists() and dotenv.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        words = f"Other accounts on this machine can read {dotenv}, which may hold passwords."
        found.append(checks.Warning(words, hint=f"chmod 600 {dotenv}", id="config.W002"))
    return found


LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}


@register(Tags.security)
def email(**_: Any) -> list[CheckMessage]:
    """Warn of a sender that mail servers refuse, and of links that no reader can open."""
    found: list[CheckMessage] = []
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return found
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if sender.rpartition("@")[2] in LOOPBACK:
        hint = "Set DEFAULT_FROM_EMAIL to an address of your domain: Interview Script <interviews@example.com>"
        found.append(
            checks.Warning(f"Emails come from {sender}, which mail servers refuse.", hint=hint, id="config.W003")
        )
    if urlsplit(settings.SITE_URL).hostname in LOOPBACK:
        words = f"Links in emails lead to {settings.SITE_URL}, which only this machine can open."
        found.append(checks.Warning(words, hint="Set SITE_URL to the address people type.", id="config.W004"))
    return found
