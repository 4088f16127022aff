"""What the card of one question shows besides its words: points under their labels, keys, the scale, the flags."""

from dataclasses import dataclass, field

from interviews.models import Rating, ScriptedPoint, ScriptedQuestion, ScriptedSection
from question_bank.models import Point, RatingStep
from question_bank.scale import GENERAL_SCALE

# A tenth point has no key.
MOST_KEYS = 9
DEEPEST = 3


@dataclass(frozen=True)
class PointGroup:
    """Points of one kind. Good points that the script does not list are noted under the brownie points."""

    title: str
    hint: str
    points: list[ScriptedPoint]
    takes_unlisted: bool = False


@dataclass(frozen=True)
class Step:
    """One rating with what it looks like for this question."""

    value: int
    word: str
    key: str
    text: str


@dataclass(frozen=True)
class FlagButton:
    name: str
    words: str
    key: str = field(default="")


FLAG_BUTTONS = [FlagButton(name, words, "d" if name == "dont_know" else "") for name, words in Rating.FLAGS.items()]


def dress(question: ScriptedQuestion, points: list[ScriptedPoint]) -> None:
    """Hang onto the question what its card prints. Points get their keys in the order in which they stand there."""
    question.point_groups = groups = _groups(question, points)  # type: ignore[attr-defined]
    shown = [point for group in groups for point in group.points]
    for number, point in enumerate(shown, start=1):
        point.key = str(number) if number <= MOST_KEYS else ""  # type: ignore[attr-defined]
    question.scale = _scale(question) if question.is_answer else []  # type: ignore[attr-defined]
    question.flag_list = FLAG_BUTTONS  # type: ignore[attr-defined]
    question.outline_depth = min(question.depth, DEEPEST)  # type: ignore[attr-defined]
    # The frozen question says so only in its words.
    question.is_about_assignment = "assignment" in f"{question.prompt} {question.guidance}".lower()  # type: ignore[attr-defined]


def gate_contents(sections: list[ScriptedSection]) -> None:
    """Hang onto each section what its gate holds back: up to the next gate, without the candidate's own questions."""
    for number, section in enumerate(sections):
        behind = []
        for later in sections[number:]:
            if later.gate and later is not section:
                break
            if not later.is_for_candidate:
                behind.append(later)
        section.behind = behind  # type: ignore[attr-defined]
        section.behind_minutes = sum(one.minutes for one in behind)  # type: ignore[attr-defined]


def _groups(question: ScriptedQuestion, points: list[ScriptedPoint]) -> list[PointGroup]:
    of_kind = {kind: [point for point in points if point.kind == kind] for kind in Point.Kind}
    brownies = of_kind[Point.Kind.BROWNIE]
    groups = []
    if brownies:
        groups.append(PointGroup("Brownie points", "", brownies, takes_unlisted=True))
    if of_kind[Point.Kind.CUE]:
        groups.append(PointGroup("Listen for", "ticking one offers a follow-up", of_kind[Point.Kind.CUE]))
    if question.is_answer and not brownies:
        groups.append(PointGroup("Brownie points", "", [], takes_unlisted=True))
    if of_kind[Point.Kind.WATCH_OUT]:
        groups.append(PointGroup("Watch-outs", "to talk about, never a deduction", of_kind[Point.Kind.WATCH_OUT]))
    return groups


def _scale(question: ScriptedQuestion) -> list[Step]:
    own = {anchor["rating"]: anchor["text"] for anchor in question.anchors}
    return [
        Step(rating.value, rating.label, rating.label[0].lower(), own.get(rating.value, GENERAL_SCALE[rating]))
        for rating in RatingStep
    ]
