"""Pages of scripts: list, preview, and curators' changes."""

import datetime as dt
from typing import Any, Protocol

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
from editing.posted import whole_number
from editing.views import say_saved
from finding.lists import Filter, Order, list_page
from finding.views import render_list
from question_bank.browsing.outlines import outline_of
from question_bank.curation.forms.scripts import NameForm, ScriptEditor
from question_bank.curation.questions import CurationRefused
from question_bank.curation.scripts import (
    EmptyScript,
    NameTaken,
    copy_script,
    discard_draft,
    is_empty,
    publish_script,
    restore_script,
    retire_script,
    save_draft,
    save_script,
    script_content,
    script_of,
    script_revision,
)
from question_bank.curation.versions import differences
from question_bank.curation.views.access import BECAUSE, script_to_curate
from question_bank.models import Question, Rule, Script, Topic
from question_bank.wanted_scripts import WantedScript

STATES: dict[str, dict[str, Any]] = {
    "used": {"is_retired": False, "version__gt": 0},
    "drafts": {"draft__isnull": False},
    "retired": {"is_retired": True},
}
STATE = Filter(
    "state",
    "State",
    "All states",
    [("used", "In use"), ("drafts", "With a draft"), ("retired", "Retired")],
    lambda rows, value: rows.filter(**STATES[value]),
)


@require_safe
def script_list(request: SignedInRequest) -> HttpResponse:
    """Those in use first; curators see the retired ones too."""
    page = list_page(
        Script.objects.visible_to(request.user).select_related("draft").with_totals(),
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


@require_safe
def script_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """The draft as interviewers would see it; of a script without one, the script."""
    script = script_to_curate(request.user, pk)
    return _preview(request, script, is_draft=script.has_draft)


def _preview(
    request: SignedInRequest, script: Script, *, is_draft: bool = False, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The published version; the draft if it was never published, or with `is_draft`."""
    is_draft = is_draft or not script.is_published
    wanted = WantedScript.newest(script) if is_draft else WantedScript.of(script)
    context = {
        "script": script,
        "wanted": wanted,
        "is_draft": is_draft,
        "outline": outline_of(wanted),
        "rules": Rule.objects.in_force(script.pk),
        "may_curate": request.user.is_curator,
        "refusal": refusal,
    }
    return render(request, "question_bank/browsing/script_detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
@require_role(Role.CURATOR, BECAUSE)
def script_create(request: SignedInRequest) -> HttpResponse:
    """`?role=` is the opening that it is begun for: the hints then name topics it looks for."""
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
    edit, is_published = Edit.of(request.POST), request.POST.get("step") == "publish"
    has_nothing = is_published and not editor.has_questions
    if not editor.is_valid() or has_nothing:
        if has_nothing:
            editor.form.add_error(None, str(EmptyScript()))
        return _page(request, editor, script, edit=edit, status=422)

    def save() -> str:
        keep = save_script if is_published else save_draft
        before = script_revision(script) if script else ""
        saved = keep(
            script=script, wanted=editor.wanted(), edit=edit, by=request.user, at=timezone.now(), why=editor.why
        )
        if script and script.version == saved.version and before == script_revision(saved):
            words = "No changes."
        elif saved.has_draft:
            words = "Draft saved. Publish it to use it in interviews."
        else:
            words = f"Published as version {saved.version}."
        say_saved(request, edit, words)
        return reverse("script-draft", args=[saved.pk]) if saved.has_draft else saved.get_absolute_url()

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
        "role": whole_number(request.GET.get("role", "")) or 0,
        "is_sent": request.method == "POST",
    }
    return render(request, "question_bank/curation/script_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def script_publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what publishing the draft would change; then publish or, with `step=discard`, discard it."""
    script = script_to_curate(request.user, pk)
    refusal, status = "", 200
    if request.method == "POST":
        is_discarded = request.POST.get("step") == "discard"
        change = discard_draft if is_discarded else publish_script
        try:
            saved = change(script=script, base=request.POST.get("base", ""), by=request.user, at=timezone.now())
            published = f"Published as version {saved.version}."
            messages.success(request, "Draft discarded. The history keeps it." if is_discarded else published)
            return redirect(saved)
        except Overtaken:
            refusal, status = "This draft was changed while you had it open. Look at the differences again.", 409
        except CurationRefused as refused:
            refusal, status = str(refused), refused.status
    wanted = WantedScript.newest(script)
    context = {
        "script": script,
        "changed": differences(script_content(WantedScript.of(script)), script_content(wanted)),
        "base": script_revision(script),
        # There is no version to compare the first one with.
        "outline": None if script.is_published else outline_of(wanted),
        "wanted": wanted,
        "refusal": refusal,
        "empty": str(EmptyScript()) if is_empty(wanted) else "",
    }
    return render(request, "question_bank/curation/script_publish.html", context, status=status)


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
