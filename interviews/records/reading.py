"""Submitted scorecards, read from their snapshots instead of live rows, and the score computed from them."""

import json
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from interviews.models import Panelist, ScorecardVersion
from interviews.records import scoring
from interviews.records.snapshot_types import Snapshot, SnapshotQuestion
from question_bank.models import Point, Question


@dataclass(frozen=True)
class Submission:
    """One panelist's submitted scorecard: the version that counts, and later revisions, oldest first."""

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
        """The last revision, or the counted version without one."""
        return self.later[-1] if self.later else self.snapshot

    @property
    def is_shadow(self) -> bool:
        return self.snapshot["author"]["part"] == "shadow"

    @property
    def answers(self) -> dict[int, SnapshotQuestion]:
        """Its questions by id, in the order of the script."""
        return {question["id"]: question for question in self.snapshot["questions"]}

    def versions_of(self, question: SnapshotQuestion) -> list[SnapshotQuestion]:
        """A question in each version, the counted one first.

        Nothing is recorded in a version from before the question was added: a call can be reopened after a shadow has
        submitted."""
        blank: SnapshotQuestion = {**question, "rating": None, "points": [], "unlisted": [], "note": None}
        return [
            next((one for one in snapshot["questions"] if one["id"] == question["id"]), blank)
            for snapshot in (self.snapshot, *self.later)
        ]


def submissions(panelists: Iterable[Panelist]) -> list[Submission]:
    """One for each panelist; each must have submitted (`access.readable_panelists` gives those a reader may read)."""
    return [_submission(panelist) for panelist in panelists]


def _submission(panelist: Panelist) -> Submission:
    versions = list(panelist.scorecard.versions.all())
    # The newest that was written blind. A scorecard without a blind version is shown, but not counted.
    counted = next((version for version in reversed(versions) if version.is_blind), versions[-1])
    later = [json.loads(version.snapshot) for version in versions if version.number > counted.number]
    hashes = tuple(version.sha256 for version in versions)
    return Submission(panelist, counted, json.loads(counted.snapshot), tuple(later), hashes)


def single_version(panelist: Panelist, number: int) -> Submission | None:
    """The version of this number, whether it counts or not; None if there is none."""
    versions = list(panelist.scorecard.versions.all())
    hashes = tuple(version.sha256 for version in versions)
    found = next((version for version in versions if version.number == number), None)
    return Submission(panelist, found, json.loads(found.snapshot), (), hashes) if found else None


def panel_score(submitted: Sequence[Submission]) -> scoring.Score:
    """Score v1 of the scorecards that count; an empty score if none does."""
    return score_of([submission for submission in submitted if submission.counts])


def score_of(submitted: Sequence[Submission]) -> scoring.Score:
    """Score v1 of all these scorecards, whether they count or not."""
    if not submitted:
        return scoring.score([], [])
    return scoring.score(list(_blocks(submitted)), [_view(submission) for submission in submitted])


def facts(submitted: Sequence[Submission]) -> Snapshot:
    """The snapshot submitted last: it knows everything that the panel asked, and when."""
    return max(submitted, key=lambda submission: submission.version.submitted_at).snapshot


def block_topics(snapshot: Snapshot) -> dict[int, str]:
    """The topic under which each question counts: a follow-up's is that of its top-level question."""
    topics: dict[int, str] = {}
    for question in snapshot["questions"]:  # parents come before their follow-ups
        parent = question["parent"]
        topics[question["id"]] = question["topic"] if parent is None else topics.get(parent, question["topic"])
    return topics


def has_evidence(answer: SnapshotQuestion) -> bool:
    """Whether the panelist rated, flagged or heard something here: then the question was asked."""
    return bool(answer["rating"] or answer["points"] or answer["unlisted"])


def _blocks(submitted: Sequence[Submission]) -> Iterator[scoring.Question]:
    """Top-level questions with all their follow-ups. Evidence marks a question and its block as asked."""
    questions = facts(submitted)["questions"]
    touched = {pk for submission in submitted for pk, answer in submission.answers.items() if has_evidence(answer)}
    block_of: dict[int, int] = {}
    for question in questions:  # parents come before their follow-ups
        parent = question["parent"]
        block_of[question["id"]] = question["id"] if parent is None else block_of[parent]
    reopened = {block_of[pk] for pk in touched}
    below: dict[int, list[scoring.Question]] = {}
    for question in questions:
        if question["parent"] is not None:
            below.setdefault(block_of[question["id"]], []).append(_scored(question, is_asked=question["id"] in touched))
    for question in questions:
        if question["parent"] is None and (question["id"] in reopened or not question.get("is_removed")):
            pk = question["id"]
            is_asked = pk in touched or (question["state"] == "skipped" and pk in reopened)
            yield _scored(question, is_asked=is_asked, follow_ups=tuple(below.get(pk, ())))


def _scored(
    question: SnapshotQuestion, *, is_asked: bool, follow_ups: tuple[scoring.Question, ...] = ()
) -> scoring.Question:
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
