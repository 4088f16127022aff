"""Suggestions of people who interview, and what interviews taught: extra points heard, and questions typed in calls."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse
from django.utils.text import Truncator

from accounts.models import User
from editing.merging import Edit
from question_bank import answers
from question_bank.curation.differences import revision
from question_bank.curation.questions import CurationRefused, WrongStatus, save_question
from question_bank.curation.writing import WantedPoint, WantedQuestion
from question_bank.heard import HeardPoint, are_alike, heard_points, is_settled
from question_bank.models import DismissedPoint, DismissedQuestion, Point, Question, Suggestion
from question_bank.typed import is_settled as is_typed_settled
from question_bank.typed import typed_questions
from question_bank.words import quoted

POINT_LENGTH = 240
# What became of something noted in a call, by the email's template.
WORDS = {
    "point_listed": "Added to the bank: a point you noted, “{}”",
    "point_dismissed": "Not added to the bank: a point you noted, “{}”",
    "question_taken": "Added to the bank: a question you asked, “{}”",
    "question_dismissed": "Not added to the bank: a question you asked, “{}”",
}


class PointTooLong(CurationRefused):
    """A curator has to shorten it."""

    status = 422


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
        raise WrongStatus(f"The suggestion {quoted(suggestion.text)} has already been answered.")
    suggestion.state = Suggestion.State.ACCEPTED if is_accepted else Suggestion.State.DISMISSED
    suggestion.answer, suggestion.answered_by, suggestion.answered_at = words, by, at
    suggestion.save()
    answers.tell(
        answers.Answer(
            person=suggestion.by,
            by=by,
            at=at,
            words=f"{suggestion.get_state_display()}: your suggestion, “{Truncator(suggestion.text).chars(200)}”",
            path=reverse("suggestion-list"),
            template="suggestion_answered",
            context={"suggestion": suggestion, "by": by},
        )
    )
    return suggestion


@transaction.atomic
def add_point(*, question: Question, text: str, by: User, at: dt.datetime) -> Question:
    """List an extra point as a brownie point, last, and tell who noted it. `question` comes from `with_parts()`.

    Raises WrongStatus if it was listed or dismissed in the meantime, PointTooLong, and the exceptions of
    `save_question`."""
    if any(are_alike(point.text, text) for point in question.points.all()):
        raise WrongStatus(f"The point {quoted(text)} is already listed.")
    _refuse_settled(question, text)
    if len(text) > POINT_LENGTH:
        raise PointTooLong(
            f"This point has {len(text)} characters; in the bank a point has at most {POINT_LENGTH}. "
            "Choose “Edit first” and shorten it."
        )
    heard = heard_points(question)
    wanted = WantedQuestion.of(question)
    point = WantedPoint(text=text, kind=Point.Kind.BROWNIE)
    wanted = WantedQuestion(**vars(wanted) | {"points": (*wanted.points, point)})
    edit = Edit(revision(question))
    saved = save_question(question=question, wanted=wanted, edit=edit, by=by, at=at, why="Heard in interviews.")
    settle_points(question=saved, before=heard, by=by, at=at)
    return saved


def settle_points(
    *, question: Question, before: list[HeardPoint], by: User, at: dt.datetime, reworded: str = ""
) -> None:
    """After a save: tell those who noted one of `before` that is listed now, and hide it for good: restoring an older
    version must not offer it again. `reworded` was listed in other words."""
    if not before:
        return
    if reworded and any(are_alike(reworded, group.text) for group in heard_points(question)):
        _hide_point(question, reworded, by=by, at=at)
    left = {group.text for group in heard_points(question)}
    for group in before:
        if group.text not in left:
            _hide_point(question, group.text, by=by, at=at)
            _tell("point_listed", group.by, question=question, by=by, at=at)


@transaction.atomic
def dismiss_point(*, question: Question, text: str, by: User, at: dt.datetime) -> None:
    """Hide an extra point, and those alike; tell who noted one. Raises WrongStatus as `add_point` does."""
    _refuse_settled(question, text)
    before = heard_points(question)
    _hide_point(question, text, by=by, at=at)
    left = {group.text for group in heard_points(question)}
    for group in before:
        if group.text not in left:
            _tell("point_dismissed", group.by, question=question, by=by, at=at)


def _refuse_settled(question: Question, text: str) -> None:
    """Its authors were told already, and perhaps the opposite."""
    if is_settled(question, text):
        raise WrongStatus(f"The point {quoted(text)} has already been added or dismissed. Nothing was changed.")


def _hide_point(question: Question, text: str, *, by: User, at: dt.datetime) -> None:
    DismissedPoint.objects.create(question=question, text=text[:500], by=by, at=at)


def settle_typed(*, text: str, by: User, at: dt.datetime) -> None:
    """A question typed in calls is in the bank now, perhaps in other words: hide it, and tell who typed it."""
    _hide_typed("question_taken", text, by=by, at=at)


def dismiss_typed(*, text: str, by: User, at: dt.datetime) -> None:
    """Hide a question typed in calls, and those alike; tell who typed one. Raises WrongStatus if another curator has
    added or dismissed it meanwhile."""
    if is_typed_settled(text):
        raise WrongStatus(f"The question {quoted(text)} has already been added or dismissed. Nothing was changed.")
    _hide_typed("question_dismissed", text, by=by, at=at)


@transaction.atomic
def _hide_typed(kind: str, text: str, *, by: User, at: dt.datetime) -> None:
    groups = [group for group in typed_questions() if are_alike(group.text, text)]
    DismissedQuestion.objects.create(text=text[:500], by=by, at=at)
    for group in groups:
        _tell(kind, group.by, by=by, at=at)


def _tell(
    kind: str, authors: Mapping[int, str], *, by: User, at: dt.datetime, question: Question | None = None
) -> None:
    """Tell each author, in their own words: the others' were noted in other calls."""
    path = question.get_absolute_url() if question else reverse("question-list")
    for person in User.objects.filter(pk__in=authors):
        text = authors[person.pk]
        words = WORDS[kind].format(Truncator(text).chars(200))
        context = {"text": text, "question": question, "by": by}
        answers.tell(
            answers.Answer(person=person, by=by, at=at, words=words, path=path, template=kind, context=context)
        )
