"""Reads `tests/access.yaml`, and builds every URL of the resolver."""

import uuid
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from django.urls import get_resolver, reverse

from interviews.models import Interview, Panelist
from tests.cast import ACTORS, SIGNED_OUT, STATES, UNLISTED, Cast, Hiring

_RAW = yaml.safe_load((Path(__file__).parent / "access.yaml").read_text())
GROUPS: dict[str, list[str]] = _RAW["groups"]
ADDRESSES: dict[str, dict[str, dict]] = _RAW["addresses"]
COMMANDS: dict[str, dict] = _RAW["commands"]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TO_SIGN_IN = 302
ABOUT_MISSING = ("scorecard-remind", "scorecard-waive", "scorecard-await")
# URL parts that belong to an opening; questions, scripts, people and emails belong to none.
ROOTS = ("/openings/", "/candidates/", "/interviews/")


@cache
def names() -> dict[str, list[str]]:
    """Every named URL of the resolver, with its parameters."""
    found = get_resolver().reverse_dict.lists()
    return {name: ways[0][0][0][1] for name, ways in found if isinstance(name, str)}


def kwargs(cast: Cast, name: str, state: str = "ended", *, hiring: Hiring | None = None) -> dict[str, Any]:
    """URL parameters for the interview in this state, of our opening or another.

    A new parameter needs a line here; otherwise it is the interview's number."""
    hiring = hiring or cast.ours
    questions = {
        "question-publish": "draft",
        "question-delete": "draft",
        "question-review": "draft",
        "question-draft": "draft",
        "question-restore": "retired",
    }
    roots = {
        "opening": hiring.opening,
        "candidate": hiring.candidate,
        "person": cast.people["outsider"],
        "question": cast.questions[questions.get(name, "published")],
        "script": cast.script,
        "suggestion": cast.suggestion,
        "topic": cast.questions["published"].topic,
        "email": cast.mail,
    }
    values: dict[str, Any] = {
        "pk": roots.get(name.split("-")[0], hiring.interviews[state]).pk,
        "opening_pk": hiring.opening.pk,
        "candidate_pk": hiring.candidate.pk,
        "file_pk": hiring.file.pk,
        "change_pk": cast.changes.get(name.split("-")[0], cast.changes["question"]).pk,
        "question_pk": hiring.interviews[state].questions.in_order()[0].pk,
        "panelist_pk": (hiring.owing if name in ABOUT_MISSING else hiring.lead)(state).pk,
        "key": {"candidate": hiring.packet, "opening": hiring.zip}.get(
            name.split("-")[0], hiring.keys.get(state, "0" * 64)
        ),
        "uidb64": "MQ",
        "token": "x-y",
    }
    return {word: values[word] for word in names()[name]}


def path(cast: Cast, name: str, state: str = "ended") -> str:
    query = "?since=0.0" if name == "live-events" else ""
    return reverse(name, kwargs=kwargs(cast, name, state)) + query


def expected(line: dict, actor: str, state: str) -> int:
    """The status this row gives the actor: the first matching word decides."""
    for word, answer in line.items():
        if actor in GROUPS.get(word, [word]) or (word == "all" and actor not in SIGNED_OUT):
            return answer.get(state, answer.get("else")) if isinstance(answer, dict) else answer
    return TO_SIGN_IN if actor in SIGNED_OUT else 0


def is_public(name: str) -> bool:
    """Signed-out people are not redirected to the sign-in page."""
    return any("signed out" in line for line in ADDRESSES[name].values())


def unknown_words() -> list[str]:
    """Unknown words in the table: a typo would make a row meaningless."""
    known = {*GROUPS, *ACTORS, "all"}
    lines = [line for row in ADDRESSES.values() for line in row.values()] + list(COMMANDS.values())
    wrong = {word for line in lines for word in line} - known
    answers = [answer for line in lines for answer in line.values() if isinstance(answer, dict)]
    return sorted(wrong | {state for answer in answers for state in answer} - {*STATES, "else"} - known)


def command(interview: Interview, kind: str) -> dict[str, Any]:
    """A valid command of this kind, at the interview's first question."""
    question = interview.questions.in_order()[0]
    point = question.points.all()[0]
    gate = interview.sections.exclude(gate="").get()
    lead = interview.panelists.current().get(part=Panelist.Part.LEAD)
    about: dict[str, tuple[Any, Any]] = {
        "start": (None, True),
        "end": (None, True),
        "reopen": (None, True),
        "ask": (question.pk, "now"),
        "skip": (question.pk, 1),
        "park": (question.pk, True),
        "add": (str(uuid.uuid4()), {"text": "How would you test it?"}),
        "gate": (gate.pk, True),
        "lead": (None, lead.pk),
        "turn": (None, lead.pk),
        "asker": (gate.pk, lead.pk),
        "take_lead": (None, True),
        "minutes": (None, 65),
        "pause": (None, True),
        "run_over": (None, True),
        "nudge": (str(uuid.uuid4()), "Ask about Vary"),
        "nudge_seen": (str(UNLISTED), True),
        "suggest": (str(uuid.uuid4()), {"kind": "dated", "question": question.pk, "text": "Redis has changed."}),
        "tick": (point.pk, True),
        "unlisted": (str(uuid.uuid4()), {"question": question.pk, "text": "Asks how it is measured."}),
        "unlisted_tick": (str(UNLISTED), True),
        "rate": (question.pk, 3),
        "flag": (question.pk, {"flag": "depth", "on": True}),
        "note": (question.pk, "Measured first."),
        "loose_end": (str(uuid.uuid4()), {"text": "Caching.", "question": None, "is_done": False}),
        "scorecard": ("because", "Measures."),
        "submit": (None, {"last_n": 0}),
    }
    return envelope(kind, *about[kind])


def envelope(kind: str, target: Any, value: Any) -> dict[str, Any]:
    """As the browser sends it."""
    sent = {"id": str(uuid.uuid4()), "client": "tab", "n": 1, "kind": kind, "target": target, "value": value}
    return sent | {"age": 0}


# Nothing binds them to the opening, so their rights follow from their roles.
STRANGERS = (
    "anonymous",
    "no role",
    "outsider",
    "other manager",
    "curator",
    "administrator",
    "superuser",
    "deactivated",
)


def asked(number: int, line: dict, of: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Who asks the row with this number in which of these states.

    A stranger, to whom it gives the same in each state, asks in one: all of them together in every state of each row.
    tests/test_planted_names.py opens the others as well, posts in one more, and finds nothing there."""
    for actor, state in product(ACTORS, of):
        turn = STRANGERS.index(actor) if actor in STRANGERS else 0
        is_same = len({expected(line, actor, each) for each in of}) == 1
        if actor not in STRANGERS or not is_same or state == of[(number + turn) % len(of)]:
            yield actor, state


def states(name: str) -> tuple[str, ...]:
    """The states that make a difference for this URL."""
    return STATES if reverse(name, kwargs=dict.fromkeys(names()[name], 1)).startswith("/interviews/1/") else STATES[:1]
