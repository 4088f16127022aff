from typing import NamedTuple

from django.http import HttpRequest


class MenuItem(NamedTuple):
    url_name: str
    label: str
    is_current: bool


# Which views light up which entry: the first word of their URL names.
NOUNS = {
    "my-day": {"my"},
    "interview-list": {"interview", "live", "scorecard", "export"},
    "opening-list": {"opening", "candidate"},
    "question-list": {"question"},
    "script-list": {"script"},
    "person-list": {"person"},
}


def menu(request: HttpRequest) -> dict[str, list[MenuItem]]:
    """The menu of the person who asks: each entry only for those who may open it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    entries = [("my-day", "My day")]
    if user.is_interviewer or user.is_hiring_manager:
        entries.append(("interview-list", "Interviews"))
    if user.is_hiring_manager:
        entries.append(("opening-list", "Openings"))
    entries += [("question-list", "Question bank"), ("script-list", "Scripts")]
    if user.is_administrator:
        entries.append(("person-list", "People"))
    match = request.resolver_match
    noun = match.url_name.split("-")[0] if match and match.url_name else ""
    return {"menu": [MenuItem(name, label, noun in NOUNS[name]) for name, label in entries]}
