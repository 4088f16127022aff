"""The shape of a submitted snapshot (`snapshots.FORMAT` 1). Times are text in UTC, as `snapshots.moment` writes them.

Snapshots are never rewritten: a key that was added later is NotRequired."""

from typing import NotRequired, TypedDict

from interviews.records.scoring import Part, State


class SnapshotNote(TypedDict):
    text: str
    at: str
    call_text: str | None  # the text when the call ended, where it was changed later; "" for one begun later


class SnapshotRating(TypedDict):
    value: int | None
    flags: list[str]
    at: str
    is_after_call: bool


class SnapshotHeard(TypedDict):
    """A point that this panelist ticked, listed or not."""

    id: int
    text: str
    at: str
    is_after_call: bool


class SnapshotPoint(SnapshotHeard):
    kind: str  # of `Point.Kind`


class SnapshotPointAuthor(TypedDict):
    panelist: int
    name: str


class SnapshotUnlistedPoint(SnapshotHeard):
    author: SnapshotPointAuthor


class SnapshotAdded(TypedDict):
    """What marks a question that is not from the script."""

    is_added: NotRequired[bool]  # in the call
    is_removed: NotRequired[bool]  # and taken back


class SnapshotQuestion(SnapshotAdded):
    """A question as it was asked, and everything this panelist recorded at it."""

    id: int
    source: int | None
    source_version: int
    parent: int | None
    section: int
    topic: str
    condition: str
    prompt: str
    exhibit: NotRequired[str]
    exhibit_says: NotRequired[str]
    kind: str  # of `Question.Kind`
    is_must_ask: bool
    is_behind_gate: bool
    state: State
    asked_at: str | None
    asked_by: NotRequired[str]  # a panelist's name; "" for a manager outside the panel, or if it was not asked
    seconds: int
    skip_reason: int | None
    rating: SnapshotRating | None
    points: list[SnapshotPoint]
    unlisted: list[SnapshotUnlistedPoint]
    note: SnapshotNote | None


class SnapshotSection(TypedDict):
    id: int
    title: str
    minutes: int
    gate: str
    is_gate_open: bool | None  # None: not decided
    is_for_candidate: bool
    is_behind_gate: bool


class SnapshotCandidate(TypedDict):
    id: int
    name: str


class SnapshotOpening(TypedDict):
    id: int
    title: str
    team: str


class SnapshotScript(TypedDict):
    name: str
    version: int


class SnapshotInterview(TypedDict):
    id: int
    candidate: SnapshotCandidate
    opening: SnapshotOpening
    script: SnapshotScript
    scheduled_for: str
    time_zone: str
    minutes: int
    started_at: str
    ended_at: str
    paused_seconds: NotRequired[int]
    welcome_seconds: NotRequired[int | None]  # before the first question; None if none was asked


class SnapshotAuthor(TypedDict):
    panelist: int
    user: int
    name: str
    short_name: str
    part: Part


class Snapshot(TypedDict):
    """One version of a scorecard."""

    format: int
    score: str
    number: int
    reason: str
    is_blind: bool
    submitted_at: str
    interview: SnapshotInterview
    author: SnapshotAuthor
    sections: list[SnapshotSection]
    questions: list[SnapshotQuestion]
    note: SnapshotNote | None
    recommendation: int | None
    because: str
    stood_out: str
    still_open: str
