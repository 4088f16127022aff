"""What views that save an edit form share."""

from typing import Any, Protocol, TypeVar

from django.contrib import messages
from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

M = TypeVar("M", bound=models.Model)


class Overtaken(Protocol):
    """A form that may have been merged with what was saved meanwhile."""

    taken: list[str]


def lock_for_edit(request: HttpRequest, rows: models.QuerySet[M], **lookup: Any) -> M:
    """The one row, or 404; when something is posted, locked to the end of the transaction.

    Two saves at the same moment come one after the other then, and the second is compared with the first.
    """
    if request.method == "POST":
        # Rows that point at it may be written meanwhile.
        rows = rows.select_for_update(of=("self",), no_key=True)
    return get_object_or_404(rows, **lookup)


def say_saved(request: HttpRequest, edit: Overtaken, words: str = "Saved.") -> None:
    """Say that it is saved, and what somebody else has changed in it meanwhile."""
    if edit.taken:
        words += f" Someone else changed this meanwhile, and both changes are saved: {', '.join(edit.taken)}."
    messages.success(request, words)
