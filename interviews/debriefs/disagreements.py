"""Where a panel agrees and disagrees: topics by panelist, and the notes of both sides of a disagreement.

Ratings two steps apart are a disagreement, as given before reading the others'. Later revisions are shown beside."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.text import get_text_list

from interviews.models import Rating, Recommendation
from interviews.records import scoring
from interviews.records.answers import note_entries, why_not_rated
from interviews.records.panel import Panel
from interviews.records.printed import NoteEntry
from interviews.records.reading import Submission, block_topics, panel_score, score_of
from interviews.records.scoring import RATING_WORDS, SPLIT_STEPS, STEPS
from interviews.records.snapshot_types import SnapshotQuestion
from interviews.records.topics import sharing_rows, shown_topics


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
    split_count: int  # questions of the topic with ratings two steps apart
    why: str  # why nobody rated it

    @property
    def is_apart(self) -> bool:
        return self.is_split or self.split_count > 0


@dataclass(frozen=True)
class Side:
    """A panelist at one end of a disagreement, with their notes."""

    who: str
    word: str
    flags: list[str]
    notes: list[NoteEntry]


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


def topic_rows(panel: Panel, found: Sequence[Disagreement]) -> list[TopicRow]:
    """A row for each topic that has anything to rate, disagreement first, else in the order of the script."""
    counting, everybody = panel_score(panel.submitted), score_of(panel.submitted)
    revised = score_of([replace(one, snapshot=one.newest) for one in panel.submitted])
    unlisted = _unlisted_by_topic(panel)
    rows = []
    for topic, before in shown_topics(everybody):
        word = scoring.topic_word(counting, topic)
        after = scoring.topic_word(revised, topic).by_panelist
        cells = [_cell(panel, one, before.by_panelist, after) for one in panel.submitted]
        rows.append(
            TopicRow(
                topic=topic,
                cells=cells,
                heard=word.heard,
                unlisted=len(unlisted.get(topic, ())),
                is_split=word.is_split,
                split_count=sum(one.topic == topic for one in found),
                why="" if before.word or any(cell.later for cell in cells) else why_not_rated(panel.newest, topic),
            )
        )
    return sorted(_merged(rows), key=lambda row: (not row.is_split, not row.split_count))


def _merged(rows: list[TopicRow]) -> list[TopicRow]:
    """Neighbours that nobody rated for one reason share a row."""
    groups = sharing_rows(rows, lambda row: (row.why, row.heard))
    return [replace(group[0], topic=", ".join(row.topic for row in group)) for group in groups]


def disagreements(panel: Panel) -> list[Disagreement]:
    """Each question on which two counted ratings are two steps apart or more: furthest first, then by script order."""
    found, topics = [], block_topics(panel.newest)
    for question in panel.newest["questions"]:
        rated = [
            (value, one) for one in panel.submitted if one.counts and (value := _value(one.versions_of(question)[0]))
        ]
        values = [value for value, _ in rated]
        if not values or max(values) - min(values) < SPLIT_STEPS:
            continue
        low, high = min(values), max(values)
        found.append(
            Disagreement(
                topic=topics[question["id"]],
                prompt=question["prompt"],
                low=[_side(panel, one, question["id"]) for value, one in rated if value == low],
                high=[_side(panel, one, question["id"]) for value, one in rated if value == high],
                between=[f"{panel.name(one)} {RATING_WORDS[value]}" for value, one in rated if low < value < high],
            )
        )
    return sorted(found, key=lambda one: -one.steps)


def split_recommendations(panel: Panel) -> str:
    """ "Recommendations are split: Mira No, Jo and Luc Yes" where the panel leans both ways, else "".

    As given before reading the others'."""
    given: dict[int, list[str]] = {}
    for one in panel.submitted:
        value = one.snapshot["recommendation"]
        if not one.is_shadow and value is not None:
            given.setdefault(value, []).append(panel.name(one))
    if len({value >= Recommendation.YES for value in given}) < 2:
        return ""
    words = [f"{get_text_list(given[value], 'and')} {Recommendation.words_of(value)}" for value in sorted(given)]
    return f"Recommendations are split: {', '.join(words)}"


def _side(panel: Panel, one: Submission, pk: int) -> Side:
    answer = one.answers[pk]
    rating = answer["rating"]
    assert rating and rating["value"]  # only a rating puts them on a side
    later = [next(q["note"] for q in snapshot["questions"] if q["id"] == pk) for snapshot in one.later]
    return Side(
        who=panel.name(one),
        word=RATING_WORDS[rating["value"]],
        flags=[Rating.FLAGS[flag] for flag in rating["flags"]],
        notes=note_entries(panel, [(one, answer["note"], later)]),
    )


def _cell(panel: Panel, one: Submission, before: Mapping[Hashable, str], after: Mapping[Hashable, str]) -> Cell:
    word, later = before.get(one.panelist.pk, ""), after.get(one.panelist.pk, "")
    return Cell(panel.name(one), word, later if later != word else "")


def _value(answer: SnapshotQuestion) -> int | None:
    return answer["rating"]["value"] if answer["rating"] else None


def _unlisted_by_topic(panel: Panel) -> dict[str, set[int]]:
    topics = block_topics(panel.newest)
    found: dict[str, set[int]] = {}
    for one in panel.submitted:
        for pk, answer in one.answers.items():
            if one.counts:
                found.setdefault(topics[pk], set()).update(point["id"] for point in answer["unlisted"])
    return found
