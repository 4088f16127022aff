"""The shapes of a PDF's content. They are stored as canonical JSON, whose SHA-256 is the document's key."""

from typing import NotRequired, TypedDict, final

from interviews.records.printed import Head, PanelRow, PrintedAnswers, PrintedDecision, Recommended, TakeAway


class ScoreLine(TypedDict):
    version: str
    text: str
    remarks: str


class TopicLine(TypedDict):
    topic: str
    step: int  # 1 Poor to 4 Excellent; 0 where nobody rated it
    text: str
    heard: int
    why: str  # why nobody rated it


class Source(TypedDict):
    """A submitted version that is printed."""

    name: str
    version: int
    sha256: str
    is_counted: bool


@final
class InterviewDocument(PrintedAnswers):
    """The content of the PDF of one interview, for a reader."""

    template: int
    created: str
    interview: int
    head: Head
    as_of: str  # of the newest scorecard or decision in it
    decision: PrintedDecision | None
    recommendations: Recommended
    score: ScoreLine
    say: TakeAway | None
    topics: list[TopicLine]
    flags: str
    stood_out: list[TakeAway]
    still_open: list[TakeAway]
    panel: list[PanelRow]
    sources: list[Source]
    boxes: NotRequired[list[str]]  # scripts without a font on the machine that built it


class PacketHead(TypedDict):
    title: str
    candidate: str
    opening: str
    role: str


@final
class PacketDocument(TypedDict):
    """The content of the PDF of all interviews of a candidate, for a reader."""

    template: int
    created: str
    head: PacketHead
    interviews: list[InterviewDocument]
    boxes: NotRequired[list[str]]


Document = InterviewDocument | PacketDocument


def parts(document: Document) -> list[InterviewDocument]:
    """The interviews that a document prints, in its order."""
    if "interviews" in document:
        return document["interviews"]
    return [document]
