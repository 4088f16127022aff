"""Whether a text names a candidate: what reaches the bank must not."""

import re

from finding.searching import fold

SHORTEST = 3  # letters: shorter words of a name are in too many texts


def named_in(text: str, name: str) -> list[str]:
    """The words of a candidate's name that are in the text, without regard to case and accents."""
    there = _words(text)
    return [word for word in re.findall(r"\w+", name) if fold(word) in there and len(word) >= SHORTEST]


def is_whole_name_in(text: str, name: str) -> bool:
    """Whether the text has a name of two words or more, whole."""
    words = _words(name)
    return len(words) > 1 and words <= _words(text)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", fold(text)) if len(word) >= SHORTEST}
