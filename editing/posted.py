"""Read texts that forms and URLs send."""


def unix_lines(text: str) -> str:
    """The text with "\\n" as line break: a form sends "\\r\\n" for each."""
    return text.replace("\r\n", "\n")


def whole_number(text: str, *, digits: int = 18) -> int | None:
    """A number from 0 in at most `digits` ASCII digits; None for any other text.

    Eighteen digits fit a database column. `str.isdecimal` alone also accepts digits of other scripts."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None
