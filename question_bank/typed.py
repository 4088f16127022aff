"""Questions that were typed in calls, gathered for curators. Nothing here says in which call, or to whom."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from question_bank.heard import MOST, are_alike, share_most
from question_bank.models import DismissedQuestion, Question
from question_bank.words import folded_label, words_in

# (prompt, primary key of who typed it, good points noted there), oldest first.
Typed = Iterable[tuple[str, int, list[str]]]
_sources: list[Callable[[], Typed]] = []


def type_from(source: Callable[[], Typed]) -> Callable[[], Typed]:
    """Registers where typed questions come from."""
    _sources.append(source)
    return source


@dataclass
class TypedQuestion:
    """Questions that ask the same, in the words of the first one."""

    text: str
    times: int = 0
    # Who typed it, each with their own words: to tell them, never shown.
    by: dict[int, str] = field(default_factory=dict)
    # Good points noted there, alike ones once.
    points: list[str] = field(default_factory=list)


def typed_questions() -> list[TypedQuestion]:
    """The groups that are neither in the bank nor dismissed, most often asked first. Two queries more than the sources
    at any size, and none where nothing was typed."""
    groups: list[TypedQuestion] = []
    for text, author, points in (row for source in _sources for row in source()):
        group = next((one for one in groups if are_alike(one.text, text)), None)
        if group is None:
            group = TypedQuestion(text)
            groups.append(group)
        group.times += 1
        group.by.setdefault(author, text)
        for point in points:
            if not any(are_alike(point, other) for other in group.points):
                group.points.append(point)
    known = _known() if groups else []
    shown = [group for group in groups if not _is_known(group.text, known)]
    return sorted(shown, key=lambda group: -group.times)[:MOST]


def is_settled(text: str) -> bool:
    """Whether a question like this one is in the bank or dismissed: then no page offers it any more."""
    return _is_known(text, _known())


# A prompt as stored for this: the words that carry its meaning, and its folded label.
_Known = tuple[frozenset[str], str]


def _known() -> list[_Known]:
    prompts = Question.objects.order_by().values_list("stems", "folded_label")
    dismissed = DismissedQuestion.objects.values_list("text", flat=True)
    return [
        *((frozenset(stems.split()), label) for stems, label in prompts),
        *((words_in(text), folded_label(text)) for text in dismissed),
    ]


def _is_known(text: str, known: list[_Known]) -> bool:
    words, label = words_in(text), folded_label(text)
    return any(share_most(words, others) or label == other for others, other in known)
