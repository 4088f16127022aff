"""The bank: topics, the list with its search, and one question beside it."""

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from question_bank.advice import advice_on
from question_bank.browsing.cards import points_heard, read, uses
from question_bank.browsing.listing import ListFilter, browse
from question_bank.entries import QuestionEntry
from question_bank.heard import heard_points
from question_bank.history import digest_of
from question_bank.models import Question, Suggestion
from question_bank.publishing import needs_another, reasons_against_publishing
from question_bank.scale import rating_words
from question_bank.usage import figures_of

PAGE = "question_bank/browsing/question_list.html"


@require_safe
def question_list(request: SignedInRequest) -> HttpResponse:
    """The bank without an open question; for htmx, the list and the topics."""
    choice = ListFilter.of(request.user, request.GET)
    if not is_asked_for(request, "results"):
        context = {"bank": browse(request.user, choice), "scale": rating_words()}
        return render(request, PAGE, context | _reader(request))
    address = _address_behind(request)
    bank = browse(request.user, choice, current=_question_at(address))
    response = render(request, f"{PAGE}#found", {"bank": bank, "is_part": True})
    # Typing replaces the history entry, choosing a topic adds one: Back skips half-typed words.
    is_refined = request.htmx.trigger in ("bank-search", "more")
    response["HX-Replace-Url" if is_refined else "HX-Push-Url"] = f"{address}{choice}"
    return response


@require_safe
def question_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A question beside the list; for htmx, the question alone."""
    question = get_object_or_404(Question.objects.visible_to(request.user).with_parts(), pk=pk)
    return render_question(request, question)


def render_question(
    request: SignedInRequest, question: Question, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The question's page, or its part for htmx; `refusal` is the reason an action was refused."""
    choice = ListFilter.of(request.user, request.GET)
    context = {"reading": read(request.user, question), "choice": choice, "refusal": refusal} | _reader(request)
    if request.user.is_curator and question.is_draft:
        context["reasons"] = reasons_against_publishing(question)
        context["needs_another"] = needs_another(question, request.user)
        context["digest"] = digest_of(question)
    if request.user.is_curator:
        context["advice"] = advice_on(QuestionEntry.of(question))
        context["uses"] = uses(question)
        context["figures"] = figures = figures_of(question)
        context["points_heard"] = points_heard(question, figures)
        context["heard"] = heard_points(question)
        context["comments"] = question.comments.select_related("by")
        context["suggestions"] = question.suggestions.open().select_related("by", "question")
    if is_asked_for(request, "question"):
        return render(request, "question_bank/browsing/_question.html", context | {"is_part": True}, status=status)
    context["bank"] = browse(request.user, choice, current=question.pk)
    return render(request, PAGE, context, status=status)


def is_asked_for(request: SignedInRequest, part: str) -> bool:
    """Whether htmx swaps only the element with this id; Back requests the whole page."""
    return bool(request.htmx) and request.htmx.target == part and not request.htmx.history_restore_request


def _reader(request: SignedInRequest) -> dict[str, object]:
    """Context about the reader."""
    is_curator = request.user.is_curator
    return {
        "may_curate": is_curator,
        "has_keys": request.user.has_keys_on,
        "open_suggestions": Suggestion.objects.open().count() if is_curator else 0,
    }


def _address_behind(request: SignedInRequest) -> str:
    """The path of the page that contains the list: the bank, or the open question."""
    try:
        path = urlsplit(request.htmx.current_url_abs_path or "").path
    except ValueError:  # no page has such an address
        path = ""
    return path if _question_at(path) else reverse("question-list")


def _question_at(path: str) -> int | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match.kwargs["pk"] if match.url_name == "question-detail" else None
