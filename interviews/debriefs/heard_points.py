"""The points that a panel heard: each once, with who heard it and when."""

from dataclasses import dataclass, field
from typing import NamedTuple

from interviews.records.panel import Panel
from interviews.records.reading import Submission, block_topics
from interviews.records.snapshot_types import SnapshotHeard, SnapshotQuestion
from question_bank.models import Point

UNLISTED = "unlisted"


@dataclass
class HeardPoint:
    text: str
    kind: str  # of `Point.Kind`, or UNLISTED
    prompt: str  # of the question at which it was heard
    first_at: str
    by: list[str] = field(default_factory=list)  # "Mira 14:05", in the order of the panel


@dataclass
class HeardTopic:
    topic: str
    points: list[HeardPoint]

    @property
    def listed(self) -> list[HeardPoint]:
        return [point for point in self.points if point.kind == Point.Kind.BROWNIE]

    @property
    def unlisted(self) -> list[HeardPoint]:
        return [point for point in self.points if point.kind == UNLISTED]

    @property
    def good(self) -> list[HeardPoint]:
        return [*self.listed, *self.unlisted]

    @property
    def to_talk_about(self) -> list[HeardPoint]:
        return [point for point in self.points if point.kind == Point.Kind.WATCH_OUT]

    @property
    def came_up(self) -> list[HeardPoint]:
        """Cues, which are worth nothing."""
        return [point for point in self.points if point.kind == Point.Kind.CUE]


def heard_points(panel: Panel) -> list[HeardTopic]:
    """Topics in script order, each with its points in the order in which they were first heard.

    Points that only a later revision ticked are marked "later"."""
    found: dict[tuple[str, int], HeardPoint] = {}
    topic_of = block_topics(panel.newest)
    topics: dict[str, list[HeardPoint]] = {topic: [] for topic in topic_of.values()}
    for one in panel.submitted:
        for key, heard in _own(one).items():
            point, question = heard.point, heard.question
            if key not in found:
                found[key] = HeardPoint(point["text"], heard.kind, question["prompt"], point["at"])
                topics[topic_of[question["id"]]].append(found[key])
            after = ", after the call" if point["is_after_call"] else ""
            found[key].first_at = min(found[key].first_at, point["at"])
            found[key].by.append(f"{panel.name(one)} {panel.zone.clock(point['at'])}{after}{heard.mark}")
    for points in topics.values():
        points.sort(key=lambda point: point.first_at)
    return [HeardTopic(topic, points) for topic, points in topics.items() if points]


class _Heard(NamedTuple):
    kind: str
    question: SnapshotQuestion
    point: SnapshotHeard
    mark: str


def _own(one: Submission) -> dict[tuple[str, int], _Heard]:
    """Each point that one panelist heard, once, from the first of their versions that has it."""
    own: dict[tuple[str, int], _Heard] = {}
    for snapshot, mark in [(one.snapshot, ""), *((later, " (later)") for later in one.later)]:
        for question in snapshot["questions"]:
            for listed in question["points"]:
                own.setdefault(("listed", listed["id"]), _Heard(listed["kind"], question, listed, mark))
            for unlisted in question["unlisted"]:
                own.setdefault((UNLISTED, unlisted["id"]), _Heard(UNLISTED, question, unlisted, mark))
    return own
