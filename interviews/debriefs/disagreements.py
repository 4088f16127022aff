"""Where a panel agrees and where it does not: topics by panelist, and what each side of a disagreement wrote.

Two steps apart is a disagreement, by what each rated before reading the others. What somebody revised later
stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from django.utils.text import get_text_list

from interviews.models import Rating
from interviews.records import scoring
from interviews.records.answers import note_entries, why_not_rated
from interviews.records.reading import Snapshot, Submission, block_topics, panel_score, score_of
from interviews.records.scoring import RATING_WORDS, SPLIT_STEPS

STEPS = {word: step for step, word in RATING_WORDS.items()}


@dataclass(frozen=True)
class Cell:
    """One panelist's word for a topic; "" where they rated nothing in it. `later` is what they revised it to."""

    who: str
    word: str
    later: str

    @property
    def step(self) -> int:
        return STEPS.get(self.word, 0)


@dataclass(frozen=True)
class TopicRow:
    topic: str
    cells: list[Cell]
    heard: int
    unlisted: int
    is_split: bool
    split_count: int  # questions of the topic on which two are two steps apart
    why: str  # why nobody rated it

    @property
    def is_apart(self) -> bool:
        return self.is_split or self.split_count > 0


@dataclass(frozen=True)
class Side:
    """Somebody at one end of a disagreement, with what they wrote there."""

    who: str
    word: str
    flags: list[str]
    notes: list[dict[str, str]]


@dataclass(frozen=True)
class Disagreement:
    topic: str
    prompt: str
    low: list[Side]
    high: list[Side]
    between: list[str] = field(default_factory=list)  # "Luc Good"

    @property
    def steps(self) -> int:
        return STEPS[self.high[0].word] - STEPS[self.low[0].word]

    @property
    def words(self) -> str:
        """ "Mira and Luc rated Mixed, Jo Excellent" """
        low, high = (get_text_list([side.who for side in sides], "and") for sides in (self.low, self.high))
        return f"{low} rated {self.low[0].word}, {high} {self.high[0].word}"


def topic_rows(
    submitted: Sequence[Submission], newest: Snapshot, names: dict[int, str], found: Sequence[Disagreement]
) -> list[TopicRow]:
    """A row for each topic that has anything to rate, disagreement first, else in the order of the script."""
    counting, everybody = panel_score(submitted), score_of(submitted)
    revised = score_of([replace(one, snapshot=one.newest) for one in submitted])
    unlisted = _unlisted_by_topic(submitted, newest)
    rows = []
    for topic in dict.fromkeys(block.topic for block in everybody.blocks):
        word = scoring.topic_word(counting, topic)
        before = scoring.topic_word(everybody, topic)
        after = scoring.topic_word(revised, topic).by_panelist
        if not (before.word or before.heard or _has_answers(everybody, topic)):
            continue
        cells = [_cell(names[one.panelist.pk], one.panelist.pk, before.by_panelist, after) for one in submitted]
        rows.append(
            TopicRow(
                topic=topic,
                cells=cells,
                heard=word.heard,
                unlisted=len(unlisted.get(topic, ())),
                is_split=word.is_split,
                split_count=sum(one.topic == topic for one in found),
                why="" if before.word or any(cell.later for cell in cells) else why_not_rated(newest, topic),
            )
        )
    return sorted(_merged(rows), key=lambda row: (not row.is_split, not row.split_count))


def _merged(rows: list[TopicRow]) -> list[TopicRow]:
    """Neighbours that nobody rated for one reason share a row."""
    merged: list[TopicRow] = []
    for (why, heard), group in groupby(rows, key=lambda row: (row.why, row.heard)):
        alike = list(group)
        if why and not heard:
            alike = [replace(alike[0], topic=", ".join(row.topic for row in alike))]
        merged += alike
    return merged


def disagreements(submitted: Sequence[Submission], newest: Snapshot, names: dict[int, str]) -> list[Disagreement]:
    """Each question on which two who count are two steps apart or more: the furthest first, then as in the script."""
    found, topics = [], block_topics(newest)
    for question in newest["questions"]:
        rated = [(value, one) for one in submitted if one.counts and (value := _value(one.answers[question["id"]]))]
        values = [value for value, _ in rated]
        if not values or max(values) - min(values) < SPLIT_STEPS:
            continue
        low, high = min(values), max(values)
        found.append(
            Disagreement(
                topic=topics[question["id"]],
                prompt=question["prompt"],
                low=[_side(one, question["id"], names) for value, one in rated if value == low],
                high=[_side(one, question["id"], names) for value, one in rated if value == high],
                between=[
                    f"{names[one.panelist.pk]} {RATING_WORDS[value]}" for value, one in rated if low < value < high
                ],
            )
        )
    return sorted(found, key=lambda one: -one.steps)


def _side(one: Submission, pk: int, names: dict[int, str]) -> Side:
    answer = one.answers[pk]
    later = [next(q["note"] for q in snapshot["questions"] if q["id"] == pk) for snapshot in one.later]
    return Side(
        who=names[one.panelist.pk],
        word=RATING_WORDS[answer["rating"]["value"]],
        flags=[Rating.FLAGS[flag] for flag in answer["rating"]["flags"]],
        notes=note_entries([(one, answer["note"], later)], names),
    )


def _cell(who: str, pk: int, before: Any, after: Any) -> Cell:
    word, later = before.get(pk, ""), after.get(pk, "")
    return Cell(who, word, later if later != word else "")


def _value(answer: Snapshot) -> int | None:
    return answer["rating"]["value"] if answer["rating"] else None


def _has_answers(score: scoring.Score, topic: str) -> bool:
    return any(block.is_answer for block in score.blocks if block.topic == topic)


def _unlisted_by_topic(submitted: Sequence[Submission], newest: Snapshot) -> dict[str, set[int]]:
    topics = block_topics(newest)
    found: dict[str, set[int]] = {}
    for one in submitted:
        for pk, answer in one.answers.items():
            if one.counts:
                found.setdefault(topics[pk], set()).update(point["id"] for point in answer["unlisted"])
    return found
