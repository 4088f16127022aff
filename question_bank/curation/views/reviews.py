"""Pages that keep the bank good: review, comments, suggestions, and extra points heard in interviews."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require_role
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.roles import Role
from editing.once import once
from editing.posted import whole_number
from question_bank.browsing.views import render_question
from question_bank.curation import suggestions
from question_bank.curation.forms.reviews import AnswerForm, CommentForm, PointForm, SuggestionForm
from question_bank.curation.questions import CurationRefused, back_to_draft, send_for_review
from question_bank.curation.views.access import BECAUSE, question_to_curate
from question_bank.heard import heard_points
from question_bank.models import Comment, Question, ReviewPolicy, Suggestion
from question_bank.naming import reason_against
from question_bank.typed import typed_questions
from question_bank.words import quoted


@require_safe
def suggestion_list(request: SignedInRequest) -> HttpResponse:
    """For curators all open ones and the extra points heard; for others their own."""
    found = Suggestion.objects.visible_to(request.user).to_read()
    is_curator = request.user.is_curator
    context = {
        "open": found.filter(state=Suggestion.State.OPEN),
        "answered": found.exclude(state=Suggestion.State.OPEN)[:50],
        "heard": heard_points() if is_curator else [],
        "typed": typed_questions() if is_curator else [],
        "may_curate": is_curator,
        "is_second_person_needed": is_curator and ReviewPolicy.objects.filter(needs_second_person=True).exists(),
    }
    return render(request, "question_bank/curation/suggestion_list.html", context)


@require_http_methods(["GET", "POST"])
def suggestion_create(request: SignedInRequest) -> HttpResponse:
    """Suggest a change of `?question=`, or a new question; `?next=` is the page to return to."""
    pk = whole_number(request.GET.get("question", ""))
    question = _question_for(request.user, pk) if pk is not None else None
    back = _own_path(request.GET.get("next", ""))
    back = back or (question.get_absolute_url() if question else reverse("question-list"))
    form = SuggestionForm(request.POST if request.method == "POST" else None, is_new=question is None)
    if form.is_valid() and (reason := reason_against(form.cleaned_data["text"], writer=request.user, page=back)):
        form.add_error("text", reason)
    if form.is_valid():
        kind = form.cleaned_data.get("kind", Suggestion.Kind.NEW)
        text = form.cleaned_data["text"]

        def create() -> str:
            suggestions.suggest(kind=kind, text=text, question=question, by=request.user, at=timezone.now())
            messages.success(request, "Sent to the curators. You’ll get an email when one of them answers.")
            return back

        return once(request, create)
    context = {"form": form, "question": question, "back": back}
    return render(
        request, "question_bank/curation/suggestion_create.html", context, status=422 if form.is_bound else 200
    )


def _question_for(user: User, pk: int) -> Question | None:
    """The question to suggest a change of: of a merged one the other, of a retired one none, since interviews still
    link to it. Raises Http404 for one that the user may not know of."""
    rows = Question.objects.visible_to(user) | Question.objects.filter(status=Question.Status.RETIRED)
    question: Question = get_object_or_404(rows.select_related("merged_into"), pk=pk)
    question = question.merged_into or question
    return question if Question.objects.visible_to(user).filter(pk=question.pk).exists() else None


def _own_path(address: str) -> str:
    """A path on this site; "" for any other address."""
    return address if address.startswith("/") and url_has_allowed_host_and_scheme(address, None) else ""


@require_POST
def suggestion_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept it and go on to the editor, or dismiss it."""
    suggestion = get_object_or_404(Suggestion.objects.visible_to(request.user), pk=pk)
    if not request.user.is_curator:
        raise PermissionDenied(BECAUSE)
    form, is_accepted = AnswerForm(request.POST), "accept" in request.POST
    if not form.is_valid():
        messages.error(request, f"Write at most 300 characters in your answer to {quoted(suggestion.text)}.")
        return redirect("suggestion-list")
    try:
        suggestion = suggestions.answer(
            suggestion=suggestion,
            is_accepted=is_accepted,
            words=form.cleaned_data["answer"],
            by=request.user,
            at=timezone.now(),
        )
    except CurationRefused as refused:
        messages.error(request, str(refused))
        return redirect("suggestion-list")
    if not is_accepted:
        messages.success(request, f"Not taken up: {quoted(suggestion.text)}.")
        return redirect("suggestion-list")
    messages.success(request, "Accepted. Now make the change in the bank.")
    if suggestion.question:
        return redirect(f"{reverse('question-edit', args=[suggestion.question.pk])}?suggestion={suggestion.pk}")
    if not suggestion.is_new:
        messages.warning(request, "The question was deleted in the meantime. This is a new one.")
    return redirect(f"{reverse('question-create')}?suggestion={suggestion.pk}")


@require_POST
def question_point(request: SignedInRequest, pk: int) -> HttpResponse:
    """List an extra point heard in interviews as a brownie point, or dismiss it. Who works through the list of
    suggestions returns there."""
    question = question_to_curate(request.user, pk)
    form = PointForm(request.POST)
    if not form.is_valid():
        return render_question(request, question, refusal="Enter the point.", status=422)
    text, now, is_in_list = form.cleaned_data["text"], timezone.now(), "list" in request.POST
    try:
        if "dismiss" in request.POST:
            suggestions.dismiss_point(question=question, text=text, by=request.user, at=now)
            news = f"Dismissed: {quoted(text)}. Its author is told, and similar points stay hidden."
        else:
            saved = suggestions.add_point(question=question, text=text, by=request.user, at=now)
            news = f"Added as a brownie point, version {saved.version}: {quoted(text)}."
    except CurationRefused as refused:
        if not is_in_list:
            return render_question(request, question, refusal=str(refused), status=refused.status)
        messages.error(request, str(refused))
    else:
        messages.success(request, news)
    return redirect("suggestion-list" if is_in_list else question)


@require_POST
@require_role(Role.CURATOR, BECAUSE)
def typed_dismiss(request: SignedInRequest) -> HttpResponse:
    """Hide a question typed in calls."""
    form = PointForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            suggestions.dismiss_typed(text=text, by=request.user, at=timezone.now())
        except CurationRefused as refused:
            messages.error(request, str(refused))
        else:
            news = f"Dismissed: {quoted(text)}. Its author is told, and similar questions stay hidden."
            messages.success(request, news)
    return redirect("suggestion-list")


@require_POST
def question_comment(request: SignedInRequest, pk: int) -> HttpResponse:
    question = question_to_curate(request.user, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return render_question(request, question, refusal="Enter a comment.", status=422)

    def create() -> Question:
        now = timezone.now()
        Comment.objects.create(question=question, by=request.user, at=now, text=form.cleaned_data["text"])
        return question

    return once(request, create)


@require_POST
def question_review(request: SignedInRequest, pk: int) -> HttpResponse:
    return _moved(request, pk, send_for_review, "Sent for review.")


@require_POST
def question_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    return _moved(request, pk, back_to_draft, "Back to draft.")


def _moved(request: SignedInRequest, pk: int, move: Callable[..., None], words: str) -> HttpResponse:
    question = question_to_curate(request.user, pk)
    try:
        move(question=question, by=request.user, at=timezone.now())
    except CurationRefused as refused:
        return render_question(request, question, refusal=str(refused), status=refused.status)
    messages.success(request, words)
    return redirect(question)


@require_POST
@require_role(Role.CURATOR, BECAUSE)
def review_policy(request: SignedInRequest) -> HttpResponse:
    """Whether a second curator approves each question: the state wanted."""
    policy = ReviewPolicy.objects.first() or ReviewPolicy()
    policy.needs_second_person = request.POST.get("needed") == "yes"
    policy.mark_changed(by=request.user, at=timezone.now())
    policy.save()
    messages.success(
        request,
        "A second curator must now approve." if policy.needs_second_person else "One curator can now publish.",
    )
    return redirect("suggestion-list")
