"""Cards for templates: a question with its points, keys and scale; a section with its cards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from interviews.models import Note, Rating, ScriptedPoint, ScriptedQuestion, ScriptedSection
from interviews.records.asked_before import AskedBefore
from interviews.records.wording import plural
from question_bank.models import Point, RatingStep
from question_bank.scale import GENERAL_SCALE

# Only the first nine points have a key.
MOST_KEYS = 9
# The outline indents no deeper.
DEEPEST = 3


@dataclass(frozen=True)
class PointRow:
    """A point with the key that ticks it; "" for none."""

    pk: int
    text: str
    leads_to_id: int | None
    key: str


@dataclass(frozen=True)
class PointGroup:
    """Points of one kind. The group of brownie points also takes extra points."""

    title: str
    hint: str
    points: list[PointRow]
    takes_unlisted: bool = False


@dataclass(frozen=True)
class Step:
    """One rating, and what it looks like for this question."""

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


@dataclass(frozen=True)
class QuestionCard:
    """A question as a page shows it. `depth` is 0 for a top-level question; `note` is the reader's own."""

    question: ScriptedQuestion
    depth: int
    point_groups: list[PointGroup]
    scale: list[Step]
    note: Note | None = None
    # The same question, asked of this candidate in another interview that the reader may see.
    before: AskedBefore | None = None

    @property
    def outline_depth(self) -> int:
        return min(self.depth, DEEPEST)

    @property
    def flags(self) -> list[FlagButton]:
        return FLAG_BUTTONS

    @property
    def fold_words(self) -> str:
        """The summary of the fold: what it holds, such as "Why we ask, guidance, 2 references"."""
        reading = len(self.question.references)
        parts = {
            "why we ask": self.question.purpose,
            "guidance": self.question.guidance,
            "expectations": self.question.expectations,
            plural(reading, "reference"): reading,
        }
        words = ", ".join(part for part, is_there in parts.items() if is_there)
        return words[:1].upper() + words[1:]

    @property
    def is_about_assignment(self) -> bool:
        """Judged by its words: a frozen question has no field for it."""
        return "assignment" in f"{self.question.prompt} {self.question.guidance}".lower()


@dataclass(frozen=True)
class SectionCard:
    """A section as a page shows it. `behind` are the sections that its gate holds back: up to the next gate, without
    the candidate's own questions."""

    section: ScriptedSection
    cards: list[QuestionCard]
    behind: list[ScriptedSection]

    @property
    def behind_minutes(self) -> int:
        return sum(section.minutes for section in self.behind)


def build_sections(
    sections: Sequence[ScriptedSection],
    questions: Iterable[ScriptedQuestion],
    *,
    notes: Mapping[int | None, Note] | None = None,
    before: Mapping[int, AskedBefore] | None = None,
) -> list[SectionCard]:
    """The cards of a script. `questions` come in order, parents first, with prefetched points; `notes` by question,
    `before` by question of the bank."""
    depths: dict[int, int] = {}
    cards = defaultdict[int, list[QuestionCard]](list)
    for question in questions:
        depths[question.pk] = depths[question.parent_id] + 1 if question.parent_id in depths else 0
        note = (notes or {}).get(question.pk)
        asked = (before or {}).get(question.source_id or 0)
        card = build_card(question, list(question.points.all()), depth=depths[question.pk], note=note, before=asked)
        cards[question.section_id].append(card)
    return [SectionCard(section, cards[section.pk], _behind(sections[at:])) for at, section in enumerate(sections)]


def build_card(
    question: ScriptedQuestion,
    points: Iterable[ScriptedPoint],
    *,
    depth: int = 0,
    note: Note | None = None,
    before: AskedBefore | None = None,
) -> QuestionCard:
    """Points get keys in the order in which the card shows them."""
    return QuestionCard(question, depth, _groups(question, list(points)), scale_of(question), note, before)


def scale_of(question: ScriptedQuestion) -> list[Step]:
    """The four ratings, described by the question's own anchors or the general ones; none for a conversation."""
    if not question.is_answer:
        return []
    own = {anchor["rating"]: anchor["text"] for anchor in question.anchors}
    return [
        Step(rating.value, rating.label, rating.label[0].lower(), own.get(rating.value, GENERAL_SCALE[rating]))
        for rating in RatingStep
    ]


def _behind(sections: Sequence[ScriptedSection]) -> list[ScriptedSection]:
    """Of the sections from a gate on, those that it holds back."""
    first = sections[0]
    end = next((at for at, later in enumerate(sections) if later.gate and later is not first), len(sections))
    return [section for section in sections[:end] if not section.is_for_candidate]


def _groups(question: ScriptedQuestion, points: list[ScriptedPoint]) -> list[PointGroup]:
    numbers = count(1)

    def rows(kind: Point.Kind) -> list[PointRow]:
        """Call it in the order of the groups: keys are numbered through all of them."""
        found = []
        for point in points:
            if point.kind == kind:
                number = next(numbers)
                key = str(number) if number <= MOST_KEYS else ""
                found.append(PointRow(point.pk, point.text, point.leads_to_id, key))
        return found

    brownies, cues, watch_outs = rows(Point.Kind.BROWNIE), rows(Point.Kind.CUE), rows(Point.Kind.WATCH_OUT)
    groups = []
    if brownies:
        groups.append(PointGroup("Brownie points", "", brownies, takes_unlisted=True))
    if cues:
        groups.append(PointGroup("Listen for", "Ticking suggests a follow-up", cues))
    if question.is_answer and not brownies:
        groups.append(PointGroup("Brownie points", "", [], takes_unlisted=True))
    if watch_outs:
        groups.append(PointGroup("Watch-outs", "To talk about, never a deduction", watch_outs))
    return groups
