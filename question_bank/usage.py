"""How often questions were asked, and how that went.

The bank knows nothing of interviews: they register what counts for them."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from question_bank.models import Question, RatingStep

# Interviews are counted in groups of this size, so that no figure tells how one candidate did.
GROUP = 5

_counters: list[Callable[[Collection[int]], int]] = []


def count_asked_by(counter: Callable[[Collection[int]], int]) -> Callable[[Collection[int]], int]:
    """Registers a function that says how often any of these questions (primary keys) was asked."""
    _counters.append(counter)
    return counter


def times_asked(question: Question) -> int:
    """With the questions that were merged into it. Two queries."""
    pks = [question.pk, *question.merged.values_list("pk", flat=True)]
    return sum(counter(pks) for counter in _counters)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How a question went; blank until enough interviews are complete."""

    # A multiple of GROUP.
    interviews: int = 0
    # So many more until there is something to show; 0 if there is.
    needed: int = 0
    # How often each rating was given, by panelists.
    ratings: Counter[int] = field(default_factory=Counter)
    # Of each point (primary key): in how many interviews it was heard, and in how many it was listed.
    heard: dict[int, tuple[int, int]] = field(default_factory=dict)
    # Medians; `minutes` is None if the time was not measured often enough.
    minutes: int | None = None
    planned: int = 0

    @property
    def spread(self) -> list[tuple[str, int]]:
        """("Poor", 2), …, from the lowest; blank without a rating."""
        return [(step.label, self.ratings[step]) for step in RatingStep] if self.ratings else []


_figures: list[Callable[[Collection[int]], Figures]] = []


def figures_from(source: Callable[[Collection[int]], Figures]) -> Callable[[Collection[int]], Figures]:
    """Registers the one source of figures."""
    _figures[:] = [source]
    return source


def figures_of(question: Question) -> Figures | None:
    """With the questions that were merged into it; None without interviews."""
    pks = [question.pk, *question.merged.values_list("pk", flat=True)]
    return _figures[0](pks) if _figures else None
