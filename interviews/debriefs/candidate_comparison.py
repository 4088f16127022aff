"""Compares the candidates of an opening on the questions that all were asked; it does not rank them.

The order is by interview date. Names can be hidden until the decision; then no field of the comparison has them."""

import datetime as dt
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import OuterRef, Subquery, prefetch_related_objects

from accounts.models import User
from finding.searching import fold
from interviews.access import Barred, DebriefAccess, debrief_accesses
from interviews.debriefs.candidate_pairs import Pair, pairs
from interviews.models import Candidate, Decision, Interview, Opening
from interviews.records.comparison import COMMON_BLOCKS_MIN, common_sources
from interviews.records.reading import Submission, facts, panel_score, submissions
from interviews.records.scoring import RATING_WORDS, BlockScore, Score, nearest, two_decimals
from interviews.records.wording import coverage_words, plural, recommendations

COMPARED_MAX = 8  # more columns cannot be compared at a glance
OFFERED_MAX = 20
LEFT_OUT_MAX = 10
# Scorecards are large: the group to open with is looked for among the candidates interviewed last.
GROUPED_MAX = 40


class Known(NamedTuple):
    """A candidate of the opening, as far as every page of the comparison needs them all."""

    pk: int
    name: str  # "Candidate A" while names are hidden
    held_at: dt.datetime | None  # the start of their first interview that counts; None if no debrief is readable


@dataclass(frozen=True)
class Entry:
    """A candidate with a debrief that is open to this reader, and the submitted scorecards."""

    pk: int
    name: str  # as in Known
    interviews: list[Interview]
    submitted: list[list[Submission]]  # of each interview

    @property
    def held_at(self) -> dt.datetime:
        at = self.interviews[0].started_at
        assert at is not None  # its debrief is open, so it has taken place
        return at

    @property
    def score(self) -> Score:
        """Over all their interviews. If a question was asked twice, the first rated answer counts."""
        blocks: dict[object, BlockScore] = {}
        for one in self.submitted:
            for number, block in enumerate(panel_score(one).blocks):
                key = block.source or (id(one), number)
                if key not in blocks or not blocks[key].by_panelist:
                    blocks[key] = block
        return Score(tuple(blocks.values()))

    @property
    def said(self) -> str:
        """ "2 yes · 1 strong yes" """
        return recommendations([one for interview in self.submitted for one in interview])["text"]

    @property
    def decided(self) -> str:
        return self.interviews[-1].decided_words

    @property
    def decided_by(self) -> str:
        return self.interviews[-1].decided_by_name or ""


@dataclass(frozen=True)
class LeftOut:
    """A candidate who cannot be compared now, with the reason and nothing else."""

    name: str
    why: str


@dataclass(frozen=True)
class Row:
    """One candidate on the questions that all compared were rated on."""

    entry: Entry
    rating: str  # "3.12"; "" without a common question
    extra: str  # "0.15"
    coverage: str


@dataclass(frozen=True)
class CommonQuestion:
    prompt: str
    topic: str
    cells: list[tuple[str, int]]  # the word, and how many points were heard


@dataclass(frozen=True)
class Offer:
    """The candidates to choose from: those that are compared, and a page of the others."""

    chosen: list[Known]
    others: list[Known]
    found: int  # how many others there are
    # The candidates beside whom the neighbouring pages begin.
    before: int | None
    after: int | None


@dataclass
class Comparison:
    opening: Opening
    known: list[Known]  # everyone who can be compared, by date
    left_out: list[LeftOut]
    chosen: list[Entry]
    is_hiding: bool
    is_all_decided: bool
    rows: list[Row] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    questions: list[CommonQuestion] = field(default_factory=list)
    # How many were chosen beyond COMPARED_MAX, and left out beyond LEFT_OUT_MAX.
    dropped: int = 0
    more_left_out: int = 0
    # Suggestions, in words: a candidate to leave out, with the query of the comparison without them.
    hints: list[tuple[str, str]] = field(default_factory=list)

    @property
    def chosen_pks(self) -> set[int]:
        return {entry.pk for entry in self.chosen}

    def offer(self, words: str, *, before: int | None = None, after: int | None = None) -> Offer:
        """A page of the candidates with all these words in the name that is shown: beside the one with this key."""
        wanted, chosen = fold(words).split(), self.chosen_pks
        others = [one for one in self.known if one.pk not in chosen and all(word in fold(one.name) for word in wanted)]
        places = {one.pk: number for number, one in enumerate(others)}
        # If that one has been chosen since, it is not among the others, and we show the first page.
        start = places[after] + 1 if after in places else max(places.get(before or 0, 0) - OFFERED_MAX, 0)
        page = others[start : start + OFFERED_MAX]
        is_last = start + OFFERED_MAX >= len(others)
        return Offer(
            chosen=[one for one in self.known if one.pk in chosen],
            others=page,
            found=len(others),
            before=page[0].pk if page and start else None,
            after=None if is_last else page[-1].pk,
        )

    @property
    def is_comparable(self) -> bool:
        return len(self.questions) >= COMMON_BLOCKS_MIN

    @property
    def is_cut(self) -> bool:
        return len(self.known) > COMPARED_MAX

    @property
    def grouped(self) -> int:
        """Among how many, interviewed last, the group to open with was looked for; 0: among all."""
        return GROUPED_MAX if len(self.known) > GROUPED_MAX else 0


def compare_candidates(
    *, opening: Opening, reader: User, chosen: Collection[int] = (), hide_names: bool = False
) -> Comparison:
    """Compare the candidates with the keys `chosen`, at most COMPARED_MAX; a constant number of queries.

    Without any, those of the largest comparable group. Of the others only name and date are read.
    `reader` manages the opening. A candidate is left out if the reader is on a panel that may not read its debrief."""
    everybody = _everybody(opening, reader)
    known = sorted((one for one in everybody if one.held_at), key=lambda one: (one.held_at, one.pk))
    wanted = [one.pk for one in known if one.pk in chosen]
    compared = wanted[:COMPARED_MAX] or [one.pk for one in known[-GROUPED_MAX:]]
    left_out = [one.pk for one in everybody if one.held_at is None]
    accesses = _accesses(opening, reader, {*compared, *left_out[:LEFT_OUT_MAX]})
    entries = _entries([one for one in known if one.pk in compared], accesses)
    if not wanted:
        entries = largest_group(entries)
    decided = [_is_decided(entry) for entry in entries]
    is_all_decided = bool(decided) and all(decided) and len(wanted) <= COMPARED_MAX
    is_hiding = hide_names and not is_all_decided
    if is_hiding:
        lettered = [one._replace(name=f"Candidate {letters(number)}") for number, one in enumerate(everybody)]
    else:
        lettered = everybody
    names = {one.pk: one.name for one in lettered}
    comparison = Comparison(
        opening=opening,
        known=[one._replace(name=names[one.pk]) for one in known],
        left_out=[LeftOut(names[pk], _why(accesses.get(pk, []))) for pk in left_out[:LEFT_OUT_MAX]],
        chosen=[replace(entry, name=names[entry.pk]) for entry in entries],
        is_hiding=is_hiding,
        is_all_decided=is_all_decided,
        dropped=max(len(wanted) - COMPARED_MAX, 0),
        more_left_out=max(len(left_out) - LEFT_OUT_MAX, 0),
    )
    _fill(comparison)
    return comparison


def largest_group(entries: Sequence[Entry]) -> list[Entry]:
    """Up to COMPARED_MAX candidates with enough questions rated for all of them; without such a group, the first ones.

    Grown from each candidate in turn by those who share the most: not the best group of all, but quick to find."""
    asked = [common_sources([entry.score]) for entry in entries]
    best: list[int] = []
    for start in range(len(entries)):
        group, common = [start], set(asked[start])
        others = sorted((n for n in range(len(entries)) if n != start), key=lambda n: (-len(common & set(asked[n])), n))
        for other in others[: 4 * COMPARED_MAX]:
            if len(common & set(asked[other])) >= COMMON_BLOCKS_MIN and len(group) < COMPARED_MAX:
                group.append(other)
                common &= set(asked[other])
        if len(group) > len(best):
            best = group
    return [entries[number] for number in sorted(best)] if len(best) > 1 else list(entries[:COMPARED_MAX])


def letters(number: int) -> str:
    """A, B, …, Z, AA, AB, …: a candidate's letter stays the same when others are added."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _everybody(opening: Opening, reader: User) -> list[Known]:
    """The opening's candidates in the order in which they were added."""
    held = Interview.objects.filter(candidate=OuterRef("pk")).debrief_open_to(reader).order_by("scheduled_for", "pk")
    candidates = Candidate.objects.filter(opening=opening).order_by("pk")
    return list(map(Known._make, candidates.values_list("pk", "name", Subquery(held.values("started_at")[:1]))))


def _accesses(opening: Opening, reader: User, candidates: Collection[int]) -> dict[int, list[DebriefAccess]]:
    """The debriefs of these candidates' interviews, earliest first."""
    interviews = list(
        Interview.objects.filter(opening=opening, candidate__in=candidates)
        .exclude(status=Interview.Status.CANCELLED)
        .with_outcome(reader)
        .order_by("scheduled_for", "pk")
    )
    found: dict[int, list[DebriefAccess]] = {}
    for access in debrief_accesses(reader, interviews):
        found.setdefault(access.interview.candidate_id, []).append(access)
    return found


def _entries(known: Sequence[Known], accesses: dict[int, list[DebriefAccess]]) -> list[Entry]:
    """In the same order, with the scorecards. One whose debrief has just closed is not among them."""
    readable = {one: [access for access in accesses.get(one.pk, []) if access.barred is None] for one in known}
    scorecards = [p.scorecard for found in readable.values() for access in found for p in access.submitted]
    prefetch_related_objects(scorecards, "versions")
    return [
        Entry(
            pk=one.pk,
            name=one.name,
            interviews=[access.interview for access in found],
            submitted=[submissions(access.submitted) for access in found],
        )
        for one, found in readable.items()
        if found
    ]


def _is_decided(entry: Entry) -> bool:
    """Whether the latest interview has a decision other than Hold."""
    return entry.interviews[-1].decided not in (None, Decision.Choice.HOLD)


WHY = {
    Barred.NOT_ENDED: "The interview has not taken place yet.",
    Barred.OWN_MISSING: "You’re on the panel. Submit your scorecard to see this.",
    Barred.NEVER: "You were on the panel, and in this opening panelists never see each other’s scorecards.",
    Barred.OTHERS_MISSING: "Scorecards are outstanding.",
    Barred.NOT_OPEN: "Scorecards are outstanding.",
}


def _why(found: Sequence[DebriefAccess]) -> str:
    """The reason of the first interview, if there are several."""
    barred = found[0].barred if found else None
    return WHY.get(barred, "No interview scheduled yet.") if barred else "No interview scheduled yet."


def _fill(comparison: Comparison) -> None:
    """Add the common questions, the scores on them, and the pairs."""
    scores = [entry.score for entry in comparison.chosen]
    sources = common_sources(scores)
    comparison.rows = [_row(entry, score, sources) for entry, score in zip(comparison.chosen, scores, strict=True)]
    comparison.pairs = pairs([(entry.name, score) for entry, score in zip(comparison.chosen, scores, strict=True)])
    comparison.questions = _questions(comparison.chosen, scores, sources)
    if len(scores) > 2 and not comparison.is_comparable:
        for number, entry in enumerate(comparison.chosen):
            rest = len(common_sources(scores[:number] + scores[number + 1 :]))
            if rest >= COMMON_BLOCKS_MIN:
                others = comparison.chosen[:number] + comparison.chosen[number + 1 :]
                query = urlencode([("candidate", other.pk) for other in others])
                comparison.hints.append((f"Without {entry.name}, the others share {plural(rest, 'question')}.", query))


def _row(entry: Entry, score: Score, sources: Collection[object]) -> Row:
    common = score.on(sources)
    return Row(
        entry=entry,
        rating="" if common.rating_part is None else two_decimals(common.rating_part),
        extra="" if common.rating_part is None else two_decimals(common.extra_part),
        coverage=coverage_words(score),
    )


def _questions(chosen: Sequence[Entry], scores: Sequence[Score], sources: Collection[object]) -> list[CommonQuestion]:
    """The common questions, in the order of the first candidate's script."""
    if not chosen:
        return []
    prompts: dict[Hashable, str] = {
        question["source"]: question["prompt"]
        for submitted in chosen[0].submitted
        for question in facts(submitted)["questions"]
    }
    by_source = [{block.source: block for block in score.blocks} for score in scores]
    found = []
    for block in scores[0].blocks:
        if block.source in sources:
            same = [blocks[block.source] for blocks in by_source]
            cells = [(RATING_WORDS[nearest([one.rating])], one.heard) for one in same if one.rating is not None]
            found.append(CommonQuestion(prompts[block.source], block.topic, cells))
    return found
