"""The menu on top of every page. Here, above all rooms, because it names pages of each."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.http import HttpRequest

from accounts.models import User


class MenuItem(NamedTuple):
    url_name: str
    label: str
    is_current: bool


# A URL name, or else its first word, decides which menu entry is current.
NOUNS = {
    "my-day": {"my", "notice", "feed"},
    "interview-list": {"interview", "live", "scorecard", "export", "debrief", "decision", "own"},
    "candidate-list": {"candidate", "loop"},
    "opening-list": {"opening"},
    "question-list": {"question", "topic", "suggestion", "typed", "review"},
    "script-list": {"script"},
    "person-list": {"person", "mail", "email", "audit", "opening-managers"},
}


def menu(request: HttpRequest) -> dict[str, Callable[[], list[MenuItem]]]:
    """The user's menu. A callable, so that fragments without a menu skip the query for roles."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    match = request.resolver_match
    return {"menu": partial(_items, user, _current(match.url_name if match else None))}


def _current(url_name: str | None) -> str:
    """The menu entry that a page is below; "" for none."""
    for word in (url_name, (url_name or "").split("-")[0]):
        for entry, names in NOUNS.items():
            if word in names:
                return entry
    return ""


def _items(user: User, current: str) -> list[MenuItem]:
    """The entries this user may open."""
    entries = [("my-day", "My day")]
    if user.is_interviewer or user.is_hiring_manager:
        entries += [("interview-list", "Interviews"), ("candidate-list", "Candidates")]
    if user.is_hiring_manager:
        entries.append(("opening-list", "Openings"))
    entries += [("question-list", "Question bank"), ("script-list", "Scripts")]
    if user.is_administrator:
        entries.append(("person-list", "People"))
    return [MenuItem(name, label, name == current) for name, label in entries]
