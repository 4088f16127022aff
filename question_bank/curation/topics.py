"""Curators' changes to topics: the whole list at once, and merging one into another."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from accounts.models import User
from editing.merging import Content, Edit, Part, seal
from question_bank import history
from question_bank.curation import list_history
from question_bank.curation.questions import CurationRefused
from question_bank.entries import QuestionEntry
from question_bank.models import Change, ListChange, Question, Topic

KEY_LENGTH = 40


class TopicRefused(CurationRefused):
    """The list of topics cannot be like this."""

    status = 422


@dataclass(frozen=True, kw_only=True)
class WantedTopic:
    name: str
    is_retired: bool = False
    # None for a new one.
    pk: int | None = None

    def __str__(self) -> str:
        return self.name


def topics_content(topics: Sequence[WantedTopic]) -> Content:
    """One part for each topic, in order."""
    return {
        f"topics/{topic.pk or f'new {topic.name}'}": Part(
            "Topic", f"{topic.name}{', retired' if topic.is_retired else ''}", topic
        )
        for topic in topics
    }


def current_topics() -> list[WantedTopic]:
    return [WantedTopic(pk=t.pk, name=t.name, is_retired=t.is_retired) for t in Topic.objects.current()]


def topics_revision() -> str:
    return seal(topics_content(current_topics()))


@transaction.atomic
def save_topics(*, wanted: Sequence[WantedTopic], edit: Edit, by: User, at: dt.datetime) -> None:
    """Save names, order and which are retired; create new ones. A topic that is not listed stays as it is.

    Raises Overtaken if another curator changed the same topic, TopicRefused for a name that is used twice."""
    rows = {topic.pk: topic for topic in Topic.objects.select_for_update()}
    now = topics_content(current_topics())
    newest = max(rows.values(), key=lambda topic: (topic.changed_at is not None, topic.changed_at), default=None)
    content = edit.reconcile(topics_content(wanted), now, row=newest)
    saved: list[WantedTopic] = [part.value for part in content.values()]
    _check_names(saved, rows)
    keys = {topic.key for topic in rows.values()}
    changed = []
    for position, each in enumerate(saved, start=1):
        row = rows.get(each.pk or 0) or Topic(key=_free_key(each.name, keys))
        before = (row.name, row.is_retired, row.position)
        row.name, row.is_retired, row.position = each.name, each.is_retired, position
        if before != (row.name, row.is_retired, row.position):
            row.mark_changed(by=by, at=at)
            changed.append(row)
    # Two topics may swap their names.
    for row in changed:
        if row.pk:
            Topic.objects.filter(pk=row.pk).update(name=f"\x1f{row.pk}")
    for row in changed:
        row.save()
    list_history.record(ListChange.Kind.TOPICS, now, topics_content(current_topics()), by=by, at=at)


def _check_names(wanted: Sequence[WantedTopic], rows: dict[int, Topic]) -> None:
    listed = {topic.pk for topic in wanted}
    seen = {row.name.casefold() for row in rows.values() if row.pk not in listed}
    merged = {row.name.casefold(): row for row in rows.values() if row.merged_into_id and row.pk not in listed}
    for topic in wanted:
        if (row := merged.get(topic.name.casefold())) is not None:
            raise TopicRefused(f"“{row}” was merged into “{row.merged_into}”. Choose another name.")
        if topic.name.casefold() in seen:
            raise TopicRefused(f"A topic named “{topic.name}” already exists.")
        seen.add(topic.name.casefold())


def _free_key(name: str, keys: set[str]) -> str:
    """A unique key, made of the name."""
    stem = slugify(name)[:KEY_LENGTH] or "topic"
    key, number = stem, 1
    while key in keys:
        number += 1
        key = f"{stem}-{number}"
    keys.add(key)
    return key


@transaction.atomic
def merge_topic(*, topic: Topic, into: Topic, by: User, at: dt.datetime) -> int:
    """Move all questions of `topic` to `into`, last, and hide `topic`. Returns how many moved.

    Later updates of the built-in bank follow. Raises TopicRefused if one of them was merged meanwhile."""
    rows = Topic.objects.select_for_update().in_bulk([topic.pk, into.pk])
    topic, into = rows[topic.pk], rows[into.pk]
    if topic == into or topic.merged_into_id or into.merged_into_id:
        raise TopicRefused("This topic was merged in the meantime. Choose another.")
    moving = list(Question.objects.select_for_update(of=("self",)).with_parts().filter(topic=topic).order_by("pk"))
    history.keep_first(moving)
    last = Question.objects.filter(topic=into, parent=None).aggregate(last=Max("position"))["last"] or 0
    for question in moving:
        entry = QuestionEntry.of(question)
        if question.key and entry.digest() == question.seeded_digest:
            # Nobody changed its text: it keeps following the files.
            question.seeded_digest = replace(entry, topic=into.key).digest()
        question.topic = into
        question.version += not question.is_draft
        question.position += last if question.parent_id is None else 0
    Question.objects.bulk_update(moving, ["topic", "version", "position", "seeded_digest"])
    history.record(moving, Change.Act.SAVED, by=by, at=at, why=f"Topic “{topic}” was merged into “{into}”.")
    Topic.objects.filter(merged_into=topic).update(merged_into=into)
    topic.merged_into = into
    topic.mark_changed(by=by, at=at)
    topic.save()
    merged = (f"Merged into “{into}”", topic.name, "")
    list_history.write(ListChange.Kind.TOPICS, [merged], script=None, by=by, at=at)
    return len(moving)
