"""Curators' pages of questions: create, edit, publish, retire, restore, delete a draft."""

import zlib
from collections.abc import Callable
from functools import wraps
from typing import Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require_role
from accounts.requests import SignedInRequest
from accounts.roles import Role
from editing.fields import one_line
from editing.merging import Edit, Overtaken
from editing.once import once
from editing.posted import whole_number
from editing.views import say_saved
from question_bank.browsing.cards import uses
from question_bank.browsing.views import render_question
from question_bank.curation import questions
from question_bank.curation.differences import question_of, revision
from question_bank.curation.forms.questions import QuestionEditor
from question_bank.curation.questions import CurationRefused
from question_bank.curation.suggestions import settle_points, settle_typed
from question_bank.curation.views.access import BECAUSE, question_to_curate
from question_bank.heard import HeardPoint, are_alike, heard_points
from question_bank.models import Question, ReviewPolicy, Suggestion, Topic
from question_bank.typed import typed_questions
from question_bank.words import quoted


@require_http_methods(["GET", "POST"])
@require_role(Role.CURATOR, BECAUSE)
def question_create(request: SignedInRequest) -> HttpResponse:
    """A new draft; `?parent=` makes it a follow-up, `?topic=` sets the topic. `?suggestion=` and `?typed=` (in a call)
    are what it begins with."""
    if request.method == "POST":
        return _take(request, QuestionEditor(request.POST), None)
    topic, parent = request.GET.get("topic", ""), whole_number(request.GET.get("parent", ""))
    suggestion = whole_number(request.GET.get("suggestion", "")) or 0
    suggested = Suggestion.objects.filter(pk=suggestion).values_list("text", flat=True).first()
    typed = request.GET.get("typed", "")[:500]
    editor = QuestionEditor(
        prompt=suggested or typed,
        points=next((group.points for group in typed_questions() if are_alike(group.text, typed)), ()) if typed else (),
        # Compared here: PostgreSQL refuses a URL's NUL.
        topic=next((each for each in Topic.objects.to_choose() if each.key == topic), None),
        parent=Question.objects.select_related("topic").filter(pk=parent).first() if parent is not None else None,
    )
    return _page(request, editor, None, parent=editor.parent)


@require_http_methods(["GET", "POST"])
def question_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """`?suggestion=` (accepted) is shown above the form, `?point=` (heard in interviews) is added to it."""
    question = question_to_curate(request.user, pk)
    if request.method == "POST":
        return _take(request, QuestionEditor(request.POST, question=question), question)
    number = whole_number(request.GET.get("suggestion", ""))
    suggestion = question.suggestions.select_related("by").filter(pk=number).first() if number else None
    point = [request.GET["point"][:500]] if request.GET.get("point") else []
    editor = QuestionEditor(question=question, points=point, suggestion=suggestion)
    return _page(request, editor, question, edit=Edit(revision(question)), suggestion=suggestion)


def _take(request: SignedInRequest, editor: QuestionEditor, question: Question | None) -> HttpResponse:
    """Save the form, and publish if that button was used. Refused input returns in its form."""
    edit, is_published, is_asked = Edit.of(request.POST), "publish" in request.POST, "review" in request.POST
    if not editor.is_valid():
        return _page(request, editor, question, edit=edit, status=422)
    now = timezone.now()

    heard = heard_points(question) if question else []

    def save() -> Question:
        saved = questions.save_question(
            question=question, wanted=editor.wanted(), edit=edit, by=request.user, at=now, why=editor.why
        )
        if is_published:
            questions.publish_question(question=saved, by=request.user, at=now)
        elif is_asked:
            questions.send_for_review(question=saved, by=request.user, at=now)
        _settle(request, question, saved, heard)
        say_saved(request, edit, _news(question, saved, is_published=is_published, is_asked=is_asked))
        return saved

    try:
        return once(request, save)
    except Overtaken:
        merged = question_of(edit.content, is_reviewed=editor.wanted().is_reviewed)
        again = QuestionEditor(question=question, wanted=merged)
        return _page(request, again, question, edit=edit, status=409)
    except CurationRefused as refusal:
        editor.form.add_error(None, str(refusal))
        return _page(request, editor, question, edit=edit, status=422)


def _settle(request: SignedInRequest, question: Question | None, saved: Question, heard: list[HeardPoint]) -> None:
    """Tell those whose point or question is in the bank now; `?point=` and `?typed=` are what the editor began with."""
    now = timezone.now()
    if question is None:
        if typed := _begun_with(request, "typed"):
            settle_typed(text=typed, by=request.user, at=now)
        return
    is_added = {point.pk for point in saved.points.all()} - {point.pk for point in question.points.all()}
    reworded = _begun_with(request, "point") if is_added else ""
    settle_points(question=saved, before=heard, by=request.user, at=now, reworded=reworded)


def _begun_with(request: SignedInRequest, name: str) -> str:
    """A line of the address. PostgreSQL refuses to store a NUL."""
    return one_line(request.GET.get(name, "").replace("\0", " "))[:500]


def _page(
    request: SignedInRequest,
    editor: QuestionEditor,
    question: Question | None,
    *,
    edit: Edit | None = None,
    parent: Question | None = None,
    suggestion: Suggestion | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "editor": editor,
        "question": question,
        "uses": uses(question) if question else None,
        "parent": parent,
        "suggestion": suggestion,
        "draft": _draft_name(request, question),
        "step": _step(question),
        "edit": edit or Edit(),
        "is_sent": request.method == "POST",
    }
    return render(request, "question_bank/curation/question_form.html", context, status=status)


def _step(question: Question | None) -> str:
    """The step that saving a draft may take at once: "publish"; "review" where two people publish; or none."""
    if question and not question.is_draft:
        return ""
    if not ReviewPolicy.is_second_person_needed():
        return "publish"
    # Saving one in review makes its curator the last to change it, who may not approve it.
    return "" if question and question.is_in_review else "review"


def _draft_name(request: SignedInRequest, question: Question | None) -> str:
    """The name of its draft in the browser. A new question that begins with something has another one, so that no draft
    of yesterday's new question is put over it."""
    begun = " ".join(request.GET.get(name, "") for name in ("parent", "suggestion", "typed")).strip()
    which = question.pk if question else f"new:{zlib.crc32(begun.encode()):x}" if begun else "new"
    return f"question:{which}"


def _news(question: Question | None, saved: Question, *, is_published: bool, is_asked: bool) -> str:
    if is_published or is_asked:
        return "Published." if is_published else "Sent for review."
    if saved.is_draft:
        return "Draft saved."
    is_same = question is not None and question.version == saved.version
    return "Saved. The wording hasn’t changed." if is_same else f"Saved as version {saved.version}."


class _View(Protocol):
    def __call__(self, request: SignedInRequest, question: Question, /) -> HttpResponse: ...


def _of_question(view: _View) -> Callable[[SignedInRequest, int], HttpResponse]:
    """A view of one question, for curators. A CurationRefused is answered by the question's page with its reason."""

    @wraps(view)
    def wrapped(request: SignedInRequest, pk: int) -> HttpResponse:
        question = question_to_curate(request.user, pk)
        try:
            return view(request, question)
        except CurationRefused as refusal:
            return render_question(request, question, refusal=str(refusal), status=refusal.status)

    return wrapped


@require_POST
@_of_question
def question_publish(request: SignedInRequest, question: Question) -> HttpResponse:
    read = request.POST.get("read", "")
    questions.publish_question(question=question, by=request.user, at=timezone.now(), read=read)
    messages.success(request, "Published.")
    return redirect(question)


@require_http_methods(["GET", "POST"])
@_of_question
def question_retire(request: SignedInRequest, question: Question) -> HttpResponse:
    """Confirm first, with the question's uses and the consequences."""
    if request.method == "GET":
        questions.check_retirable(question)
        context = {"question": question, "uses": uses(question)}
        return render(request, "question_bank/curation/question_retire.html", context)
    questions.retire_question(question=question, by=request.user, at=timezone.now())
    messages.success(request, "Retired. New interviews won’t include it.")
    return redirect(question)


@require_POST
@_of_question
def question_restore(request: SignedInRequest, question: Question) -> HttpResponse:
    questions.restore_question(question=question, by=request.user, at=timezone.now())
    messages.success(request, "Restored. New interviews can ask it again.")
    return redirect(question)


@require_http_methods(["GET", "POST"])
@_of_question
def question_delete(request: SignedInRequest, question: Question) -> HttpResponse:
    """Confirm, then delete a draft. Questions once published are retired instead."""
    if request.method == "GET":
        questions.check_deletable(question)
        return render(request, "question_bank/curation/question_delete.html", {"question": question})
    questions.delete_draft(question=question)
    messages.success(request, f"Draft deleted: {quoted(question.prompt)}.")
    return redirect("question-list")
