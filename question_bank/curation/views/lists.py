"""Curators' pages of lists: topics, merging two of them, and ground rules."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import require_role
from accounts.requests import SignedInRequest
from accounts.roles import Role
from editing.merging import Edit, Overtaken
from editing.once import once
from editing.views import say_saved
from question_bank.curation import list_history
from question_bank.curation.forms.lists import MergeTopicForm, rule_rows, topic_rows
from question_bank.curation.forms.rows import RowFormSet
from question_bank.curation.questions import CurationRefused
from question_bank.curation.rules import current_rules, rules_revision, save_rules
from question_bank.curation.topics import current_topics, merge_topic, save_topics, topics_revision
from question_bank.curation.views.access import BECAUSE, script_to_curate
from question_bank.models import ListChange, Question, Script, Topic


@require_http_methods(["GET", "POST"])
@require_role(Role.CURATOR, BECAUSE)
def topic_list(request: SignedInRequest) -> HttpResponse:
    """Create, rename, order and retire topics."""
    rows = topic_rows(current_topics(), request.POST if request.method == "POST" else None)

    def save(edit: Edit) -> None:
        save_topics(wanted=rows.wanted_topics(), edit=edit, by=request.user, at=timezone.now())

    template = "question_bank/curation/topic_list.html"
    context = {"changes": list_history.newest(ListChange.Kind.TOPICS)}
    return _list(request, rows, template, context, save, topic_rows, topics_revision())


@require_http_methods(["GET", "POST"])
@require_role(Role.CURATOR, BECAUSE)
def rules_for_all(request: SignedInRequest) -> HttpResponse:
    return _rules(request, None)


@require_http_methods(["GET", "POST"])
def rules_of_script(request: SignedInRequest, pk: int) -> HttpResponse:
    return _rules(request, script_to_curate(request.user, pk))


def _rules(request: SignedInRequest, script: Script | None) -> HttpResponse:
    rows = rule_rows(current_rules(script), request.POST if request.method == "POST" else None)

    def save(edit: Edit) -> None:
        save_rules(script=script, wanted=rows.wanted_rules(), edit=edit, by=request.user, at=timezone.now())

    template = "question_bank/curation/rule_list.html"
    context = {"script": script, "changes": list_history.newest(ListChange.Kind.RULES, script)}
    return _list(request, rows, template, context, save, rule_rows, rules_revision(script))


def _list(
    request: SignedInRequest,
    rows: RowFormSet,
    template: str,
    context: dict[str, Any],
    save: Callable[[Edit], None],
    rows_of: Callable[[list[Any]], RowFormSet],
    base: str,
) -> HttpResponse:
    """The page of a list, or save it; refused input returns in its form."""
    edit, status, refusal = Edit(base), 200, ""
    if request.method == "POST":
        edit, status = Edit.of(request.POST), 422
        if rows.is_valid():
            try:
                return once(request, lambda: _saved(request, edit, save))
            except Overtaken:
                rows, status = rows_of([part.value for part in edit.content.values()]), 409
            except CurationRefused as refused:
                refusal, status = str(refused), refused.status
    context = context | {"rows": rows, "edit": edit, "refusal": refusal, "is_sent": request.method == "POST"}
    return render(request, template, context, status=status)


def _saved(request: SignedInRequest, edit: Edit, save: Callable[[Edit], None]) -> str:
    save(edit)
    say_saved(request, edit)
    return request.path


@require_http_methods(["GET", "POST"])
@require_role(Role.CURATOR, BECAUSE)
def topic_merge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask into which topic, then move all questions there."""
    topic = get_object_or_404(Topic.objects.current(), pk=pk)
    form = MergeTopicForm(request.POST if request.method == "POST" else None, topic=topic)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        try:
            moved = merge_topic(topic=topic, into=into, by=request.user, at=timezone.now())
            messages.success(
                request, f"“{topic}” was merged into “{into}”: {moved} question{'s' * (moved != 1)} moved."
            )
            return redirect("topic-list")
        except CurationRefused as refusal:
            form.add_error("into", str(refusal))
    context = {"topic": topic, "form": form, "questions": Question.objects.filter(topic=topic).count()}
    return render(request, "question_bank/curation/topic_merge.html", context, status=422 if form.is_bound else 200)
