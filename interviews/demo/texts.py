"""The texts of `fixtures_seed/demo.yaml` as dataclasses. The top of that file describes its shape.

An unknown or missing field is a TypeError: the file ships with the code, and a test reads it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

DEMO_FILE = Path(settings.BASE_DIR) / "fixtures_seed" / "demo.yaml"


@dataclass(frozen=True)
class PersonText:
    key: str
    name: str
    email: str
    roles: list[str]
    time_zone: str
    is_invited: bool = False


@dataclass(frozen=True)
class OpeningText:
    key: str
    title: str
    team: str
    managers: list[str]
    call_link: str = ""
    description: str = ""
    look_for: str = ""
    # Keys of topics.
    topics: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CandidateText:
    key: str
    opening: str
    name: str
    email: str
    links: list[str]
    assignment_url: str
    notes: str


@dataclass(frozen=True)
class DraftText:
    """A draft question."""

    topic: str
    prompt: str
    purpose: str
    minutes: int
    points: list[str]


@dataclass(frozen=True)
class AnswerText:
    """One panelist's record of one question. `heard` are numbers of points, from 1."""

    rating: str | None = None
    flags: list[str] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)
    note: str = ""
    after_call: bool = False


@dataclass(frozen=True)
class UnlistedText:
    text: str
    by: str
    heard_by: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class MomentText:
    """A question asked at a minute of the call, or skipped for a reason."""

    question: str
    minute: int | None = None
    by: str | None = None
    skipped: str | None = None
    answers: dict[str, AnswerText] = field(default_factory=dict)
    unlisted: list[UnlistedText] = field(default_factory=list)


@dataclass(frozen=True)
class LooseEndText:
    by: str
    text: str
    question: str
    is_done: bool


@dataclass(frozen=True)
class ScorecardText:
    """`submitted_after` is in minutes after the end of the call; without it this is a draft."""

    stood_out: list[str]
    still_open: list[str]
    recommendation: str | None = None
    because: str = ""
    submitted_after: int | None = None


@dataclass(frozen=True)
class RevisionText:
    """A revision after reading the others; `after` is in hours after the end of the call."""

    after: int
    reason: str
    recommendation: str
    because: str
    ratings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DecisionText:
    """`after` is in hours after the end of the call."""

    by: str
    after: int
    choice: str
    reason: str
    against: str = ""
    dissenters: list[str] = field(default_factory=list)
    dissent: str = ""
    feedback: str = ""


@dataclass(frozen=True)
class InterviewText:
    key: str
    candidate: str
    script: str
    minutes: int
    time_zone: str
    starts: dict[str, Any]
    status: str
    panel: list[dict[str, str]]
    cancel_reason: str = ""
    took: int = 0
    gate: str = ""
    call: list[MomentText] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    loose_ends: list[LooseEndText] = field(default_factory=list)
    scorecards: dict[str, ScorecardText] = field(default_factory=dict)
    revisions: dict[str, RevisionText] = field(default_factory=dict)
    decisions: list[DecisionText] = field(default_factory=list)

    @property
    def lead(self) -> str:
        return next(seat["who"] for seat in self.panel if seat["part"] == "lead")


@dataclass(frozen=True)
class DemoTexts:
    people: list[PersonText]
    openings: list[OpeningText]
    candidates: list[CandidateText]
    drafts: list[DraftText]
    interviews: list[InterviewText]


def read_texts(path: Path = DEMO_FILE) -> DemoTexts:
    raw = yaml.safe_load(path.read_text("utf-8"))
    return DemoTexts(
        people=[PersonText(**person) for person in raw["people"]],
        openings=[OpeningText(**opening) for opening in raw["openings"]],
        candidates=[CandidateText(**candidate) for candidate in raw["candidates"]],
        drafts=[DraftText(**draft) for draft in raw["drafts"]],
        interviews=[_interview(**interview) for interview in raw["interviews"]],
    )


def _interview(
    *,
    call: list[dict[str, Any]] | None = None,
    loose_ends: list[dict[str, Any]] | None = None,
    scorecards: dict[str, dict[str, Any]] | None = None,
    revisions: dict[str, dict[str, Any]] | None = None,
    decisions: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> InterviewText:
    return InterviewText(
        call=[_moment(**moment) for moment in call or []],
        loose_ends=[LooseEndText(**loose_end) for loose_end in loose_ends or []],
        scorecards={who: ScorecardText(**scorecard) for who, scorecard in (scorecards or {}).items()},
        revisions={who: RevisionText(**revision) for who, revision in (revisions or {}).items()},
        decisions=[DecisionText(**decision) for decision in decisions or []],
        **fields,
    )


def _moment(
    *,
    answers: dict[str, dict[str, Any]] | None = None,
    unlisted: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> MomentText:
    return MomentText(
        answers={who: AnswerText(**answer) for who, answer in (answers or {}).items()},
        unlisted=[UnlistedText(**point) for point in unlisted or []],
        **fields,
    )
