"""Finds questions that ask nearly the same."""

import math
import re
from collections import Counter

from finding.searching import fold
from question_bank.models import Question

MOST = 5
# Share of the weight of all words that two prompts have in common.
ALIKE = 0.35
_WORD = re.compile(r"[^\W_]{2,}")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "an and are as at be by can could did do does for from had has have how if in is it its me of on one or so tell"
        " that the their them then there they this to up was were what when where which who why will with would you"
        " your",
    )
)


def words_in(text: str) -> frozenset[str]:
    """The words that carry the meaning, without their most frequent endings."""
    return frozenset(_stem(word) for word in _WORD.findall(fold(text)) if word not in _COMMON)


def similar_questions(prompt: str, *, beside: int | None = None) -> list[Question]:
    """Up to five questions in use whose prompts share most words with this one, most alike first; rare words weigh
    more. `beside` is left out. Two queries at any size."""
    wanted = words_in(prompt)
    if len(wanted) < 2:
        return []
    rows = Question.objects.exclude(status=Question.Status.RETIRED).order_by()
    found = {pk: words_in(text) for pk, text in rows.values_list("pk", "prompt") if pk != beside}
    times = Counter(word for words in found.values() for word in words)

    def weight(words: frozenset[str]) -> float:
        return sum(math.log(1 + len(found) / (1 + times[word])) for word in words)

    # Most questions share no word, and need no arithmetic.
    near = {pk: weight(words & wanted) / weight(words | wanted) for pk, words in found.items() if words & wanted}
    best = sorted((pk for pk in near if near[pk] >= ALIKE), key=lambda pk: (-near[pk], pk))[:MOST]
    questions = Question.objects.in_bulk(best)
    return [questions[pk] for pk in best if pk in questions]


def _stem(word: str) -> str:
    for ending in ("ing", "es", "ed", "e", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
