"""System checks at the start of each command: other accounts of the machine cannot read our data."""

import stat
from typing import Any

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
