"""Shared by views that save an edit form."""

from typing import Any, Protocol, TypeVar

from django.contrib import messages
from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

M = TypeVar("M", bound=models.Model)


class MergedEdit(Protocol):
    """A form that may have been merged with a newer row."""

    taken: list[str]


def lock_for_edit(request: HttpRequest, rows: models.QuerySet[M], **lookup: Any) -> M:
    """The row, or 404. On POST it is locked until the end of the transaction, so the second of two concurrent saves is
    compared with the first.
    """
    if request.method == "POST":
        # no_key: rows that reference it may be written meanwhile.
        rows = rows.select_for_update(of=("self",), no_key=True)
    return get_object_or_404(rows, **lookup)


def say_saved(request: HttpRequest, edit: MergedEdit, words: str = "Saved.") -> None:
    """Add messages: saved, and what another person changed meanwhile."""
    if edit.taken:
        words += f" Other changes were saved in the meantime, and yours were merged with them: {', '.join(edit.taken)}."
    messages.success(request, words)
