"""Text fields of the bank's forms."""

from typing import Any

from django import forms

from editing.fields import Line, Text
from question_bank.models import Change

PROSE_LENGTH = 10_000


class Prose(Text):
    """Text of several lines, in a box of so many rows."""

    def __init__(self, *, rows: int, max_length: int = PROSE_LENGTH, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": rows}), max_length=max_length, **options)


def why_field() -> Line:
    """Why a curator saves it; for the history."""
    return Line(
        label="Why (optional)",
        required=False,
        max_length=Change.WHY_LENGTH,
        widget=forms.TextInput({"placeholder": "What changed, and why"}),
    )
