"""Answer what waits at several sockets in one transaction (ADR 31): lock, look up access, apply, record.

Ordinary commands of the frequent kinds are applied together, in a few queries for all of them; any other one by one, as
over HTTP, in a savepoint. A refused one is answered, and the rest is committed."""

import contextlib
import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from interviews.live import dispatch, rate_limits
from interviews.live import requests as outbox_requests
from interviews.live.commands import Command, read_one
from interviews.live.context import CommandContext, Outcome
from interviews.models import Interview, Panelist, Receipt
from interviews.refusals import Refused, TooMany
from interviews.refused import refusal_words
from interviews.streams.prepared import Prepared, ask
from interviews.streams.round_trips import one_transaction
from interviews.streams.subscriptions import Subscription, signed_in

# Requests in one batch.
MOST = 32
# Fewer commands than this are quicker one by one, each in its own transaction.
WORTH_IT = 2


@dataclass(frozen=True)
class Answer:
    """Status, JSON and Retry-After, as over HTTP."""

    status: int
    body: str
    retry_after: int | None = None


@dataclass(eq=False)
class Request:
    """What an outbox sent over its socket; its commands that are left, and what became of the others."""

    subscription: Subscription
    raw: dict[str, Any]
    # None once the session has ended.
    user: User | None = None
    left: deque[Any] = field(default_factory=deque)
    settled: list[outbox_requests.Settled] = field(default_factory=list)
    answer: Answer | None = None

    def __post_init__(self) -> None:
        with contextlib.suppress(Refused):  # `_answer` raises it again
            self.left.extend(outbox_requests.commands_of(self.raw))

    @property
    def is_of_panel(self) -> bool:
        """Whether it locks the rows of the whole panel, which must come before all others."""
        kinds = (dispatch.COMMANDS.get(str(raw.get("kind"))) for raw in self.left if isinstance(raw, dict))
        return any(kind is not None and kind.is_of_panel for kind in kinds)


def answer(requests: Sequence[Request]) -> None:
    """Fill in the answers; None where the session has ended. An error undoes the batch: then HTTP takes each."""
    together = [request for request in requests if not request.is_of_panel]
    if sum(len(request.left) for request in together) < WORTH_IT:
        together = []
    apart = [request for request in requests if request not in together]
    if together:
        with one_transaction():
            _lock([request.subscription for request in together])
            _answer_all(together)
    for request in apart:
        _answer_all([request])


def _lock(subscriptions: Sequence[Subscription]) -> None:
    """Lock the rows that number the streams: panelists, then interviews, each in one order, so that processes do not
    deadlock. Everything is read after this, as in `dispatch`. SQLite runs one write transaction at a time anyway."""
    if connection.features.has_select_for_update:
        ask(
            _hold_panelists.given(keys=sorted({one.panelist for one in subscriptions})),
            _hold_interviews.given(keys=sorted({one.interview for one in subscriptions})),
        )


@Prepared
def _hold_panelists(*, keys: list[int]) -> QuerySet[Any, tuple[int]]:
    return Panelist.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).values_list("pk")


@Prepared
def _hold_interviews(*, keys: list[int]) -> QuerySet[Any, tuple[int]]:
    return Interview.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).values_list("pk")


def _answer_all(requests: Sequence[Request]) -> None:
    users = signed_in([request.subscription for request in requests])
    for request in requests:
        request.user = users.get(request.subscription)
    requests = [request for request in requests if request.user]
    # Each person's commands in their order, different people's in any.
    while any(request.left for request in requests):
        _settle_ordinary(requests)
        for request in requests:
            _settle_next(request)
    for request in requests:
        request.answer = _answer(request)


def _settle_next(request: Request) -> None:
    """Apply the next command by itself."""
    if not request.left or request.user is None:
        return
    with timezone.override(request.user.zone):
        raw = request.left.popleft()
        one = outbox_requests.settle(raw, user=request.user, interview_id=request.subscription.interview)
    request.settled.append(one)
    if isinstance(one, Refused) and one.status in outbox_requests.STOPS:
        request.left.clear()


def _answer(request: Request) -> Answer:
    assert request.user
    interview = request.subscription.interview
    try:
        body = outbox_requests.answer(request.raw, request.settled, user=request.user, interview_id=interview)
    except Refused as refusal:
        return Answer(refusal.status, json.dumps(refusal_words(refusal)), getattr(refusal, "retry_after", None))
    return Answer(200, body)


# --- Ordinary commands of the frequent kinds: the next ones of all requests together ---


def _settle_ordinary(requests: Sequence[Request]) -> None:
    """Apply each request's next commands, up to the first that is not ordinary."""
    frequent = {request: list(_frequent(request)) for request in requests}
    if sum(map(len, frequent.values())) < WORTH_IT:
        return
    ordinary = _ordinary({request: commands for request, commands in frequent.items() if commands})
    by_kind: dict[Callable[..., Any], list[CommandContext]] = {}
    for _, context in ordinary:
        apply_many = dispatch.COMMANDS[context.command.kind].apply_many
        assert apply_many
        by_kind.setdefault(apply_many, []).append(context)
    outcomes: dict[UUID, Outcome | Refused] = {}
    for apply_many, contexts in by_kind.items():
        outcomes |= zip((context.command.id for context in contexts), apply_many(contexts), strict=True)
    applied = [(one, outcome) for _, one in ordinary if isinstance(outcome := outcomes[one.command.id], Outcome)]
    answers = dict(zip((one.command.id for one, _ in applied), dispatch.record_many(applied), strict=True))
    for request, context in ordinary:
        outcome = outcomes[context.command.id]
        request.settled.append(outcome if isinstance(outcome, Refused) else answers[context.command.id])


def _frequent(request: Request) -> Iterator[Command]:
    """The next commands, up to the first of a kind that is applied by itself."""
    for raw in request.left:
        try:
            command = read_one(raw)
        except Refused:
            return
        kind = dispatch.COMMANDS.get(command.kind)
        if kind is None or kind.apply_many is None or command.undoes is not None:
            return
        yield command


def _ordinary(frequent: dict[Request, list[Command]]) -> list[tuple[Request, CommandContext]]:
    """Take from the requests what needs no other look: sent for the first time, by a panelist who has access and has
    not submitted."""
    now = timezone.now()
    ids = [command.id for commands in frequent.values() for command in commands]
    found_places, found_receipts = ask(
        _places.given(panelists=[request.subscription.panelist for request in frequent]),
        _used.given(users=[request.subscription.user for request in frequent], ids=ids),
    )
    places, used = {place.pk: place for place in found_places}, set(found_receipts)
    interviews: dict[int, Interview] = {}
    for seat in places.values():
        seat.interview = interviews.setdefault(seat.interview_id, seat.interview)
    # Outcomes go by the id alone, and two people may send the same one.
    met: set[UUID] = set()
    # Interviews where a command reads the events that are recorded after this round.
    read: set[int] = set()
    found = []
    for request, commands in frequent.items():
        user, place = request.user, places.get(request.subscription.panelist)
        if user is None or place is None or place.has_submitted:
            continue
        for command in commands:
            is_known = (user.pk, command.id) in used or command.id in met
            reads = dispatch.COMMANDS[command.kind].reads_events
            is_too_early = reads and place.interview_id in read
            if is_known or is_too_early or command.sender not in (None, user.pk) or not _is_within_limit(user):
                break
            met.add(command.id)
            if reads:
                read.add(place.interview_id)
            request.left.popleft()
            at = dispatch.moment(place.interview, command, now)
            found.append((request, CommandContext(user, place.interview, place, command, at, now)))
    return found


@Prepared
def _places(*, panelists: list[int]) -> QuerySet[Any, Panelist]:
    places = Panelist.objects.with_access().filter(pk__in=panelists).order_by()
    return places.select_related("interview", "scorecard")


@Prepared
def _used(*, users: list[int], ids: list[UUID]) -> QuerySet[Any, tuple[int, UUID]]:
    """The pairs that have a receipt. Two lists: for a list of pairs SQLite would read the whole table."""
    return Receipt.objects.filter(user__pk__in=users, command_id__in=ids).values_list("user", "command_id")


def _is_within_limit(user: User) -> bool:
    try:
        rate_limits.check(user.pk)
    except TooMany:
        return False
    return True
