"""Topics of a score as rows: which of them are shown, and which share a row."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeVar

from interviews.records.scoring import Score, TopicWord, topic_word

Row = TypeVar("Row")


def shown_topics(score: Score) -> Iterator[tuple[str, TopicWord]]:
    """Each topic in which something could be rated or was heard, in the order of the script, with its word."""
    for topic in dict.fromkeys(block.topic for block in score.blocks):
        word = topic_word(score, topic)
        if word.word or word.heard or any(block.is_answer for block in score.blocks if block.topic == topic):
            yield topic, word


def sharing_rows(rows: Iterable[Row], why_and_heard: Callable[[Row], tuple[str, int]]) -> Iterator[list[Row]]:
    """The rows in groups, each shown as one row.

    Neighbours that nobody rated for the same reason share a group, unless a point was heard there."""
    for (why, heard), group in groupby(rows, key=why_and_heard):
        if why and not heard:
            yield list(group)
        else:
            yield from ([row] for row in group)
