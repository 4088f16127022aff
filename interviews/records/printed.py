"""The shapes in which submitted scorecards are shown: on their page, in the debrief and, as JSON, in a PDF."""

from typing import NotRequired, TypedDict


class Head(TypedDict):
    title: str
    candidate: str
    opening: str
    role: str
    when: str
    time: str  # "41 min of 60 planned, welcome 4 min"
    script: str


class Recommended(TypedDict):
    text: str  # "2 yes · 1 strong yes"
    leaning: str  # "yes", "no" or "open"


class TakeAway(TypedDict):
    text: str
    who: str  # "" where only one person wrote


class PrintedDecision(TypedDict):
    """The latest decision on an interview, for readers of its debrief."""

    number: int
    choice: str  # "Advance"
    reason: str
    against: str  # why it overrules the panel or the score; "" if it does not
    dissent: str
    dissenters: list[str]
    who: str
    at: str
    when: str  # in the interview's zone


class NoteEntry(TypedDict):
    who: str
    text: str
    mark: str
    added: str
    before: str


class RatingEntry(TypedDict):
    who: str
    word: str


class PrintedQuestion(TypedDict):
    prompt: str
    exhibit: str
    exhibit_says: str
    asked: str
    ratings: list[RatingEntry]
    flags: list[str]
    points: list[str]
    unlisted: list[TakeAway]
    watch_outs: list[str]
    cues: list[str]
    notes: list[NoteEntry]
    is_long: bool
    depth: int


class PrintedSection(TypedDict):
    title: str
    time: str  # "12 of 14 min"; "" where no time was counted
    questions: list[PrintedQuestion]


class NotAsked(TypedDict):
    why: str
    prompts: list[str]


class PrintedAnswers(TypedDict):
    notes: list[NoteEntry]
    sections: list[PrintedSection]
    not_asked: list[NotAsked]


class LaterVersion(TypedDict):
    recommendation: str
    because: str
    submitted: str
    reason: str


class PanelRow(TypedDict):
    """One panelist. Without a scorecard to read there is only the state."""

    name: str
    part: str
    state: str  # "submitted", or why it cannot be read: "outstanding", "withheld", "waived", "absent"
    is_counted: NotRequired[bool]
    recommendation: NotRequired[str]
    because: NotRequired[str]
    submitted: NotRequired[str]
    later: NotRequired[list[LaterVersion]]


class SingleDocument(PrintedAnswers):
    """One submitted scorecard on its page."""

    head: Head
    row: PanelRow
    stood_out: list[TakeAway]
    still_open: list[TakeAway]
