"""Pages of scripts: list, preview, and curators' changes."""

import datetime as dt
from typing import Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require_role
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.roles import Role
from editing.merging import Edit, Overtaken
from editing.once import once
from editing.views import say_saved
from finding.lists import Filter, Order, list_page
from finding.views import render_list
from question_bank.browsing.outlines import outline
from question_bank.curation.forms.scripts import NameForm, ScriptEditor
from question_bank.curation.questions import CurationRefused
from question_bank.curation.scripts import (
    NameTaken,
    copy_script,
    restore_script,
    retire_script,
    save_script,
    script_of,
    script_revision,
)
from question_bank.curation.views.access import BECAUSE, script_to_curate
from question_bank.models import Question, Rule, Script, Topic

STATE = Filter(
    "state",
    "State",
    "In use and retired",
    [("used", "In use"), ("retired", "Retired")],
    lambda rows, value: rows.filter(is_retired=value == "retired"),
)


@require_safe
def script_list(request: SignedInRequest) -> HttpResponse:
    """Those in use first; curators see the retired ones too."""
    page = list_page(
        Script.objects.visible_to(request.user).with_totals(),
        request.GET,
        search=lambda rows, words: rows.about(words),
        filters=[STATE] if request.user.is_curator else [],
        orders=[Order("", "By name", ("is_retired", "name", "pk"))],
    )
    context = {"may_curate": request.user.is_curator}
    return render_list(request, "question_bank/browsing/script_list.html", page, context)


@require_safe
def script_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    script = get_object_or_404(Script.objects.visible_to(request.user).with_parts(), pk=pk)
    return _preview(request, script)


def _preview(request: SignedInRequest, script: Script, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "script": script,
        "outline": outline(script),
        "rules": Rule.objects.in_force(script.pk),
        "may_curate": request.user.is_curator,
        "refusal": refusal,
    }
    return render(request, "question_bank/browsing/script_detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
@require_role(Role.CURATOR, BECAUSE)
def script_create(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST":
        return _take(request, ScriptEditor(request.POST), None)
    return _page(request, ScriptEditor(), None)


@require_http_methods(["GET", "POST"])
def script_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    script = script_to_curate(request.user, pk)
    if request.method == "POST":
        return _take(request, ScriptEditor(request.POST, script=script), script)
    return _page(request, ScriptEditor(script=script), script, edit=Edit(script_revision(script)))


def _take(request: SignedInRequest, editor: ScriptEditor, script: Script | None) -> HttpResponse:
    """Save the form. Refused input returns in its form."""
    edit = Edit.of(request.POST)
    if not editor.is_valid():
        return _page(request, editor, script, edit=edit, status=422)

    def save() -> Script:
        saved = save_script(
            script=script, wanted=editor.wanted(), edit=edit, by=request.user, at=timezone.now(), why=editor.why
        )
        is_same = script is not None and script.version == saved.version
        say_saved(request, edit, "No changes." if is_same else f"Saved as version {saved.version}.")
        return saved

    try:
        return once(request, save)
    except Overtaken:
        again = ScriptEditor(script=script, wanted=script_of(edit.content))
        return _page(request, again, script, edit=edit, status=409)
    except CurationRefused as refusal:
        editor.form.add_error("name" if isinstance(refusal, NameTaken) else None, str(refusal))
        return _page(request, editor, script, edit=edit, status=422)


def _page(
    request: SignedInRequest,
    editor: ScriptEditor,
    script: Script | None,
    *,
    edit: Edit | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "editor": editor,
        "script": script,
        "topics": Topic.objects.to_choose(),
        "levels": Question.Level.choices,
        "forms": Question.Form.choices,
        "edit": edit or Edit(),
        "is_sent": request.method == "POST",
    }
    return render(request, "question_bank/curation/script_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def script_copy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a name, then copy the script and open the copy."""
    script = script_to_curate(request.user, pk)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": f"{script.name} (copy)"[:120]})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]

        def copy() -> str:
            new = copy_script(script=script, name=name, by=request.user, at=timezone.now())
            return reverse("script-edit", args=[new.pk])

        try:
            return once(request, copy)
        except NameTaken as refusal:
            form.add_error("name", str(refusal))
    context = {"script": script, "form": form}
    return render(request, "question_bank/curation/script_copy.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def script_retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm first."""
    if request.method == "GET":
        context = {"script": script_to_curate(request.user, pk)}
        return render(request, "question_bank/curation/script_retire.html", context)
    return _changed(request, pk, retire_script, "Retired. New interviews can’t use it; existing ones keep it.")


@require_POST
def script_restore(request: SignedInRequest, pk: int) -> HttpResponse:
    return _changed(request, pk, restore_script, "Restored. New interviews can use it again.")


class _Change(Protocol):
    def __call__(self, *, script: Script, by: User, at: dt.datetime) -> None: ...


def _changed(request: SignedInRequest, pk: int, change: _Change, words: str) -> HttpResponse:
    """Make the change and say so; if it is refused, show the script with the reason."""
    script = script_to_curate(request.user, pk)
    try:
        change(script=script, by=request.user, at=timezone.now())
    except CurationRefused as refusal:
        return _preview(request, script, refusal=str(refusal), status=refusal.status)
    messages.success(request, words)
    return redirect(script)
