"""The bank: topics, the list with its search, and one question beside it."""

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from question_bank.advice import advice_on
from question_bank.browsing.cards import read
from question_bank.browsing.listing import ListFilter, browse
from question_bank.entries import QuestionEntry
from question_bank.models import Question
from question_bank.publishing import reasons_against_publishing
from question_bank.scale import rating_words

PAGE = "question_bank/browsing/question_list.html"


@require_safe
def question_list(request: SignedInRequest) -> HttpResponse:
    """The bank without a question; for htmx only the list, with the topics beside it."""
    choice = ListFilter.of(request.user, request.GET)
    if not is_asked_for(request, "results"):
        context = {"bank": browse(request.user, choice), "scale": rating_words()}
        return render(request, PAGE, context | _reader(request))
    address = _address_behind(request)
    bank = browse(request.user, choice, current=_question_at(address))
    response = render(request, f"{PAGE}#found", {"bank": bank, "is_part": True})
    # Typing leaves no trail of half words to go back through; choosing a topic does.
    is_refined = request.htmx.trigger in ("bank-search", "more")
    response["HX-Replace-Url" if is_refined else "HX-Push-Url"] = f"{address}{choice}"
    return response


@require_safe
def question_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A question beside the list; for htmx only the question."""
    question = get_object_or_404(Question.objects.visible_to(request.user).with_parts(), pk=pk)
    return render_question(request, question)


def render_question(
    request: SignedInRequest, question: Question, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The question's page, or its part for htmx; `refusal` says why something was not done to it."""
    choice = ListFilter.of(request.user, request.GET)
    context = {"reading": read(request.user, question), "choice": choice, "refusal": refusal} | _reader(request)
    if request.user.is_curator and question.is_draft:
        context["reasons"] = reasons_against_publishing(question)
    if request.user.is_curator:
        context["advice"] = advice_on(QuestionEntry.of(question))
    if is_asked_for(request, "question"):
        return render(request, "question_bank/browsing/_question.html", context | {"is_part": True}, status=status)
    context["bank"] = browse(request.user, choice, current=question.pk)
    return render(request, PAGE, context, status=status)


def is_asked_for(request: SignedInRequest, part: str) -> bool:
    """htmx wants to swap just the element of that id; going back in the history asks for the page again."""
    return bool(request.htmx) and request.htmx.target == part and not request.htmx.history_restore_request


def _reader(request: SignedInRequest) -> dict[str, object]:
    """What the page needs to know about who reads it."""
    return {"may_curate": request.user.is_curator, "has_keys": request.user.has_keys_on}


def _address_behind(request: SignedInRequest) -> str:
    """The path of the page in which the list is searched: the bank's own, or that of the open question."""
    path = urlsplit(request.htmx.current_url_abs_path or "").path
    return path if _question_at(path) else reverse("question-list")


def _question_at(path: str) -> int | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match.kwargs["pk"] if match.url_name == "question-detail" else None
