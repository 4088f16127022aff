"""A question as its reader will see it, from a form that may be half written. Nothing is checked or saved."""

from itertools import count
from typing import Any, NamedTuple

from django.forms import BaseForm
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME

from editing.posted import unix_lines, whole_number
from question_bank.browsing.cards import Card, ReadPoint
from question_bank.curation.forms.questions import QuestionEditor
from question_bank.models import Point, Question, RatingStep
from question_bank.models.questions import LEVELS
from question_bank.scale import GENERAL_SCALE, RatingWords

# As on the live page: only the first nine points have a key.
MOST_KEYS = 9
_TEXTS = ("prompt", "purpose", "guidance", "condition", "exhibit", "exhibit_says")


def preview_of(editor: QuestionEditor) -> Card:
    """The card of the question in this form."""
    form = editor.form
    question = Question(
        **{name: unix_lines(_value(form, name)) for name in _TEXTS},
        kind=_value(form, "kind"),
        level=_value(form, "level"),
        form=_value(form, "form"),
        minutes=whole_number(_value(form, "minutes"), digits=3) or 0,
        expect={level.value: line for level in LEVELS if (line := _value(form, f"expect_{level}"))},
    )
    points: dict[str, list[ReadPoint]] = {kind: [] for kind in Point.Kind}
    for row in _rows(editor.points.forms):
        offers = editor.picks.find(_value(row, "leads_to"))
        points.get(_value(row, "kind"), []).append(ReadPoint(_value(row, "text"), offers))
    anchors = {rating: _value(form, f"anchor_{rating}") for rating in RatingStep}
    ratings = [RatingWords(r, anchors[r] or GENERAL_SCALE[r], bool(anchors[r])) for r in RatingStep]
    return Card(
        question=question,
        depth=1 if _value(form, "parent") else 0,
        brownie_points=points[Point.Kind.BROWNIE],
        watch_outs=points[Point.Kind.WATCH_OUT],
        cues=points[Point.Kind.CUE],
        ratings=ratings if question.is_answer else [],
    )


class KeyedPoint(NamedTuple):
    """A point with the key that ticks it; "" for none."""

    key: str
    point: ReadPoint


class Listening(NamedTuple):
    """Points of one kind, in the order of the live page, which numbers them through."""

    title: str
    hint: str
    points: list[KeyedPoint]


def listening_of(card: Card) -> list[Listening]:
    numbers = count(1)
    groups = [
        ("Brownie points", "", card.brownie_points),
        ("Listen for", "Ticking suggests a follow-up", card.cues),
        ("Watch-outs", "To talk about, never a deduction", card.watch_outs),
    ]
    return [
        Listening(title, hint, [_keyed(next(numbers), point) for point in points])
        for title, hint, points in groups
        if points
    ]


def _keyed(number: int, point: ReadPoint) -> KeyedPoint:
    return KeyedPoint(str(number) if number <= MOST_KEYS else "", point)


def _rows(forms: list[Any]) -> list[Any]:
    """Rows with a text that stay, in order."""
    kept = [row for row in forms if _value(row, "text") and not row[DELETION_FIELD_NAME].value()]
    return sorted(kept, key=lambda row: whole_number(_value(row, ORDERING_FIELD_NAME), digits=4) or 0)


def _value(form: BaseForm, name: str) -> str:
    return str(form[name].value() or "").strip() if name != "exhibit" else str(form[name].value() or "")
