"""Labels of prompts in fields that choose a question, and the words that carry their meaning."""

import re

from django.utils.text import Truncator

from finding.folded import FoldedField
from finding.searching import fold

LABEL_LENGTH = 160
QUOTED_LENGTH = 80
# A few letters become several when folded. An index takes no longer texts.
_FOLDED_LABEL_LENGTH = 200
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


def label_of(prompt: str) -> str:
    """The prompt in one line, cut at `LABEL_LENGTH`. Two questions may have the same."""
    words = " ".join(prompt.split())
    return words if len(words) <= LABEL_LENGTH else f"{words[: LABEL_LENGTH - 1].rstrip()}…"


def quoted(text: str) -> str:
    """The text in one short line, for a sentence about one of several."""
    return f"“{Truncator(' '.join(text.split())).chars(QUOTED_LENGTH)}”"


def folded_label(label: str) -> str:
    return fold(" ".join(label.split()))[:_FOLDED_LABEL_LENGTH]


def _stem(word: str) -> str:
    for ending in ("ing", "es", "ed", "e", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


class LabelField(FoldedField):
    """The folded label of a prompt."""

    def text_of(self, *texts: str) -> str:
        return folded_label(label_of(texts[0]))


class StemsField(FoldedField):
    """The words of a prompt that carry its meaning, with spaces between."""

    def text_of(self, *texts: str) -> str:
        return " ".join(sorted(words_in(texts[0])))
