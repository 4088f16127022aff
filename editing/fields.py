"""Fields of forms."""

import unicodedata
from typing import Any

from django import forms

from editing.posted import unix_lines

# They turn the text around them, on every page, email and PDF that shows a name.
_TURNING = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
# Spaces without width, which come along with copied text: two topics could then have one name.
_EMPTY = [0x200B, 0x2060, 0xFEFF]
_LEFT_OUT = dict.fromkeys(_TURNING + _EMPTY)
# They join letters of some scripts, also in addresses.
_JOINERS = "\u200c\u200d"


class Line(forms.CharField):
    """One line of text, with something to see in it.

    A browser sends no line break from such a field, but scripts do: in a title it would end an email's subject."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return one_line(text) if isinstance(text, str) else text


class Email(forms.EmailField):
    """An email address, without what cannot be seen in it."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(seen(value) if isinstance(value, str) else value)


class Text(forms.CharField):
    """Text of several lines. A line break counts as one character, as for the browser, although a form sends two."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        return super().to_python(unix_lines(value) if isinstance(value, str) else value)


def one_line(text: str) -> str:
    """The text with single spaces for line breaks and control characters; blank if nothing in it can be seen.

    NUL stays, so that it is refused in words."""
    plain = "".join(
        " " if unicodedata.category(char) == "Cc" and char != "\0" else char for char in text.translate(_LEFT_OUT)
    )
    plain = " ".join(plain.split())
    return plain if any(unicodedata.category(char)[0] not in "CZ" or char == "\0" for char in plain) else ""


def seen(copied: str) -> str:
    """An address or words of a search, without characters that cannot be seen, such as the zero-width spaces that chats
    and word processors put into copied text. With one of them they would be others, and nobody would see why."""
    return "".join(char for char in copied if unicodedata.category(char) != "Cf" or char in _JOINERS).strip()
