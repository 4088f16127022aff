"""Extra points that were heard in interviews, gathered for a question. Nothing here says who said them."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Coalesce

from question_bank.models import DismissedPoint, Point, Question
from question_bank.words import words_in

# Share of the words that two points must have in common to be alike.
ALIKE = 0.6
MOST = 60  # groups on one page

# (primary key of the question, text, primary key of who noted it), oldest first.
Heard = Iterable[tuple[int, str, int]]
_sources: list[Callable[[Collection[int] | None], Heard]] = []


def hear_from(source: Callable[[Collection[int] | None], Heard]) -> Callable[[Collection[int] | None], Heard]:
    """Registers where extra points come from: for these questions, or for all with None."""
    _sources.append(source)
    return source


@dataclass
class HeardPoint:
    """Points that say the same, in the words of the first one."""

    question: Question
    text: str
    times: int = 0
    # Who noted it, each with their own words: to tell them, never shown.
    by: dict[int, str] = field(default_factory=dict)


def heard_points(question: Question | None = None) -> list[HeardPoint]:
    """The groups that are neither listed nor settled, most often heard first; of one question or of all.

    Points of merged questions count for the other. The number of queries is constant."""
    found = [row for source in _sources for row in source(_with_merged(question))]
    questions = Question.objects.select_related("merged_into").in_bulk({pk for pk, _, _ in found})
    groups: dict[int, list[HeardPoint]] = {}
    for pk, text, author in found:
        row = questions[pk]
        row = row.merged_into or row
        if not row.is_retired:
            _put(groups.setdefault(row.pk, []), row, text, author)
    hidden: dict[int, list[str]] = {}
    for pk, text in _settled(list(groups)):
        hidden.setdefault(pk, []).append(text)
    shown = [
        group
        for pk, listed in groups.items()
        for group in listed
        if not any(are_alike(group.text, text) for text in hidden.get(pk, []))
    ]
    return sorted(shown, key=lambda group: (-group.times, group.question.pk))[:MOST]


def are_alike(one: str, other: str) -> bool:
    first, second = words_in(one), words_in(other)
    if not first or not second:
        return one.strip().casefold() == other.strip().casefold()
    return share_most(first, second)


def share_most(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether two texts with these words say the same. Those without words do not."""
    return bool(first and second) and len(first & second) / len(first | second) >= ALIKE


def is_settled(question: Question, text: str) -> bool:
    """Whether a point like this one is listed or dismissed: then no page offers it any more."""
    return any(are_alike(text, other) for _, other in _settled([question.pk]))


def _with_merged(question: Question | None) -> list[int] | None:
    return [question.pk, *question.merged.values_list("pk", flat=True)] if question else None


def _put(groups: list[HeardPoint], question: Question, text: str, author: int) -> None:
    group = next((one for one in groups if are_alike(one.text, text)), None)
    if group is None:
        group = HeardPoint(question, text)
        groups.append(group)
    group.times += 1
    group.by.setdefault(author, text)


def _settled(questions: list[int]) -> Iterator[tuple[int, str]]:
    """Texts that are listed or were settled, by question: also those settled for one that was merged into it."""
    yield from Point.objects.filter(question__in=questions).values_list("question_id", "text")
    rows = DismissedPoint.objects.filter(Q(question__in=questions) | Q(question__merged_into__in=questions))
    yield from rows.values_list(Coalesce("question__merged_into_id", "question_id"), "text")
