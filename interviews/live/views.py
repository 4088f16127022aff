"""The live page, and the URLs it uses: commands, events, and the keys setting."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from editing.posted import whole_number
from interviews import access
from interviews.live import added, commands, requests
from interviews.live import page as pages
from interviews.live.question_cards import FLAG_BUTTONS
from interviews.models import Interview, Panelist, ScriptedQuestion
from interviews.panelists_only import panelists_only
from interviews.refusals import Malformed, NotAllowed, NotThere
from interviews.refused import refusal_json
from question_bank.models import Rule


# Compressing the whole script saves nine tenths. Safe against BREACH: Django masks the CSRF token anew each time.
@gzip_page
@require_GET
@panelists_only("Only panelists can open the live page.")
def live_page(request: SignedInRequest, panelist: Panelist) -> HttpResponse:
    """A former panelist's browser opens it too, if changes are waiting there, and is redirected."""
    interview = panelist.interview
    page = pages.live_page(interview=interview, panelist=panelist, now=timezone.now())
    context = {
        "interview": interview,
        "panelist": panelist,
        "panel": page.panel,
        "sections": page.sections,
        "shown": page.shown,
        "interview_note": page.interview_note,
        "files": page.files,
        "flags": FLAG_BUTTONS,
        "state": page.state,
        "skip_reasons": ScriptedQuestion.SkipReason.choices,
        "rules": Rule.objects.in_force(interview.script_id),
        "managers": interview.opening.current_managers_but(request.user) if interview.is_scheduled else [],
    }
    return render(request, "interviews/live/live.html", context, status=409 if interview.is_cancelled else 200)


@require_POST
@refusal_json()
def live_command(request: SignedInRequest, pk: int) -> HttpResponse:
    """Apply one command or a batch (`interviews.live.requests`). Answers 200, or a refusal as JSON; never a redirect.

    Each command is applied in its own transaction, in order."""
    raw, user = commands.parse(_body(request)), request.user
    settled = (requests.settle(one, user=user, interview_id=pk) for one in requests.commands_of(raw))
    return HttpResponse(requests.answer(raw, settled, user=user, interview_id=pk), content_type="application/json")


def _of_reader(request: SignedInRequest, pk: int) -> dict[str, Any]:
    """The page compares the user, to tell a change of the signed-in person from a removed panelist."""
    words: dict[str, Any] = {"user": request.user.pk}
    if access.place_left(request.user, pk) is not None:
        words["own_words"] = reverse("own-words", args=[pk])
    return words


@require_GET
@refusal_json(more=_of_reader)
def live_question(request: SignedInRequest, pk: int, question_pk: int) -> HttpResponse:
    """The cards and outline rows of a question added in the call, with its follow-ups, for a page that is open."""
    interview, panelist = _seated(request, pk)
    cards = pages.added_cards(interview, panelist, question_pk)
    if not cards:
        raise NotThere("This question isn’t in the interview.")
    return render(request, "interviews/live/_added_block.html", {"cards": cards, "interview": interview})


@require_GET
@refusal_json(more=_of_reader)
def live_bank(request: SignedInRequest, pk: int) -> HttpResponse:
    """Published questions of the bank that contain every word of `?q=`; none without a word."""
    interview, _ = _seated(request, pk)
    query = request.GET.get("q", "")
    found = added.matches(interview, query) if query.strip() else []
    return JsonResponse({"questions": found, "user": request.user.pk})


def _seated(request: SignedInRequest, pk: int) -> tuple[Interview, Panelist]:
    """The interview, and the reader's place on its panel. Raises NotThere and NotAllowed."""
    seen = access.with_panelist(request.user, pk)
    if seen is None:
        raise NotThere("Interview not found.")
    if seen[1] is None:
        raise NotAllowed("Only panelists can open the live page.")
    return seen[0], seen[1]


@require_GET
@refusal_json(more=_of_reader)
def live_events(request: SignedInRequest, pk: int) -> HttpResponse:
    """The events after the numbers that the browser has, `?since=<shared>.<own>`."""
    shared, own = _numbers(request.GET.get("since", ""))
    seen = access.with_panelist(request.user, pk, related=())
    if seen is None:
        raise NotThere("Interview not found.")
    told = pages.news_since(*seen, {"shared": shared, "own": own})
    # The page compares the user: if another person has signed in with this browser, it must not apply these events.
    return JsonResponse(told | {"user": request.user.pk, "now": timezone.now().isoformat()})


@require_POST
def live_keys(request: SignedInRequest) -> HttpResponse:
    """Switch the single-key shortcuts on or off for this person, on every device."""
    try:
        wanted = json.loads(request.body)["on"]
    except (ValueError, KeyError, TypeError, RecursionError):
        wanted = None
    if not isinstance(wanted, bool):
        return JsonResponse({"error": "Keys are on or off.", "code": "malformed"}, status=400)
    request.user.has_keys_on = wanted
    request.user.save(update_fields=["has_keys_on"])
    return JsonResponse({"on": wanted})


def _body(request: HttpRequest) -> bytes:
    """The body. Raises TooLarge by its Content-Length, before reading it."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit():
        commands.require_fits(int(length))
    return request.body


def _numbers(since: str) -> tuple[int, int]:
    shared, own = (whole_number(part) for part in since.partition(".")[::2])
    if shared is None or own is None:
        raise Malformed("`since` is two numbers, such as 12.7.")
    return shared, own
