"""Search everything: what a reader may see, by kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from finding.lists import QUERY_MAX
from interviews.models import Candidate, Interview, Opening
from question_bank.models import Question, Script

# Of each kind; its own list shows the others.
HITS_MAX = 5


class Hit(NamedTuple):
    """A row that was found, with a line of what it is. `interview`: it is one, and the line begins with its time."""

    label: str
    about: str
    address: str
    interview: Interview | None = None


@dataclass(frozen=True)
class Kind:
    """The hits of one kind; `more` is the address of the list that has the others, or ""."""

    label: str
    hits: list[Hit]
    more: str


def search(*, reader: User, words: str) -> list[Kind]:
    """What `reader` may see with all these words, by kind; nothing for a blank search. One query for each kind."""
    words = words.strip()[:QUERY_MAX]
    if not words:
        return []
    query = f"?{urlencode({'q': words})}"
    return [
        Kind(label, hits[:HITS_MAX], f"{reverse(url_name)}{query}" if len(hits) > HITS_MAX else "")
        for label, url_name, found in _kinds(reader, words)
        if (hits := list(found))
    ]


def _kinds(reader: User, words: str) -> Iterator[tuple[str, str, Iterator[Hit]]]:
    most = slice(HITS_MAX + 1)
    if reader.is_interviewer or reader.is_hiring_manager:
        candidates = Candidate.objects.visible_to(reader).about(words).select_related("opening").order_by("-pk")
        yield (
            "Candidates",
            "candidate-list",
            (Hit(str(one), str(one.opening), one.get_absolute_url()) for one in candidates[most]),
        )
        interviews = Interview.objects.visible_to(reader).about(words).last_by_time(HITS_MAX + 1)
        yield (
            "Interviews",
            "interview-list",
            (
                Hit(str(one.candidate), one.script_name, one.get_absolute_url(), one)
                for one in interviews.select_related("candidate", "opening")
            ),
        )
    if reader.is_hiring_manager:
        openings = Opening.objects.visible_to(reader).about(words)
        yield "Openings", "opening-list", (Hit(str(one), one.team, one.get_absolute_url()) for one in openings[most])
    questions = Question.objects.visible_to(reader).matching(words).select_related("topic")
    yield (
        "Questions",
        "question-list",
        (Hit(one.prompt, str(one.topic), one.get_absolute_url()) for one in questions.order_by("pk")[most]),
    )
    scripts = Script.objects.visible_to(reader).about(words)
    yield "Scripts", "script-list", (Hit(str(one), one.purpose, one.get_absolute_url()) for one in scripts[most])
    if reader.is_administrator:
        people = User.objects.about(words)
        yield (
            "People",
            "person-list",
            (Hit(str(one), one.email, reverse("person-edit", args=[one.pk])) for one in people.order_by("name")[most]),
        )
