"""Curators' changes to questions, each in one transaction under the question's lock."""

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import get_text_list

from accounts.models import User
from editing.merging import Edit
from question_bank import history
from question_bank.curation.differences import question_content, question_of
from question_bank.curation.writing import WantedQuestion, write_question
from question_bank.entries import QuestionEntry
from question_bank.models import Change, Point, Question, ScriptItem
from question_bank.publishing import lacking_in, needs_another, reasons_against_publishing, sentences
from question_bank.tree import Tree


class CurationRefused(Exception):
    """Nothing was changed. `str()` is the sentence for the curator."""

    status = 409


class WrongStatus(CurationRefused):
    """Too late or too early for this step."""


class NotPublishable(CurationRefused):
    """A published question would lack something; `reasons` are sentences."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


class ChangedMeanwhile(CurationRefused):
    """The curator has read another text than the one that would be published."""


class NeedsSecondPerson(CurationRefused):
    """Another curator has to approve it."""


class Misplaced(CurationRefused):
    """The question cannot have this position."""

    status = 422


class HasFollowUps(CurationRefused):
    """A draft with follow-ups cannot be deleted."""


@transaction.atomic
def save_question(
    *,
    question: Question | None,
    wanted: WantedQuestion,
    edit: Edit | None = None,
    by: User | None,
    at: dt.datetime,
    why: str = "",
    act: Change.Act = Change.Act.SAVED,
) -> Question:
    """Save a curator's version of `question`, or a new draft, and return it. Its history gets `act` and `why`.

    `edit` has the `revision()` the curator opened; other changes since are merged. The version goes up by one if the
    question was ever published and its content changed.

    Raises Overtaken if both changed the same part; Misplaced for a cycle, or a follow-up in a script; NotPublishable if
    a published question would lose a required part.
    """
    on = timezone.localdate(at)
    if question is None:
        question = Question()
        question.mark_changed(by=by, at=at)
        write_question(question, wanted, on=on)
        history.record([_locked(question.pk)], Change.Act.CREATED, by=by, at=at, why=why)
        return question
    if _writes_to_others(question, wanted):
        # Before its own row, like every move and merge: in another order two of them could deadlock.
        _lock_all()
    question = _locked(question.pk)
    now = question_content(WantedQuestion.of(question))
    content = (edit or Edit()).reconcile(question_content(wanted), now, row=question)
    wanted = question_of(content, is_reviewed=wanted.is_reviewed)
    history.keep_first([question])
    question.mark_changed(by=by, at=at)
    _check_place(question, wanted.parent)
    _check_conditions(question, wanted.follow_ups)
    before, lacked = _content(question), lacking_in(question)
    write_question(question, wanted, on=on)
    check_leads(question)
    saved = _locked(question.pk)
    if not saved.is_draft:
        # Seeded questions may be published incomplete: only newly missing parts count.
        if reasons := sentences(lacking_in(saved) - lacked):
            raise NotPublishable(reasons)
        if _content(saved) != before:
            saved.version += 1
            saved.save(update_fields=["version"])
    history.record([saved], act, by=by, at=at, why=why)
    return saved


@transaction.atomic
def publish_question(*, question: Question, by: User | None, at: dt.datetime, read: str | None = None) -> None:
    """Publish a draft, or approve one in review. `read` is the `history.digest_of` the question as the curator read it.

    Raises WrongStatus if it is neither, NotPublishable if a part is missing, NeedsSecondPerson if another curator has
    to approve it, ChangedMeanwhile if it is no longer what was read."""
    question = _locked(question.pk)
    if not question.is_draft:
        raise WrongStatus("This question is already published.")
    if words := needs_another(question, by):
        raise NeedsSecondPerson(words)
    if reasons := reasons_against_publishing(question):
        raise NotPublishable(reasons)
    if read is not None and read != history.digest_of(question):
        raise ChangedMeanwhile("It was changed while you had it open. Read it again, then publish it.")
    question.reviewed_on = timezone.localdate(at)
    _set_status(question, Question.Status.PUBLISHED, Change.Act.PUBLISHED, by=by, at=at)


@transaction.atomic
def send_for_review(*, question: Question, by: User | None, at: dt.datetime) -> None:
    """Ask for approval of a draft. Raises WrongStatus, NotPublishable if a part is missing."""
    question = _locked(question.pk)
    if question.status != Question.Status.DRAFT:
        raise WrongStatus("This question is no longer a draft.")
    if reasons := reasons_against_publishing(question):
        raise NotPublishable(reasons)
    _set_status(question, Question.Status.REVIEW, Change.Act.REVIEW, by=by, at=at)


@transaction.atomic
def back_to_draft(*, question: Question, by: User | None, at: dt.datetime) -> None:
    """Take a question out of review. Raises WrongStatus."""
    question = _locked(question.pk)
    if not question.is_in_review:
        raise WrongStatus("This question is not in review.")
    _set_status(question, Question.Status.DRAFT, Change.Act.DRAFT, by=by, at=at)


@transaction.atomic
def retire_question(*, question: Question, by: User | None, at: dt.datetime) -> None:
    """Retire a published question: new interviews omit it, existing ones are unchanged."""
    question = _locked(question.pk)
    check_retirable(question)
    _set_status(question, Question.Status.RETIRED, Change.Act.RETIRED, by=by, at=at)


def check_retirable(question: Question) -> None:
    """Raises the exception of `retire_question`."""
    if not question.is_published:
        raise WrongStatus("Only a published question can be retired.")


@transaction.atomic
def restore_question(*, question: Question, by: User | None, at: dt.datetime) -> None:
    """Publish a retired question again, unchanged."""
    question = _locked(question.pk)
    if not question.is_retired:
        raise WrongStatus("This question is not retired.")
    question.merged_into = None
    _set_status(question, Question.Status.PUBLISHED, Change.Act.RESTORED, by=by, at=at)


def _set_status(
    question: Question, status: Question.Status, act: Change.Act, *, by: User | None, at: dt.datetime
) -> None:
    """Save the status, with the review date, and record it."""
    history.keep_first([question])
    question.status = status
    question.save(update_fields=["status", "reviewed_on", "merged_into"])
    history.record([question], act, by=by, at=at)


@transaction.atomic
def delete_draft(*, question: Question) -> None:
    """Delete a question that was never published. Raises WrongStatus otherwise, HasFollowUps if it has follow-ups."""
    question = _locked(question.pk)
    check_deletable(question)
    question.delete()


def check_deletable(question: Question) -> None:
    """Raises the exceptions of `delete_draft`, for a question from `with_parts()`."""
    if not question.is_draft:
        raise WrongStatus("Only a draft can be deleted. This question was published: retire it instead.")
    if question.follow_ups.all():
        raise HasFollowUps("It has follow-ups. Move or delete those first.")


def _locked(pk: int) -> Question:
    """The question, locked. Raises Http404 if another curator has deleted it since the page was opened."""
    return get_object_or_404(Question.objects.select_for_update(of=("self",)).with_parts(), pk=pk)


def _writes_to_others(question: Question, wanted: WantedQuestion) -> bool:
    """Whether saving also changes follow-ups: their conditions, or their topic when this question moves."""
    place = wanted.parent.pk if wanted.parent else None
    is_elsewhere = place is None and wanted.topic is not None and wanted.topic.pk != question.topic_id
    return place != question.parent_id or is_elsewhere or bool(wanted.follow_ups)


def _lock_all() -> Tree:
    return Tree.of(Question.objects.select_for_update().order_by("pk"))


def _content(question: Question) -> str:
    """Digest of the content an interview freezes, without status and review date."""
    return replace(QuestionEntry.of(question), status="", reviewed_on=None).digest()


def _check_place(question: Question, parent: Question | None) -> None:
    if parent is None or parent.pk == question.parent_id:
        return
    # Lock all: two concurrent moves could form a cycle that neither of them contains.
    tree = _lock_all()
    if parent.pk == question.pk or parent.pk in tree.below(question.pk):
        raise Misplaced("A question can’t be a follow-up to itself or to its own follow-ups.")
    if names := list(ScriptItem.objects.filter(question=question).values_list("section__script__name", flat=True)):
        raise Misplaced(f"It’s used in {get_text_list(names, 'and')} as a top-level question. Remove it there first.")


def _check_conditions(question: Question, conditions: dict[int, str]) -> None:
    for follow_up in question.follow_ups.all():
        if follow_up.condition and not follow_up.is_draft and not conditions.get(follow_up.pk, "").strip():
            raise NotPublishable([f"Enter when to ask “{follow_up.prompt}”."])


def check_leads(question: Question) -> None:
    """Raises Misplaced for a cycle of cues, which would suggest the same question for ever."""
    leads: dict[int, set[int]] = {}
    for start, end in Point.objects.exclude(leads_to=None).values_list("question_id", "leads_to_id"):
        leads.setdefault(start, set()).add(end)
    waiting: set[int] = {question.pk}
    seen: set[int] = set()
    while waiting:
        ahead = leads.get(waiting.pop(), set())
        if question.pk in ahead:
            raise Misplaced("Its cues lead back to this question. Let one of them suggest another.")
        waiting |= ahead - seen
        seen |= ahead
