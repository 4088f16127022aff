"""Reads the history of a question or a script: what two versions differ in, and the way back to an earlier one."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from accounts.models import User
from editing.merging import Content, Edit, everything
from editing.word_diff import Piece, word_diff
from question_bank import history
from question_bank.curation.differences import question_content
from question_bank.curation.questions import CurationRefused, save_question
from question_bank.curation.scripts import save_draft, script_content
from question_bank.curation.suggestions import settle_points
from question_bank.curation.writing import WantedPoint, WantedQuestion, WantedReference
from question_bank.heard import heard_points
from question_bank.models import Change, Question, Script, Topic
from question_bank.wanted_scripts import WantedScript, questions_in


class NothingToRestore(CurationRefused):
    """The version has the content that the row has now."""


@dataclass(frozen=True)
class Changed:
    """One part in which two versions differ, word by word."""

    label: str
    pieces: list[Piece]


# A restored version leaves these as they are now.
LEFT = {"status", "topic", "parent", "follow_ups", "is_retired"}


def same_as_now(row: Question | Script, changes: list[Change]) -> set[int]:
    """Primary keys of those of its changes, newest first, that have the content of now: nothing to restore.

    Changes of questions that were merged into this one are among them."""
    newest = next((each for each in changes if row.pk in (each.question_id, each.script_id)), None)
    now = _restored(newest.content) if newest else {}
    return {change.pk for change in changes if _restored(change.content) == now}


def _restored(content: Mapping[str, Any]) -> dict[str, Any]:
    points = [point | {"pk": None} for point in content.get("points", ())]
    return {name: value for name, value in content.items() if name not in LEFT} | {"points": points}


def question_changes(changes: Iterable[Change]) -> list[Content]:
    """The parts of each of these versions of questions. Two queries for any number."""
    listed = [change.content for change in changes]
    named = {pk for content in listed for pk in _named_questions(content)}
    questions = Question.objects.select_related("topic").in_bulk(named)
    topics = Topic.objects.in_bulk()
    return [_parts(content, questions, topics) for content in listed]


def script_changes(changes: Iterable[Change]) -> list[Content]:
    """The parts of each of these versions of scripts. One query for any number."""
    listed = [change.content for change in changes]
    questions = Question.objects.in_bulk({pk for content in listed for pk in questions_in(content)})
    return [script_content(WantedScript.from_content(content, questions)) for content in listed]


def differences(old: Content, new: Content) -> list[Changed]:
    """Each part that differs, in page order."""
    return [Changed(each.label, word_diff(each.saved or "", each.yours or "")) for each in everything(new, old)]


@transaction.atomic
def revert_question(*, question: Question, change: Change, edit: Edit, by: User, at: dt.datetime) -> Question:
    """Save the content of `change` as a new version. Position, topic and follow-ups stay as they are now.

    Raises NothingToRestore; Overtaken if another curator saved since the page was opened; what `save_question` raises.
    """
    now = WantedQuestion.of(question)
    wanted = wanted_of(change, now)
    if question_content(wanted) == question_content(now):
        raise NothingToRestore("The question already has this content.")
    why, heard = reverted_to(change), heard_points(question)
    saved = save_question(question=question, wanted=wanted, edit=edit, by=by, at=at, why=why, act=Change.Act.REVERTED)
    settle_points(question=saved, before=heard, by=by, at=at)
    return saved


def revert_script(*, script: Script, change: Change, edit: Edit, by: User, at: dt.datetime) -> Script:
    """Save the content of `change` as the draft, without questions that are gone. Raises as `revert_question`."""
    wanted = wanted_script_of(change)
    if wanted == WantedScript.newest(script):
        raise NothingToRestore("The script already has this content.")
    why = reverted_to(change)
    return save_draft(script=script, wanted=wanted, edit=edit, by=by, at=at, why=why, act=Change.Act.REVERTED)


def reverted_to(change: Change) -> str:
    return f"Back to version {change.version}" + (f" of {change.at:%-d %B %Y}" if change.at else "")


def wanted_of(change: Change, now: WantedQuestion) -> WantedQuestion:
    """The question with the texts, points, anchors and references of `change`, at the place that it has now.

    A point keeps its row where the row is still there, or where another has the same text: ticks refer to it."""
    content = change.content
    rows = {point.pk for point in now.points}
    by_text = {point.text: point.pk for point in now.points}
    questions = Question.objects.in_bulk(_named_questions(content))
    points = tuple(
        replace(point, pk=point.pk if point.pk in rows else by_text.get(point.text))
        for point in _points(content, questions)
    )
    condition = (content["condition"] or now.condition) if now.parent else ""
    return replace(now, **_texts(content) | {"condition": condition, "points": points})


def wanted_script_of(change: Change) -> WantedScript:
    return WantedScript.from_content(change.content, Question.objects.in_bulk(set(questions_in(change.content))))


def newer_follow_ups(question: Question, change: Change) -> int:
    """How many follow-ups were added since."""
    return len({str(each.pk) for each in question.follow_ups.all()} - set(change.content["follow_ups"]))


def questions_gone(change: Change) -> int:
    """How many questions of this version of a script were deleted since."""
    wanted = set(questions_in(change.content))
    return len(wanted) - Question.objects.filter(pk__in=wanted).count()


def _texts(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: content[name] for name in history.QUESTION_TEXTS},
        "anchors": {int(rating): text for rating, text in content["anchors"].items()},
        "references": tuple(WantedReference(**each) for each in content["references"]),
    }


def _points(content: Mapping[str, Any], questions: Mapping[int, Question]) -> Iterable[WantedPoint]:
    for point in content["points"]:
        yield WantedPoint(**point | {"leads_to": questions.get(point["leads_to"])})


def _named_questions(content: Mapping[str, Any]) -> set[int]:
    leads = {point["leads_to"] for point in content["points"]}
    return (leads | {content["parent"]}) - {None}


def _parts(content: Mapping[str, Any], questions: Mapping[int, Question], topics: Mapping[int, Topic]) -> Content:
    wanted = WantedQuestion(
        **_texts(content),
        topic=topics.get(content["topic"]),
        parent=questions.get(content["parent"]),
        points=tuple(_points(content, questions)),
    )
    return question_content(wanted)
