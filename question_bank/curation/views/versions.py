"""The history of a question or a script: its changes, the difference between any two, and restoring one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from editing.merging import Content, Edit, Overtaken
from editing.posted import whole_number
from question_bank.curation import versions
from question_bank.curation.differences import question_content, revision
from question_bank.curation.questions import CurationRefused
from question_bank.curation.scripts import script_content, script_revision
from question_bank.curation.versions import Changed
from question_bank.curation.views.access import question_to_curate, script_to_curate
from question_bank.curation.writing import WantedQuestion
from question_bank.models import Change, Question, Script
from question_bank.wanted_scripts import WantedScript


@dataclass(frozen=True)
class Compared:
    """Two versions of the same row, and what differs."""

    old: Change
    new: Change
    changed: list[Changed] = field(default_factory=list)


@require_safe
def question_history(request: SignedInRequest, pk: int) -> HttpResponse:
    """All changes of a question; `?old=` and `?new=` choose two of them, else the newest and the one before."""
    question = question_to_curate(request.user, pk)
    return _history(
        request, question, Change.objects.of_question(question).to_read(), versions.question_changes, "question"
    )


@require_safe
def script_history(request: SignedInRequest, pk: int) -> HttpResponse:
    script = script_to_curate(request.user, pk)
    return _history(request, script, Change.objects.filter(script=script).to_read(), versions.script_changes, "script")


def _history(
    request: SignedInRequest,
    row: Question | Script,
    found: Iterable[Change],
    parts: Callable[[list[Change]], list[Content]],
    noun: str,
) -> HttpResponse:
    changes = list(found)
    context = {
        "row": row,
        "noun": noun,
        "changes": changes,
        "same": versions.same_as_now(row, changes),
        "compared": _compared(request, changes, parts),
    }
    return render(request, "question_bank/curation/history.html", context)


def _compared(
    request: SignedInRequest, changes: list[Change], parts: Callable[[list[Change]], list[Content]]
) -> Compared | None:
    """The two chosen changes, the older first. Newest first in `changes`."""
    if len(changes) < 2:
        return None
    by_pk = {change.pk: change for change in changes}
    chosen = [by_pk.get(whole_number(request.GET.get(name, "")) or 0) for name in ("old", "new")]
    old, new = sorted((chosen[0] or changes[1], chosen[1] or changes[0]), key=lambda change: change.pk)
    before, after = parts([old, new])
    return Compared(old, new, versions.differences(before, after))


@require_http_methods(["GET", "POST"])
def question_revert(request: SignedInRequest, pk: int, change_pk: int) -> HttpResponse:
    """Show what would change, then save an earlier version as a new one."""
    question = question_to_curate(request.user, pk)
    change = get_object_or_404(Change.objects.of_question(question).to_read(), pk=change_pk)
    now = WantedQuestion.of(question)
    wanted = versions.wanted_of(change, now)
    facts = {
        "changed": versions.differences(question_content(now), question_content(wanted)),
        "newer_follow_ups": versions.newer_follow_ups(question, change),
        "follow_ups": len(question.follow_ups.all()),
    }

    def revert(edit: Edit) -> None:
        saved = versions.revert_question(
            question=question, change=change, edit=edit, by=request.user, at=timezone.now()
        )
        messages.success(request, f"Restored as version {saved.version}.")

    return _reverted(request, question, change, "question", revision(question), facts, revert)


@require_http_methods(["GET", "POST"])
def script_revert(request: SignedInRequest, pk: int, change_pk: int) -> HttpResponse:
    script = script_to_curate(request.user, pk)
    change = get_object_or_404(script.changes.to_read(), pk=change_pk)
    wanted = versions.wanted_script_of(change)
    facts = {
        "changed": versions.differences(script_content(WantedScript.newest(script)), script_content(wanted)),
        "gone": versions.questions_gone(change),
    }

    def revert(edit: Edit) -> None:
        versions.revert_script(script=script, change=change, edit=edit, by=request.user, at=timezone.now())
        messages.success(request, "Restored as a draft. Publish it to use it in interviews.")

    return _reverted(request, script, change, "script", script_revision(script), facts, revert)


def _reverted(
    request: SignedInRequest,
    row: Question | Script,
    change: Change,
    noun: str,
    base: str,
    facts: dict[str, Any],
    revert: Callable[[Edit], None],
) -> HttpResponse:
    """The page that asks; on POST, restore. A row saved meanwhile is shown again with the new difference."""
    refusal, status = "", 200
    if request.method == "POST":
        try:
            if request.POST.get("base") != base:
                raise Overtaken(Edit())
            revert(Edit(base))
            return redirect(row)
        except Overtaken:
            refusal, status = "This was changed while you had it open. Look at the differences again.", 409
        except CurationRefused as refused:
            refusal, status = str(refused), refused.status
    context = {"row": row, "noun": noun, "change": change, "base": base, "refusal": refusal} | facts
    return render(request, "question_bank/curation/revert.html", context, status=status)
