"""One question with all that a reader sees of it, and nothing of what that reader may not see."""

from dataclasses import dataclass
from typing import NamedTuple

from accounts.models import User
from question_bank.models import Point, Question, Script
from question_bank.scale import RatingWords, rating_words
from question_bank.tree import Tree


class ReadPoint(NamedTuple):
    text: str
    offers: Question | None


class Place(NamedTuple):
    """A question at its place among those above and below it."""

    question: Question
    depth: int
    is_here: bool


@dataclass(frozen=True)
class Reading:
    question: Question
    brownie_points: list[ReadPoint]
    watch_outs: list[ReadPoint]
    cues: list[ReadPoint]
    ratings: list[RatingWords]
    places: list[Place]
    scripts: list[Script]

    @property
    def has_own_anchors(self) -> bool:
        return any(rating.is_own for rating in self.ratings)


def read(user: User, question: Question) -> Reading:
    """`question`, from `with_parts()`, for `user`. Three queries more, however deep the tree is."""
    visible = Question.objects.visible_to(user)
    tree = Tree.of(visible)
    branch = list(tree.branch(tree.root(question.pk)))
    nearby = visible.in_bulk([pk for pk, _ in branch])
    points: dict[str, list[ReadPoint]] = {kind: [] for kind in Point.Kind}
    for point in question.points.all():
        is_seen = point.leads_to is not None and point.leads_to.pk in tree.parents
        points[point.kind].append(ReadPoint(point.text, point.leads_to if is_seen else None))
    return Reading(
        question=question,
        brownie_points=points[Point.Kind.BROWNIE],
        watch_outs=points[Point.Kind.WATCH_OUT],
        cues=points[Point.Kind.CUE],
        ratings=rating_words(question) if question.is_answer else [],
        places=[Place(nearby[pk], depth, pk == question.pk) for pk, depth in branch if pk in nearby],
        scripts=list(Script.objects.visible_to(user).holding(tree.root(question.pk))),
    )


@dataclass(frozen=True)
class Uses:
    """Where new interviews meet a question, and so what retiring it changes for them."""

    scripts: list[Script]
    # Those of them in which nothing else is left to ask.
    emptied: list[Script]
    follow_ups: int


def uses(question: Question) -> Uses:
    """The scripts in use that hold the question, by itself or under another, and the published questions below it."""
    tree = Tree.of(Question.objects.published())
    scripts = list(Script.objects.current().holding(tree.root(question.pk)))
    others = Script.objects.usable(without=question)
    return Uses(
        scripts=scripts,
        emptied=[script for script in scripts if script not in others] if question.parent_id is None else [],
        follow_ups=len(tree.below(question.pk)),
    )
