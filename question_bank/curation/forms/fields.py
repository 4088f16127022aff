"""Kinds of text that the forms of the bank take."""

from typing import Any

from django import forms

from editing.posted import unix_lines

PROSE_LENGTH = 10_000


class Prose(forms.CharField):
    """Text of several lines, with the line breaks of a text rather than those of a form."""

    def __init__(self, *, rows: int, max_length: int = PROSE_LENGTH, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": rows}), max_length=max_length, **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(unix_lines(value) if isinstance(value, str) else value)


class Line(forms.CharField):
    """Text of one line, in a field that grows with it."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(" ".join(value.split()) if isinstance(value, str) else value)


class HttpsField(forms.URLField):
    """An address; one without a scheme is taken for https."""

    def __init__(self, **options: Any) -> None:
        super().__init__(assume_scheme="https", **options)
