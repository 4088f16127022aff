"""One question with everything its reader may see, and nothing else."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any, NamedTuple

from accounts.models import User
from question_bank.models import Point, Question, Script
from question_bank.scale import RatingWords, rating_words
from question_bank.tree import Tree
from question_bank.usage import Figures, times_asked


class ReadPoint(NamedTuple):
    text: str
    offers: Question | None


@dataclass(frozen=True, kw_only=True)
class Card:
    """What an interviewer sees while asking: guidance, points, anchors."""

    question: Question
    depth: int
    brownie_points: list[ReadPoint]
    watch_outs: list[ReadPoint]
    cues: list[ReadPoint]
    ratings: list[RatingWords]

    @property
    def has_own_anchors(self) -> bool:
        return any(rating.is_own for rating in self.ratings)


class Place(NamedTuple):
    """A question in the tree, with its depth."""

    question: Question
    depth: int
    is_here: bool


@dataclass(frozen=True, kw_only=True)
class Reading(Card):
    places: list[Place]
    scripts: list[Script]


def card_of(question: Question, *, seen: Container[int], depth: int = 0) -> Card:
    """`question` comes from `with_parts()`. A cue names its follow-up only if the follow-up is in `seen` (pks)."""
    return Card(**_card(question, seen, depth))


def read(user: User, question: Question) -> Reading:
    """`question` comes from `with_parts()`. Three more queries at any depth of the tree."""
    visible = Question.objects.visible_to(user)
    tree = Tree.of(visible.in_trees())
    root = tree.root(question.pk)
    branch = list(tree.branch(root))
    nearby = visible.in_bulk([pk for pk, _ in branch])
    return Reading(
        **_card(question, _seen(user, question), 0),
        places=[Place(nearby[pk], depth, pk == question.pk) for pk, depth in branch if pk in nearby],
        scripts=list(Script.objects.visible_to(user).holding(root)),
    )


def _seen(user: User, question: Question) -> set[int]:
    """The questions that its points suggest and `user` may see: as `visible_to`, without a query."""
    suggested = [point.leads_to for point in question.points.all() if point.leads_to]
    return {each.pk for each in suggested if user.is_curator or each.is_published}


def _card(question: Question, seen: Container[int], depth: int) -> dict[str, Any]:
    points: dict[str, list[ReadPoint]] = {kind: [] for kind in Point.Kind}
    for point in question.points.all():
        is_seen = point.leads_to is not None and point.leads_to.pk in seen
        points[point.kind].append(ReadPoint(point.text, point.leads_to if is_seen else None))
    return {
        "question": question,
        "depth": depth,
        "brownie_points": points[Point.Kind.BROWNIE],
        "watch_outs": points[Point.Kind.WATCH_OUT],
        "cues": points[Point.Kind.CUE],
        "ratings": rating_words(question) if question.is_answer else [],
    }


@dataclass(frozen=True)
class Uses:
    """Where new interviews use a question: the effect of retiring it."""

    scripts: list[Script]
    # Scripts that would have no question left.
    emptied: list[Script]
    follow_ups: int
    # In interviews that ended.
    asked: int

    @property
    def is_any(self) -> bool:
        return bool(self.scripts or self.asked)


def uses(question: Question) -> Uses:
    """The active scripts with the question, directly or as a follow-up, its published follow-ups, how often asked."""
    tree = Tree.of(Question.objects.published().in_trees())
    scripts = list(Script.objects.current().holding(tree.root(question.pk)))
    others = Script.objects.usable(without=question)
    return Uses(
        scripts=scripts,
        emptied=[script for script in scripts if script not in others] if question.parent_id is None else [],
        follow_ups=len(tree.below(question.pk)),
        asked=times_asked(question),
    )


@dataclass(frozen=True)
class PointHeard:
    text: str
    heard: int
    listed: int


def points_heard(question: Question, figures: Figures | None) -> list[PointHeard]:
    """The brownie points of a question from `with_parts()` that were listed often enough to say how often heard."""
    known = figures.heard if figures else {}
    points = [point for point in question.points.all() if point.kind == Point.Kind.BROWNIE and point.pk in known]
    return [PointHeard(point.text, *known[point.pk]) for point in points]
