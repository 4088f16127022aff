"""Finds questions that ask nearly the same."""

import math
from collections import Counter

from question_bank.models import Question
from question_bank.words import words_in

MOST = 5
# Share of the weight of all words that two prompts have in common.
ALIKE = 0.35


def similar_questions(prompt: str, *, beside: int | None = None) -> list[Question]:
    """Up to five questions in use whose prompts share most words with this one, most alike first; rare words weigh
    more. `beside` is left out. Two queries at any size."""
    wanted = words_in(prompt)
    if len(wanted) < 2:
        return []
    others = Question.objects.exclude(status=Question.Status.RETIRED).exclude(pk=beside or 0).order_by()
    rows = list(others.values_list("pk", "stems"))
    times = Counter(" ".join(stems for _, stems in rows).split())

    def weight(words: frozenset[str]) -> float:
        return sum(math.log(1 + len(rows) / (1 + times[word])) for word in words)

    near: dict[int, float] = {}
    for pk, stems in rows:
        # Most questions share no word, and need no arithmetic.
        if not wanted.isdisjoint(listed := stems.split()):
            words = frozenset(listed)
            near[pk] = weight(words & wanted) / weight(words | wanted)
    best = sorted((pk for pk in near if near[pk] >= ALIKE), key=lambda pk: (-near[pk], pk))[:MOST]
    questions = Question.objects.in_bulk(best)
    return [questions[pk] for pk in best if pk in questions]
