"""Check that both databases can store a value exactly as it was sent."""

import math
from typing import Any

from interviews.refusals import Invalid, TooLarge

LARGEST_ID = 2**63 - 1
DEEPEST = 10


def text(value: Any, *, name: str, limit: int) -> str:
    """`value` as text of at most `limit` characters, unchanged. Raises Invalid for anything but text, TooLarge."""
    if not isinstance(value, str):
        raise Invalid(f"The {name} is text.")
    if len(value) > limit:
        raise TooLarge(
            f"The {name} has {len(value):,} characters; the limit is {limit:,}. Copy it to a safe place and shorten it."
        )
    return value


def require_storable(value: Any, *, deep: int = 0) -> None:
    """Raises Invalid for JSON that a database would refuse or change: NUL, a lone surrogate, infinity or NaN, and
    nesting deeper than DEEPEST."""
    if deep > DEEPEST:
        raise Invalid("This is nested too deeply.")
    if isinstance(value, float) and not math.isfinite(value):
        raise Invalid("This is not a finite number.")
    if isinstance(value, str):
        if "\x00" in value:
            raise Invalid("The text contains a NUL character, which can’t be saved. Remove it and try again.")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Invalid("The text contains half a character (a lone surrogate), which can’t be saved.") from None
    elif isinstance(value, dict):
        for key, item in value.items():
            require_storable(key)
            require_storable(item, deep=deep + 1)
    elif isinstance(value, list):
        for item in value:
            require_storable(item, deep=deep + 1)
