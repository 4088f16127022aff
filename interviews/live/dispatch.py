"""A live interview: commands come in, events and receipts stand in the same transaction.

DESIGN.md's order: permission, receipt, change, the stream's next number, event, receipt, commit."""

import contextlib
import datetime as dt
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet, Subquery

from accounts.models import User
from interviews.live import coverage, handing_over, judgement, late_commands, rate_limits, ticks
from interviews.live.commands import Command
from interviews.live.context import Call, Outcome
from interviews.models import Event, Interview, LateCommand, Panelist, Receipt
from interviews.refusals import Invalid, Malformed, NotThere, SignedOut, TooLate
from interviews.streams.events import append_event
from interviews.streams.prepared import Prepared


@dataclass(frozen=True)
class Entry:
    """How a kind of command is applied, and whether it holds the interview's row (it may write to the shared stream,
    or must not run beside what does)."""

    apply: Callable[[Call], Outcome]
    is_shared: bool = False
    # Changes the parts of the others as well.
    is_of_panel: bool = False
    # What comes after its author has submitted is kept as late. Submitting twice is refused.
    may_be_late: bool = True
    # Its author's own record: kept for them when it arrives after they have left the panel (ADR 23).
    is_evidence: bool = False


COMMANDS = {
    "start": Entry(coverage.start, is_shared=True),
    "end": Entry(coverage.end, is_shared=True),
    "reopen": Entry(coverage.reopen, is_shared=True),
    "ask": Entry(coverage.ask, is_shared=True),
    "skip": Entry(coverage.skip, is_shared=True),
    "gate": Entry(coverage.gate, is_shared=True),
    "turn": Entry(handing_over.turn, is_shared=True),
    "lead": Entry(handing_over.lead, is_shared=True, is_of_panel=True),
    "tick": Entry(ticks.tick, is_shared=True, is_evidence=True),
    "unlisted": Entry(ticks.unlisted, is_shared=True, is_evidence=True),
    "unlisted_tick": Entry(ticks.unlisted_tick, is_shared=True, is_evidence=True),
    "rate": Entry(judgement.rate, is_evidence=True),
    "flag": Entry(judgement.flag, is_evidence=True),
    "note": Entry(judgement.note, is_evidence=True),
    "loose_end": Entry(judgement.loose_end, is_evidence=True),
    "scorecard": Entry(judgement.scorecard, is_evidence=True),
    "submit": Entry(judgement.submit, is_shared=True, may_be_late=False),
}


def take(*, user: User, interview_id: int, command: Command, now: dt.datetime) -> str:
    """Apply a command once and return the JSON answered; the same command again gets the same answer.

    Raises a Refused, and nothing was changed then: TooMany, SignedOut, NotThere, NotAllowed, WrongTime, TooLarge,
    Invalid."""
    rate_limits.take(user.pk)
    try:
        return _take(user=user, interview_id=interview_id, command=command, now=now)
    except IntegrityError:
        # The same command on another connection was quicker: its receipt is there now.
        return _take(user=user, interview_id=interview_id, command=command, now=now)


def receipts_of(*, user: User, interview_id: int, ids: list[uuid.UUID]) -> list[str]:
    """The JSON answered to those of a person's commands that this interview has taken.

    Raises NotThere for whoever may not see the interview and has sent nothing to it."""
    rows = Receipt.objects.filter(user=user, interview=interview_id)
    stored = rows.filter(command_id__in=ids).values_list("answer", flat=True)
    answers = [judgement.with_text(answer) for answer in stored]
    if not answers and not rows.exists() and not Interview.objects.filter(pk=interview_id).visible_to(user).exists():
        raise NotThere("There is no such interview.")
    return answers


@transaction.atomic
def _take(*, user: User, interview_id: int, command: Command, now: dt.datetime) -> str:
    if command.sender not in (None, user.pk):
        # Said before anything is looked up, so that it tells a stranger nothing.
        raise SignedOut("Somebody else signed in here. Sign in again as yourself; what you did is kept.")
    entry = COMMANDS.get(command.kind)
    if entry is None:
        raise Malformed(f"There is no command “{command.kind[:40]}”.")
    interview, panelist, receipt = _find(user, interview_id, command, entry)
    if receipt is not None:
        interview_id_then, sha256, stored = receipt
        if (interview_id_then, sha256) != (interview_id, command.sha256):
            raise Invalid("This id was used for another command.")
        return judgement.with_text(stored)
    call = Call(user, interview, panelist, command, _moment(interview, command, now), now)
    outcome = _apply(call, entry)
    answer: dict[str, Any] = {"receipt": str(command.id), "at": now.isoformat(), **record(call, outcome)}
    answer["result"] = outcome.result or {}
    Receipt.objects.create(
        user=user,
        interview=interview,
        command_id=command.id,
        body_sha256=command.sha256,
        client=command.client,
        n=command.n,
        answer=json.dumps(judgement.without_text(answer)),
        at=now,
    )
    return json.dumps(answer)


def _apply(call: Call, entry: Entry) -> Outcome:
    if call.panelist is not None and call.panelist.left_at is not None:
        _keep_late(call, entry)
        return Outcome(call.panelist.own_stream, result={"left": True})
    try:
        return entry.apply(call)
    except TooLate:
        if not entry.may_be_late:
            raise
    assert call.panelist is not None
    waiting = _keep_late(call, entry)
    return Outcome(call.panelist.own_stream, {"waiting": waiting}, {"late": waiting}, kind="late")


@Prepared
def _place(*, interview: int, user: int, command: uuid.UUID) -> QuerySet[Any]:
    """The interviewer's place on the panel, also one that they have left, with `receipt`, the key of the one for this
    command."""
    receipts = Receipt.objects.filter(user=user, command_id=command)
    places = Panelist.objects.of_interviewers().filter(interview=interview, user=user)
    return places.select_related("interview", "scorecard").annotate(receipt=Subquery(receipts.values("pk")))


# By whether the interview's row is held as well. On SQLite a transaction is alone as it is.
HOLD = {True: Prepared(Panelist.objects.held_with_interview), False: Prepared(Panelist.objects.held)}


def _find(
    user: User, interview_id: int, command: Command, entry: Entry
) -> tuple[Interview, Panelist | None, tuple[int, str, str] | None]:
    """Permission, the rows whose numbers will grow, locked, and a receipt if there is one."""
    if entry.is_of_panel and Panelist.objects.current().filter(interview=interview_id, user=user).exists():
        Panelist.objects.lock(interview_id)
    # Locked first and read then: to a query that had to wait for a lock, PostgreSQL shows other tables as they were
    # before it waited, and a submission or the same command may have gone first.
    if connection.features.has_select_for_update:
        HOLD[entry.is_shared](interview=interview_id, user=user.pk)
    # In whichever interview: an id is used once.
    receipts = Receipt.objects.filter(user=user, command_id=command.id).values_list(
        "interview", "body_sha256", "answer"
    )
    if found := _place(interview=interview_id, user=user.pk, command=command.id):
        [panelist] = found
        taken = panelist.receipt and receipts.get(pk=panelist.receipt)
        if panelist.left_at is None or taken or entry.is_evidence:
            return panelist.interview, panelist, taken
    # `managed_by` reads other tables, which a lock may not: look first, then lock.
    if not Interview.objects.filter(pk=interview_id).managed_by(user).exists():
        raise NotThere("There is no such interview.")
    if entry.is_of_panel:
        Panelist.objects.lock(interview_id)
    interview = Interview.objects.select_for_update(no_key=True).get(pk=interview_id)
    return interview, None, receipts.first()


def _moment(interview: Interview, command: Command, now: dt.datetime) -> dt.datetime:
    """When the person did it: by its age, never before the start and never in the future."""
    at = now - command.age
    return max(at, interview.started_at) if interview.started_at and interview.started_at <= now else at


def _keep_late(call: Call, entry: Entry) -> int:
    """Keep a command that came after its author had submitted, as an offer for a correction, or had left the panel,
    for them to read. Returns how many wait.

    Raises what a correction with it would raise: what can never be taken in is not kept. What it is about may still be
    to come, in a change before it that waits as well."""
    assert call.panelist is not None
    with contextlib.suppress(NotThere), transaction.atomic():
        entry.apply(replace(call, is_correction=True))
        transaction.set_rollback(True)
    command = call.command
    late = LateCommand(
        panelist=call.panelist, kind=command.kind, target=command.target, value=command.value, at=call.at
    )
    return late_commands.keep(late)


def record(call: Call, outcome: Outcome) -> dict[str, int | None]:
    """Write the event of an outcome, number its stream, and say the numbers."""
    numbers: dict[str, int | None] = {"shared": None, "own": None}
    if outcome.payload is not None:
        is_shared = outcome.stream == Event.SHARED
        owner = call.interview if is_shared else call.panelist
        assert owner is not None
        kind = outcome.kind or call.command.kind
        number = append_event(owner=owner, kind=kind, payload=outcome.payload, actor=call.user, at=call.now)
        numbers["shared" if is_shared else "own"] = number
    return numbers
