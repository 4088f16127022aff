"""Text fields of the bank's forms."""

from typing import Any

from django import forms

from editing.posted import unix_lines

PROSE_LENGTH = 10_000


class Prose(forms.CharField):
    """Text of several lines, with LF line breaks."""

    def __init__(self, *, rows: int, max_length: int = PROSE_LENGTH, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": rows}), max_length=max_length, **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(unix_lines(value) if isinstance(value, str) else value)
