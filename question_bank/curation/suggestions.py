"""Suggestions of people who interview, and what interviews taught: extra points heard, and questions typed in calls."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from editing.merging import Edit
from mail import outbox
from question_bank.curation.differences import revision
from question_bank.curation.questions import WrongStatus, save_question
from question_bank.curation.writing import WantedPoint, WantedQuestion
from question_bank.heard import HeardPoint, are_alike, heard_points
from question_bank.models import DismissedPoint, DismissedQuestion, Point, Question, Suggestion
from question_bank.typed import typed_questions

POINT_LENGTH = 240


def suggest(
    *,
    kind: str,
    text: str,
    question: Question | None,
    by: User,
    at: dt.datetime,
    client_id: uuid.UUID | None = None,
) -> Suggestion:
    """A new suggestion; without a question it is for a new one."""
    suggestion: Suggestion = Suggestion.objects.create(
        kind=kind, text=text, question=question, by=by, at=at, client_id=client_id
    )
    return suggestion


@transaction.atomic
def answer(*, suggestion: Suggestion, is_accepted: bool, words: str, by: User, at: dt.datetime) -> Suggestion:
    """Accept or dismiss it, and tell who suggested it. Raises WrongStatus if it was answered already."""
    suggestion = Suggestion.objects.select_for_update(of=("self",)).select_related("by", "question").get(
        pk=suggestion.pk
    )  # fmt: skip
    if not suggestion.is_open:
        raise WrongStatus("This suggestion has already been answered.")
    suggestion.state = Suggestion.State.ACCEPTED if is_accepted else Suggestion.State.DISMISSED
    suggestion.answer, suggestion.answered_by, suggestion.answered_at = words, by, at
    suggestion.save()
    if suggestion.by != by and suggestion.by.is_active:
        context = {"suggestion": suggestion, "by": by}
        outbox.send(kind="suggestion_answered", to=suggestion.by, at=at, context=context)
    return suggestion


@transaction.atomic
def add_point(*, question: Question, text: str, by: User, at: dt.datetime) -> Question:
    """List an extra point as a brownie point, last, and tell who noted it. `question` comes from `with_parts()`.

    Raises WrongStatus if another curator has listed it meanwhile, and the exceptions of `save_question`."""
    if any(are_alike(point.text, text) for point in question.points.all()):
        raise WrongStatus("This point is already listed.")
    heard = heard_points(question)
    wanted = WantedQuestion.of(question)
    point = WantedPoint(text=text[:POINT_LENGTH], kind=Point.Kind.BROWNIE)
    wanted = WantedQuestion(**vars(wanted) | {"points": (*wanted.points, point)})
    edit = Edit(revision(question))
    saved = save_question(question=question, wanted=wanted, edit=edit, by=by, at=at, why="Heard in interviews.")
    settle_points(question=saved, before=heard, by=by, at=at)
    return saved


def settle_points(
    *, question: Question, before: list[HeardPoint], by: User, at: dt.datetime, reworded: str = ""
) -> None:
    """After a save: tell those who noted one of `before` that is listed now. `reworded` was listed in other words."""
    if not before:
        return
    if reworded and any(are_alike(reworded, group.text) for group in heard_points(question)):
        dismiss_point(question=question, text=reworded, by=by, at=at)
    left = {group.text for group in heard_points(question)}
    for group in before:
        if group.text not in left:
            _tell("point_listed", group.by, {"text": group.text, "question": question, "by": by}, by=by, at=at)


def dismiss_point(*, question: Question, text: str, by: User, at: dt.datetime) -> None:
    """Hide an extra point, and those alike."""
    DismissedPoint.objects.create(question=question, text=text[:500], by=by, at=at)


@transaction.atomic
def settle_typed(*, text: str, by: User, at: dt.datetime) -> None:
    """A question typed in calls is in the bank now, perhaps in other words: hide it, and tell who typed it."""
    authors = [author for group in typed_questions() if are_alike(group.text, text) for author in group.by]
    dismiss_typed(text=text, by=by, at=at)
    _tell("question_taken", authors, {"text": text, "by": by}, by=by, at=at)


def dismiss_typed(*, text: str, by: User, at: dt.datetime) -> None:
    """Hide a question typed in calls, and those alike."""
    DismissedQuestion.objects.create(text=text[:500], by=by, at=at)


def _tell(kind: str, people: Collection[int], context: dict[str, object], *, by: User, at: dt.datetime) -> None:
    for person in User.objects.filter(pk__in=people, is_active=True).exclude(pk=by.pk):
        outbox.send(kind=kind, to=person, at=at, context=context)
