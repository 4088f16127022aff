"""The one scale of the whole bank: what each rating means where a question does not say it itself."""

from typing import NamedTuple

from question_bank.models import Question, Rating4

# So many words of an anchor are read at a glance.
ANCHOR_WORDS = 12
GENERAL_SCALE: dict[Rating4, str] = {
    Rating4.POOR: "Made it up, or was sure and wrong, and took no hint",
    Rating4.MIXED: "“I don’t know”, or recited, or needed much help",
    Rating4.GOOD: "Reasoned it through, honest about limits, to something workable",
    Rating4.EXCELLENT: "Depth, trade-offs from experience, a reasoned opinion; taught us something",
}


class RatingWords(NamedTuple):
    rating: Rating4
    text: str
    is_own: bool


def rating_words(question: Question | None = None) -> list[RatingWords]:
    """The four ratings in order, each in the question's own words where it has some."""
    own = {anchor.rating: anchor.text for anchor in question.anchors.all()} if question else {}
    return [RatingWords(r, own.get(r) or GENERAL_SCALE[r], r in own) for r in Rating4]
