"""Merges a question into another that asks the same."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.text import Truncator, get_text_list

from accounts.models import User
from question_bank import history
from question_bank.curation.questions import CurationRefused, check_leads
from question_bank.models import Change, Point, Question, Script, ScriptItem, Suggestion
from question_bank.models.questions import QuestionQuerySet
from question_bank.tree import Tree

NAMED_LENGTH = 80


class NotMergeable(CurationRefused):
    """These two cannot become one."""

    status = 422


def to_merge_into(question: Question) -> QuestionQuerySet:
    """The questions that `merge_question` takes: a page offers no other. Three queries."""
    below = Tree.of(Question.objects.in_trees()).below(question.pk)
    found = Question.objects.exclude(pk__in={question.pk, *below}).exclude(status=Question.Status.RETIRED)
    if question.merged_into_id:
        return found.none()
    if question.is_published:
        found = found.published()
    return found.top_level() if Script.objects.holding(question.pk).exists() else found


@transaction.atomic
def merge_question(*, question: Question, into: Question, by: User, at: dt.datetime) -> None:
    """Retire `question` as a duplicate of `into`, which takes its place in scripts, its follow-ups and the cues that
    led to it. Its history and statistics count for `into`. Interviews don't change, live ones included.

    Raises NotMergeable."""
    # Scripts before questions, as when a script is saved: in another order the two could deadlock.
    list(Script.objects.select_for_update().order_by("pk").values_list("pk"))
    # All: a concurrent move could form a cycle.
    tree = Tree.of(Question.objects.select_for_update().order_by("pk"))
    rows = Question.objects.with_parts().in_bulk([question.pk, into.pk])
    if not {question.pk, into.pk} <= rows.keys():
        raise NotMergeable("One of these drafts was deleted in the meantime. Choose another.")
    question, into = rows[question.pk], rows[into.pk]
    _check(question, into, tree)
    scripts = list(Script.objects.holding(question.pk).with_parts())
    below = list(Question.objects.with_parts().filter(pk__in=tree.below(question.pk)))
    for changing in ([question, into, *below], scripts):
        history.keep_first(changing)
    why = f"“{_short(question)}” was merged into “{_short(into)}”."
    _replace_in_scripts(scripts, question, into)
    _move_follow_ups(question, into, below)
    Point.objects.filter(leads_to=question).exclude(question=into).update(leads_to=into)
    Point.objects.filter(leads_to=question, question=into).update(leads_to=None)
    check_leads(into)
    Question.objects.filter(merged_into=question).update(merged_into=into)
    Suggestion.objects.open().filter(question=question).update(question=into)
    Question.objects.filter(pk=question.pk).update(status=Question.Status.RETIRED, merged_into=into)
    moved = [each.pk for each in below]
    history.record(Question.objects.with_parts().filter(pk__in=moved), Change.Act.SAVED, by=by, at=at, why=why)
    both = Question.objects.with_parts().filter(pk__in=[question.pk, into.pk])
    history.record(both, Change.Act.MERGED, by=by, at=at, why=why)
    again = Script.objects.with_parts().filter(pk__in=[script.pk for script in scripts])
    history.record(again, Change.Act.SAVED, by=by, at=at, why=why)


def _short(question: Question) -> str:
    """Two of them fit into the reason of a change, which PostgreSQL refuses if it is too long."""
    return Truncator(question.prompt).chars(NAMED_LENGTH)


def _check(question: Question, into: Question, tree: Tree) -> None:
    if question == into or question.merged_into_id or into.merged_into_id:
        raise NotMergeable("This question was already merged. Choose another.")
    if into.pk in tree.below(question.pk):
        raise NotMergeable("That is a follow-up to this question. Merge it the other way round.")
    if into.is_retired or (question.is_published and into.is_draft):
        raise NotMergeable("Choose a published question. Publish or restore that one first.")
    names = Script.objects.holding(question.pk).values_list("name", flat=True)
    if into.parent_id is not None and names:
        used = get_text_list(list(names), "and")
        raise NotMergeable(f"That is a follow-up, but this question is used in {used}. Remove it there first.")


def _replace_in_scripts(scripts: list[Script], question: Question, into: Question) -> None:
    """A script that has both loses the duplicate."""
    for script in scripts:
        items = ScriptItem.objects.filter(section__script=script)
        if items.filter(question=into).exists():
            items.filter(question=question).delete()
        else:
            items.filter(question=question).update(question=into)
        script.version += 1
        script.save(update_fields=["version"])


def _move_follow_ups(question: Question, into: Question, below: list[Question]) -> None:
    last = Question.objects.filter(parent=into).aggregate(last=Max("position"))["last"] or 0
    for each in below:
        if each.parent_id == question.pk:
            each.parent = into
            each.position += last
        each.topic = into.topic
        each.version += not each.is_draft
    Question.objects.bulk_update(below, ["parent", "position", "topic", "version"])
