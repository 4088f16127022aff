"""Submitted scorecards read back from their snapshots, not from live rows, and the score they come to."""

import json
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from interviews.models import Panelist, ScorecardVersion
from interviews.records import scoring
from question_bank.models import Point, Question

Snapshot = dict[str, Any]  # in the shape of `snapshots.FORMAT`


@dataclass(frozen=True)
class Submission:
    """What one panelist submitted: the version that counts, and corrections made after it, oldest first."""

    panelist: Panelist
    version: ScorecardVersion
    snapshot: Snapshot
    later: tuple[Snapshot, ...]
    hashes: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Part of the score: written blind, and not a shadow's."""
        return self.version.is_blind and not self.is_shadow

    @property
    def newest(self) -> Snapshot:
        """What its author stands by now: the last correction, else what counts."""
        return self.later[-1] if self.later else self.snapshot

    @property
    def is_shadow(self) -> bool:
        return bool(self.snapshot["author"]["part"] == Panelist.Part.SHADOW)

    @property
    def answers(self) -> dict[int, Snapshot]:
        """What it says about each question, by the question's id, in the order of the script."""
        return {question["id"]: question for question in self.snapshot["questions"]}


def submissions(panelists: Iterable[Panelist]) -> list[Submission]:
    """One for each panelist, who must have submitted; see `policies.readable_panelists`."""
    return [_submission(panelist) for panelist in panelists]


def _submission(panelist: Panelist) -> Submission:
    versions = list(panelist.scorecard.versions.all())
    # The newest that was written blind; who never wrote blind is still read, but not counted.
    counted = next((version for version in reversed(versions) if version.is_blind), versions[-1])
    later = [json.loads(version.snapshot) for version in versions if version.number > counted.number]
    hashes = tuple(version.sha256 for version in versions)
    return Submission(panelist, counted, json.loads(counted.snapshot), tuple(later), hashes)


def single_version(panelist: Panelist, number: int) -> Submission | None:
    """One version by itself, whichever counts; None where there is none of this number."""
    versions = list(panelist.scorecard.versions.all())
    hashes = tuple(version.sha256 for version in versions)
    found = next((version for version in versions if version.number == number), None)
    return Submission(panelist, found, json.loads(found.snapshot), (), hashes) if found else None


def panel_score(submitted: Sequence[Submission]) -> scoring.Score:
    """Score v1 of what was submitted; an empty score without a counting scorecard."""
    return score_of([submission for submission in submitted if submission.counts])


def score_of(submitted: Sequence[Submission]) -> scoring.Score:
    """The same arithmetic on all of these, whether they count or not."""
    if not submitted:
        return scoring.score([], [])
    return scoring.score(list(_blocks(submitted)), [_view(submission) for submission in submitted])


def facts(submitted: Sequence[Submission]) -> Snapshot:
    """The newest of the snapshots: what was asked when, which the whole panel shares."""
    return max(submitted, key=lambda submission: submission.version.submitted_at).snapshot


def block_topics(snapshot: Snapshot) -> dict[int, str]:
    """The topic under which each question counts: a follow-up's is that of its top-level question."""
    topics: dict[int, str] = {}
    for question in snapshot["questions"]:  # parents stand before their follow-ups
        topics[question["id"]] = topics.get(question["parent"], question["topic"])
    return topics


def has_evidence(answer: Snapshot) -> bool:
    """Something was rated, flagged or heard here, which says that it was asked."""
    return bool(answer["rating"] or answer["points"] or answer["unlisted"])


def _blocks(submitted: Sequence[Submission]) -> Iterator[scoring.Question]:
    """Top-level questions with all below them. Evidence sets a question back to asked, and its block."""
    questions: list[Snapshot] = facts(submitted)["questions"]
    touched: set[int] = {
        pk for submission in submitted for pk, answer in submission.answers.items() if has_evidence(answer)
    }
    block_of: dict[int, int] = {}
    for question in questions:  # parents stand before their follow-ups
        pk: int = question["id"]
        block_of[pk] = pk if question["parent"] is None else block_of[question["parent"]]
    reopened = {block_of[pk] for pk in touched}
    below: dict[int, list[scoring.Question]] = {}
    for question in questions:
        if question["parent"] is not None:
            below.setdefault(block_of[question["id"]], []).append(_scored(question, is_asked=question["id"] in touched))
    for question in questions:
        if question["parent"] is None:
            pk = question["id"]
            is_asked = pk in touched or (question["state"] == "skipped" and pk in reopened)
            yield _scored(question, is_asked=is_asked, follow_ups=tuple(below.get(pk, ())))


def _scored(question: Snapshot, *, is_asked: bool, follow_ups: tuple[scoring.Question, ...] = ()) -> scoring.Question:
    return scoring.Question(
        id=question["id"],
        is_answer=question["kind"] == Question.Kind.ANSWER,
        is_must_ask=question["is_must_ask"],
        state="asked" if is_asked else question["state"],
        topic=question["topic"],
        is_behind_gate=question["is_behind_gate"],
        follow_ups=follow_ups,
        source=question["source"],
    )


def _view(submission: Submission) -> scoring.View:
    ratings: dict[Hashable, int] = {}
    heard: dict[Hashable, list[Hashable]] = {}
    for pk, answer in submission.answers.items():
        if answer["rating"] and answer["rating"]["value"] is not None:
            ratings[pk] = answer["rating"]["value"]
        heard[pk] = [("listed", point["id"]) for point in answer["points"] if point["kind"] == Point.Kind.BROWNIE]
        heard[pk] += [("unlisted", point["id"]) for point in answer["unlisted"]]
    return scoring.View(submission.panelist.pk, submission.snapshot["author"]["part"], ratings, heard)
