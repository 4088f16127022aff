"""The edit pages of lists: topics, and ground rules."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from editing.fields import Line
from question_bank.curation.forms.fields import Prose
from question_bank.curation.forms.rows import RowForm, RowFormSet
from question_bank.curation.rules import WantedRule
from question_bank.curation.topics import WantedTopic
from question_bank.models import Rule, Topic

RULE_LENGTH = 2_000


class TopicForm(RowForm):
    """Skips the uniqueness check; `save_topics` decides."""

    significant_fields = ("name",)
    name = forms.fields_for_model(Topic, ["name"], field_classes={"name": Line})["name"]
    is_retired = forms.BooleanField(label="Retired", required=False)


class TopicFormSet(RowFormSet):
    """Topics are retired or merged, not removed."""

    form = TopicForm
    row_name = "Topic"
    extra, can_delete, can_delete_extra = 1, False, False
    most = 200

    def wanted_topics(self) -> list[WantedTopic]:
        return [WantedTopic(pk=row["pk"], name=row["name"], is_retired=row["is_retired"]) for row in self.wanted()]


class RuleForm(RowForm):
    significant_fields = ("title", "text")
    title = forms.fields_for_model(
        Rule, ["title"], field_classes={"title": Line}, widgets={"title": forms.TextInput({"placeholder": "Title"})}
    )["title"]
    text = Prose(rows=2, max_length=RULE_LENGTH, label="Rule")


class RuleFormSet(RowFormSet):
    form = RuleForm
    row_name = "Rule"
    extra, most = 1, 30

    def wanted_rules(self) -> list[WantedRule]:
        return [WantedRule(pk=row["pk"], title=row["title"], text=row["text"]) for row in self.wanted()]


class MergeTopicForm(forms.Form):
    into = forms.ModelChoiceField(
        Topic.objects.none(), label="Topic to merge into", empty_label="Choose a topic",
        error_messages={"invalid_choice": "This topic was retired or merged. Choose another."},
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, *, topic: Topic) -> None:
        super().__init__(data)
        into = self.fields["into"]
        assert isinstance(into, forms.ModelChoiceField)
        into.queryset = Topic.objects.to_choose().exclude(pk=topic.pk)


def topic_rows(topics: Sequence[WantedTopic], data: QueryDict | None = None) -> TopicFormSet:
    return TopicFormSet(data, prefix="topics", initial=_initial(topics))


def rule_rows(rules: Sequence[WantedRule], data: QueryDict | None = None) -> RuleFormSet:
    return RuleFormSet(data, prefix="rules", initial=_initial(rules))


def _initial(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [vars(row) for row in rows]
