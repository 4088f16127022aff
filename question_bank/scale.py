"""The general meaning of each rating, for questions without their own anchor."""

from typing import NamedTuple

from question_bank.models import Question, RatingStep

# Longer anchors cannot be read at a glance.
ANCHOR_WORDS = 12
GENERAL_SCALE: dict[RatingStep, str] = {
    RatingStep.POOR: "Made it up, or was sure and wrong, and took no hint",
    RatingStep.MIXED: "“I don’t know”, or recited, or needed much help",
    RatingStep.GOOD: "Reasoned it through, honest about limits, to something workable",
    RatingStep.EXCELLENT: "Depth, trade-offs from experience, a reasoned opinion; taught us something",
}


class RatingWords(NamedTuple):
    rating: RatingStep
    text: str
    is_own: bool


def rating_words(question: Question | None = None) -> list[RatingWords]:
    """The four ratings in order, each with the question's anchor or the general meaning."""
    own = {anchor.rating: anchor.text for anchor in question.anchors.all()} if question else {}
    return [RatingWords(r, own.get(r) or GENERAL_SCALE[r], r in own) for r in RatingStep]
