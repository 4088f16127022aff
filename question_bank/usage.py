"""How often questions were asked. The bank knows nothing of interviews: they register what counts for them."""

from collections.abc import Callable, Collection

from question_bank.models import Question

_counters: list[Callable[[Collection[int]], int]] = []


def count_asked_by(counter: Callable[[Collection[int]], int]) -> Callable[[Collection[int]], int]:
    """Registers a function that says how often any of these questions (primary keys) was asked."""
    _counters.append(counter)
    return counter


def times_asked(question: Question) -> int:
    """With the questions that were merged into it. Two queries."""
    pks = [question.pk, *question.merged.values_list("pk", flat=True)]
    return sum(counter(pks) for counter in _counters)
