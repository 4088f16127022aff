"""How curators change questions. Every change is one transaction under the question's lock."""

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list

from accounts.models import User
from editing.merging import Edit
from question_bank.curation.differences import question_content, question_of
from question_bank.curation.writing import WantedQuestion, write_question
from question_bank.entries import QuestionEntry
from question_bank.models import Point, Question, ScriptItem
from question_bank.publishing import lacking_in, reasons_against_publishing, sentences
from question_bank.tree import Tree


class CurationRefused(Exception):
    """Nothing was changed. `str()` is the sentence that the curator reads."""

    status = 409


class WrongStatus(CurationRefused):
    """Too late or too early for this step."""


class NotPublishable(CurationRefused):
    """Something that a published question needs is missing; `reasons` are sentences."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


class Misplaced(CurationRefused):
    """The question cannot stand where it was put."""

    status = 422


class HasFollowUps(CurationRefused):
    """A draft with questions below it stays until they are gone."""


@transaction.atomic
def save_question(
    *, question: Question | None, wanted: WantedQuestion, edit: Edit | None = None, by: User, at: dt.datetime
) -> Question:
    """Write what a curator wants over `question`, or as a new draft, and return it as it is now.

    `edit` has the `revision()` that the curator had open: what somebody else has changed since is merged. The version
    grows by one if the question was ever published and its content is another than before.

    Raises Overtaken if both changed the same; Misplaced for a ring, or a follow-up put into a script; NotPublishable
    if a question that was published would lose what it needs for that.
    """
    on = timezone.localdate(at)
    if question is None:
        question = Question()
        question.mark_changed(by=by, at=at)
        write_question(question, wanted, on=on)
        return question
    question = _locked(question.pk)
    now = question_content(WantedQuestion.of(question))
    content = (edit or Edit()).reconcile(question_content(wanted), now, row=question)
    wanted = question_of(content, is_reviewed=wanted.is_reviewed)
    question.mark_changed(by=by, at=at)
    _check_place(question, wanted.parent)
    _check_conditions(question, wanted.follow_ups)
    before, lacked = _content(question), lacking_in(question)
    write_question(question, wanted, on=on)
    _check_leads(question)
    saved = _locked(question.pk)
    if not saved.is_draft:
        # A seeded question may have been published without: only what is newly missing counts.
        if reasons := sentences(lacking_in(saved) - lacked):
            raise NotPublishable(reasons)
        if _content(saved) != before:
            saved.version += 1
            saved.save(update_fields=["version"])
    return saved


@transaction.atomic
def publish_question(*, question: Question, on: dt.date) -> None:
    """Show a draft to everybody. Raises WrongStatus for what is no draft, NotPublishable for what it lacks."""
    question = _locked(question.pk)
    if not question.is_draft:
        raise WrongStatus("This question was published already.")
    if reasons := reasons_against_publishing(question):
        raise NotPublishable(reasons)
    question.status = Question.Status.PUBLISHED
    question.reviewed_on = on
    question.save(update_fields=["status", "reviewed_on"])


@transaction.atomic
def retire_question(*, question: Question) -> None:
    """Take a published question out of use: new interviews leave it out, those that have it keep it."""
    question = _locked(question.pk)
    if not question.is_published:
        raise WrongStatus("Only a published question can be retired.")
    question.status = Question.Status.RETIRED
    question.save(update_fields=["status"])


@transaction.atomic
def restore_question(*, question: Question) -> None:
    """Publish a retired question again, as it was."""
    question = _locked(question.pk)
    if not question.is_retired:
        raise WrongStatus("This question is not retired.")
    question.status = Question.Status.PUBLISHED
    question.save(update_fields=["status"])


@transaction.atomic
def delete_draft(*, question: Question) -> None:
    """Delete what was never published. Raises WrongStatus for anything else, HasFollowUps if some stand below it."""
    question = _locked(question.pk)
    check_deletable(question)
    question.delete()


def check_deletable(question: Question) -> None:
    """Raises what `delete_draft` would, for a question from `with_parts()`."""
    if not question.is_draft:
        raise WrongStatus("Only a draft can be deleted. This question was published: retire it instead.")
    if question.follow_ups.all():
        raise HasFollowUps("It has follow-ups. Move or delete those first.")


def _locked(pk: int) -> Question:
    return Question.objects.select_for_update(of=("self",)).with_parts().get(pk=pk)


def _content(question: Question) -> str:
    """Digest of what an interview would freeze. Status and review say something about it and are no part of it."""
    return replace(QuestionEntry.of(question), status="", reviewed_on=None).digest()


def _check_place(question: Question, parent: Question | None) -> None:
    if parent is None or parent.pk == question.parent_id:
        return
    # All are locked: two moves at once could make a ring that neither of them is.
    tree = Tree.of(Question.objects.select_for_update().order_by("pk"))
    if parent.pk == question.pk or parent.pk in tree.below(question.pk):
        raise Misplaced("A question cannot follow itself, nor one of its own follow-ups.")
    if names := list(ScriptItem.objects.filter(question=question).values_list("section__script__name", flat=True)):
        raise Misplaced(
            f"It stands in {get_text_list(names, 'and')}, where it must be top-level. Take it out there first."
        )


def _check_conditions(question: Question, conditions: dict[int, str]) -> None:
    for follow_up in question.follow_ups.all():
        if follow_up.condition and not follow_up.is_draft and not conditions.get(follow_up.pk, "").strip():
            raise NotPublishable([f"Say when “{follow_up.prompt}” fits."])


def _check_leads(question: Question) -> None:
    """A way of cues that comes back to where it began would offer the same question for ever."""
    leads: dict[int, set[int]] = {}
    for start, end in Point.objects.exclude(leads_to=None).values_list("question_id", "leads_to_id"):
        leads.setdefault(start, set()).add(end)
    waiting: set[int] = {question.pk}
    seen: set[int] = set()
    while waiting:
        ahead = leads.get(waiting.pop(), set())
        if question.pk in ahead:
            raise Misplaced("Its cues lead back to this question. Let one of them offer another.")
        waiting |= ahead - seen
        seen |= ahead
