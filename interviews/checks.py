"""System checks of what no constraint can hold."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import WARNING, CheckMessage, Tags, register
from django.db import DatabaseError

from interviews.models import Opening


@register(Tags.database)
def openings_have_managers(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Warn of openings without an active hiring manager. Only a shell or SQL can cause that, no screen can."""
    if not databases:
        return []
    try:
        count = Opening.objects.without_manager().count()
    except DatabaseError:  # the migrations have not run yet
        return []
    words = f"{count} opening{'' if count == 1 else 's'} without an active hiring manager."
    hint = "An administrator can name one under People, Openings and managers."
    return [CheckMessage(WARNING, words, hint=hint, id="interviews.W001")] if count else []
