"""Refuses texts for the bank that name a candidate. The bank knows no candidates: interviews register a finder."""

from collections.abc import Callable

from accounts.models import User

# Takes the text, its writer, and the path of the page that they came from.
Finder = Callable[[str, User, str], list[str]]
_finders: list[Finder] = []


def find_names_by(finder: Finder) -> Finder:
    """Registers a function that returns the names of candidates in a text, as far as its writer may know them."""
    _finders.append(finder)
    return finder


def reason_against(text: str, *, writer: User, page: str) -> str:
    """Why this text cannot go to the curators, as a sentence; "" if it names nobody."""
    return naming([name for finder in _finders for name in finder(text, writer, page)])


def naming(names: list[str]) -> str:
    """ "This names the candidate: Ada. Leave the name out." """
    return f"This names the candidate: {' '.join(names)}. Leave the name out." if names else ""
