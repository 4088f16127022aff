"""Filters for the PDF, for things its layout engine cannot do or does slowly."""

import re
import unicodedata

from django import template

from host.fonts import in_words

register = template.Library()

# A word that fills two lines is laid out again for each line that it takes: 100 000 letters without a space would
# take minutes. No address that someone would copy is this long.
UNBROKEN_MAX = 200
_UNBROKEN = re.compile(rf"\S{{{UNBROKEN_MAX},}}")
# Every character at which the layout engine breaks a line.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Without a glyph, so they would print as boxes. Tab and line feed stay.
_UNPRINTABLE = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_MANY_LINES = re.compile(r"\n(?:[ \t]*\n){3,}")
_ZERO_WIDTH_SPACE = "\u200b"
_JOINER = "\u200d"


@register.filter
def direction(text: str) -> str:
    """ "rtl" where the first letter that has a direction runs from right to left, else "ltr"."""
    for char in text[:1000]:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


@register.filter
def breakable(text: str) -> str:
    """The text in `few_lines`, with places to break put into words longer than UNBROKEN_MAX."""
    return _UNBROKEN.sub(lambda word: _ZERO_WIDTH_SPACE.join(_pieces(word[0])), few_lines(text))


register.filter("in_words", in_words)


def few_lines(text: str) -> str:
    """The text with ordinary line ends, at most two empty lines together, and no control characters."""
    return _MANY_LINES.sub("\n\n\n", _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text)))


def _pieces(word: str) -> list[str]:
    """About 50 letters each, without splitting characters that form one glyph."""
    pieces, start = [], 0
    for place in range(1, len(word)):
        if place - start >= 50 and not _is_joined(word[place - 1], word[place]):
            pieces.append(word[start:place])
            start = place
    return [*pieces, word[start:]]


def _is_joined(before: str, char: str) -> bool:
    is_flag = "\U0001f1e6" <= char <= "\U0001f1ff"
    is_tone = "\U0001f3fb" <= char <= "\U0001f3ff"
    return _JOINER in (before, char) or is_flag or is_tone or unicodedata.category(char).startswith("M")
