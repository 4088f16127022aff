"""Suggestions of people who interview, and the extra points that interviews taught."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from editing.merging import Edit
from mail import outbox
from question_bank.curation.differences import revision
from question_bank.curation.questions import WrongStatus, save_question
from question_bank.curation.writing import WantedPoint, WantedQuestion
from question_bank.models import DismissedPoint, Point, Question, Suggestion

POINT_LENGTH = 240


def suggest(*, kind: str, text: str, question: Question | None, by: User, at: dt.datetime) -> Suggestion:
    """A new suggestion; without a question it is for a new one."""
    suggestion: Suggestion = Suggestion.objects.create(kind=kind, text=text, question=question, by=by, at=at)
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


def add_point(*, question: Question, text: str, by: User, at: dt.datetime) -> Question:
    """List an extra point as a brownie point, last. `question` comes from `with_parts()`."""
    wanted = WantedQuestion.of(question)
    point = WantedPoint(text=text[:POINT_LENGTH], kind=Point.Kind.BROWNIE)
    wanted = WantedQuestion(**vars(wanted) | {"points": (*wanted.points, point)})
    edit = Edit(revision(question))
    return save_question(question=question, wanted=wanted, edit=edit, by=by, at=at, why="Heard in interviews.")


def dismiss_point(*, question: Question, text: str, by: User, at: dt.datetime) -> None:
    """Hide an extra point, and those alike."""
    DismissedPoint.objects.create(question=question, text=text[:500], by=by, at=at)
