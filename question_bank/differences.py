"""Two versions of a question side by side, for a curator whom another one overtook."""

from collections.abc import Callable
from typing import NamedTuple

from question_bank.models import Point, Question, Rating4
from question_bank.writing import WantedQuestion


class Difference(NamedTuple):
    label: str
    saved: str
    yours: str


def differences(question: Question, yours: WantedQuestion) -> list[Difference]:
    """What differs between `question`, from `with_parts()`, and what this curator wants; in the order of the page."""
    saved = WantedQuestion.of(question)
    texts = ((label, text(saved), text(yours)) for label, text in TEXTS.items())
    return [Difference(*told) for told in texts if told[1] != told[2]]


def _points(question: WantedQuestion) -> str:
    lines = (
        f"{Point.Kind(point.kind).label}: {point.text}" + (f" → {point.leads_to.prompt}" if point.leads_to else "")
        for point in question.points
    )
    return "\n".join(lines)


TEXTS: dict[str, Callable[[WantedQuestion], str]] = {
    "Prompt": lambda question: question.prompt,
    "What it is for": lambda question: question.purpose,
    "Guidance": lambda question: question.guidance,
    "Topic": lambda question: str((question.parent or question).topic),
    "Follows": lambda question: question.parent.prompt if question.parent else "",
    "When it fits": lambda question: question.condition,
    "Kind": lambda question: Question.Kind(question.kind).label,
    "Level": lambda question: Question.Level(question.level).label,
    "Minutes": lambda question: str(question.minutes),
    "Points": _points,
    "Anchors": lambda question: "\n".join(f"{Rating4(r).label}: {text}" for r, text in question.anchors.items()),
    "References": lambda question: "\n".join(
        " · ".join(filter(None, (item.title, item.author, item.url))) for item in question.references
    ),
    "Follow-ups": lambda question: "\n".join(question.follow_ups.values()),
}
