"""Score v1: computed from a panel's ratings and the good points it heard.

The score is the average rating, 1 to 4, of the questions that were asked, plus at most 0.3 for
extra good points. Nothing missed, skipped or unasked takes anything away.

Plain values in, plain values out: no database, no clock, no settings. All arithmetic is exact
(`Fraction`), so "half up" and "two steps apart" never depend on a float's last bit; numbers are
rounded only when shown. Rules and letters (b_kp, t_k, R, T, B, S; p a panelist, k a block) are the
definition's. The caller hands in each panelist's newest version written blind, and states in which a
tick or a rating on a skipped block, follow-ups included, has set its top-level question back to asked.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Literal

VERSION = "score v1"  # stamped on every scorecard; a changed constant or formula is a new version

RATING_WORDS = {1: "Poor", 2: "Mixed", 3: "Good", 4: "Excellent"}
STEPS = {word: step for step, word in RATING_WORDS.items()}
EXTRA_MAX = Fraction(3, 10)  # what extra good points approach and never reach
EXTRA_HALF = 6  # so many counted points are worth half of EXTRA_MAX
POINTS_PER_BLOCK_MAX = 3  # points of one block that count: breadth over one long list
SPREAD_MIN = Fraction(1, 2)  # equal ratings do not make the score certain
SE_BLOCKS_MIN = 3
PROVISIONAL_BLOCKS_MIN = 4
PROVISIONAL_COVERAGE_MIN = Fraction(3, 5)
SPLIT_STEPS = 2  # words between two panelists before the span is shown

Part = Literal["lead", "interviewer", "shadow"]
State = Literal["unasked", "asked", "skipped"]


@dataclass(frozen=True)
class Question:
    """A question as it was frozen into one interview. A top-level one with its follow-ups is a block.

    The number of its listed points is left out on purpose: nothing may depend on points that were not heard.
    """

    id: Hashable
    is_answer: bool  # kind "answer" is rated, kind "conversation" is not
    is_must_ask: bool
    state: State
    topic: str
    is_behind_gate: bool  # behind a gate that is closed or not decided yet
    follow_ups: tuple[Question, ...] = ()  # all descendants; flat or nested gives the same score
    source: Hashable = None  # what it was copied from: the same for every candidate who is compared

    def with_descendants(self) -> Iterator[Question]:
        yield self
        for follow_up in self.follow_ups:
            yield from follow_up.with_descendants()


@dataclass(frozen=True)
class View:
    """One panelist's ratings and heard points.

    `ratings`: question id to 1..4, without the questions left blank. `heard`: question id to the
    brownie points ticked and the unlisted points noted there; never watch-outs or mere cues. Ids need
    to be distinct within one question only, and the same for everybody who heard the same point.
    Raises ValueError for a rating outside 1..4.
    """

    panelist: Hashable
    part: Part
    ratings: Mapping[Hashable, int] = field(default_factory=dict)
    heard: Mapping[Hashable, Collection[Hashable]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for question, rating in self.ratings.items():
            if rating not in RATING_WORDS:
                raise ValueError(f"rating of question {question!r} must be 1 to 4, not {rating!r}")


@dataclass(frozen=True)
class BlockScore:
    """One block: each panelist's rating of it, and the number of points that the panel heard."""

    id: Hashable
    topic: str
    source: Hashable
    is_answer: bool
    is_in_coverage: bool  # must-ask, kind answer, not behind a closed or undecided gate
    by_panelist: Mapping[Hashable, Fraction]  # b_kp, 1..4; only those who rated
    heard: int  # distinct points, uncapped: readers see them all

    @property
    def rating(self) -> Fraction | None:
        """b_k, 1..4 (rule 2): the mean over the panelists who rated; None when nobody did."""
        return _mean(self.by_panelist.values())

    @property
    def points(self) -> int:
        """t_k, 0..3 (rule 4)."""
        return min(POINTS_PER_BLOCK_MAX, self.heard)


@dataclass(frozen=True)
class Coverage:
    """Must-ask blocks that were rated, of those that could be (rule 7)."""

    rated: int
    must_ask: int

    @property
    def share(self) -> Fraction | None:
        """0..1; None, which is not 0, when the script has no must-ask block."""
        return Fraction(self.rated, self.must_ask) if self.must_ask else None


@dataclass(frozen=True)
class Score:
    """The score of one interview; everything follows from its blocks, which keep the script's order."""

    blocks: tuple[BlockScore, ...]
    version: str = VERSION

    @property
    def _ratings(self) -> list[Fraction]:
        return [block.rating for block in self.blocks if block.rating is not None]

    @property
    def n(self) -> int:
        """The number of rated blocks."""
        return len(self._ratings)

    @property
    def rating_part(self) -> Fraction | None:
        """R, 1..4 (rule 3): the mean of the rated blocks; None when nothing is rated, never 0."""
        return _mean(self._ratings)

    @property
    def points(self) -> int:
        """T: counted points, ticks on an unrated but asked answer included."""
        return sum(block.points for block in self.blocks)

    @property
    def extra_part(self) -> Fraction:
        """B, 0 <= B < 0.3 (rule 5): EXTRA_MAX · T / (T + EXTRA_HALF)."""
        return EXTRA_MAX * self.points / (self.points + EXTRA_HALF)

    @property
    def total(self) -> Fraction | None:
        """S = R + B, 1.0 <= S < 4.3. For computing; readers get `text`, which shows the two separately."""
        return None if self.rating_part is None else self.rating_part + self.extra_part

    @property
    def text(self) -> str:
        """The score as shown, "3.00 + 0.15"; "" when nothing is rated."""
        if self.rating_part is None:
            return ""
        return f"{two_decimals(self.rating_part)} + {two_decimals(self.extra_part)}"

    @property
    def se_squared(self) -> Fraction | None:
        """max(s, 0.5)² / n, s the sample deviation (n − 1) of b_k; None below three rated blocks (rule 6)."""
        ratings = self._ratings
        n, mean = len(ratings), _mean(ratings)
        if n < SE_BLOCKS_MIN or mean is None:
            return None
        variance = sum(((rating - mean) ** 2 for rating in ratings), Fraction()) / (n - 1)
        return max(variance, SPREAD_MIN**2) / n

    @property
    def coverage(self) -> Coverage:
        # Rated blocks behind a gate are left out above as well as below, so the share never passes 1.
        must_ask = [block for block in self.blocks if block.is_in_coverage]
        return Coverage(rated=sum(1 for block in must_ask if block.by_panelist), must_ask=len(must_ask))

    @property
    def is_provisional(self) -> bool:
        """Fewer than four rated blocks, or coverage under 60 % (rule 7)."""
        share = self.coverage.share
        return self.n < PROVISIONAL_BLOCKS_MIN or (share is not None and share < PROVISIONAL_COVERAGE_MIN)

    @property
    def is_single_view(self) -> bool:
        """All ratings that count are one panelist's."""
        return len({panelist for block in self.blocks for panelist in block.by_panelist}) == 1

    def on(self, sources: Collection[Hashable]) -> Score:
        """The same arithmetic on the blocks copied from `sources` only."""
        return Score(tuple(block for block in self.blocks if block.source in sources))


@dataclass(frozen=True)
class TopicWord:
    """The word for a topic. Blank words and an empty `by_panelist` if nobody rated anything in it."""

    word: str
    text: str  # the word, with the span where panelists are two steps apart: "Good (Mixed to Excellent)"
    is_split: bool
    by_panelist: Mapping[Hashable, str]  # each panelist's own word; who rated nothing in it is left out
    heard: int  # distinct points heard in the topic's blocks


def score(blocks: Sequence[Question], views: Iterable[View]) -> Score:
    """The score of one interview.

    `blocks`: its top-level questions, asked or not. `views`: one per panelist; shadows may be among
    them and count nowhere. Raises ValueError when a question or a panelist comes twice.
    """
    counted = [view for view in views if view.part != "shadow"]
    _refuse_twice("panelist", [view.panelist for view in counted])
    _refuse_twice("question", [q.id for block in blocks for q in block.with_descendants()])
    return Score(tuple(_block_score(block, counted) for block in blocks))


def topic_word(score: Score, topic: str) -> TopicWord:
    """The topic's word: the mean of b_kp over its blocks, nearest word, .5 down.

    Two steps apart are the panelists' own words (each the mean of that panelist's b_kp): what the debrief
    shades and the PDF's span then never disagree. The topic's mean takes every b_kp once, so its word
    is always within the span; a mean of b_k can fall outside when panelists rated different blocks.
    """
    blocks = [block for block in score.blocks if block.topic == topic]
    ratings: dict[Hashable, list[Fraction]] = {}
    for block in blocks:
        for panelist, rating in block.by_panelist.items():
            ratings.setdefault(panelist, []).append(rating)
    heard = sum(block.heard for block in blocks)
    steps = {panelist: nearest(own) for panelist, own in ratings.items()}
    if not steps:
        return TopicWord(word="", text="", is_split=False, by_panelist={}, heard=heard)
    word = RATING_WORDS[nearest([rating for own in ratings.values() for rating in own])]
    low, high = min(steps.values()), max(steps.values())
    is_split = high - low >= SPLIT_STEPS
    return TopicWord(
        word=word,
        text=f"{word} ({RATING_WORDS[low]} to {RATING_WORDS[high]})" if is_split else word,
        is_split=is_split,
        by_panelist={panelist: RATING_WORDS[step] for panelist, step in steps.items()},
        heard=heard,
    )


def two_decimals(value: Fraction | int) -> str:
    """A number of 0 or more as shown: two decimals, half up, so 2.875 is "2.88" and 2.8749 "2.87"."""
    hundredths = floor(Fraction(value) * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _block_score(block: Question, views: Sequence[View]) -> BlockScore:
    # A skipped block and its follow-ups count nothing.
    questions = () if block.state == "skipped" else block.with_descendants()
    asked = [q for q in questions if q.state == "asked"]
    own = {view.panelist: _own_rating(block, asked, view) for view in views}
    return BlockScore(
        id=block.id,
        topic=block.topic,
        source=block.source,
        is_answer=block.is_answer,
        is_in_coverage=block.is_must_ask and block.is_answer and not block.is_behind_gate,
        by_panelist={panelist: rating for panelist, rating in own.items() if rating is not None},
        heard=len({(q.id, point) for q in asked for view in views for point in view.heard.get(q.id, ())}),
    )


def _own_rating(block: Question, asked: Sequence[Question], view: View) -> Fraction | None:
    """b_kp, 1..4 (rule 1): max(r, (r + max f) / 2); max f where the parent is blank; None if all is."""
    rated = {q.id: view.ratings[q.id] for q in asked if q.is_answer and q.id in view.ratings}
    parent = rated.pop(block.id, None)
    best = max(rated.values(), default=parent)
    if parent is None or best is None:
        return None if best is None else Fraction(best)
    return max(Fraction(parent), Fraction(parent + best, 2))


def nearest(ratings: Sequence[Fraction]) -> int:
    """The step, 1..4, nearest to the mean of at least one rating; .5 goes down."""
    return ceil(sum(ratings, Fraction()) / len(ratings) - Fraction(1, 2))


def _mean(ratings: Collection[Fraction]) -> Fraction | None:
    return sum(ratings, Fraction()) / len(ratings) if ratings else None


def _refuse_twice(what: str, ids: Sequence[Hashable]) -> None:
    if len(set(ids)) < len(ids):  # it would count twice, or hide the first one
        raise ValueError(f"a {what} comes twice")
