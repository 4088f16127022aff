"""Apply commands to an interview: events and receipts are written in the same transaction as the change.

The order: permission, receipt lookup, change, the stream's next number, event, receipt, commit."""

import contextlib
import datetime as dt
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet, Subquery

from accounts.models import User
from interviews.live import (
    added,
    call_clock,
    coverage,
    handing_over,
    judgement,
    late_commands,
    notes,
    nudges,
    rate_limits,
    ratings,
    suggesting,
    taking_back,
    ticks,
)
from interviews.live.commands import Command
from interviews.live.context import CommandContext, Outcome, or_refusal
from interviews.models import Event, Interview, LateCommand, Panelist, Receipt
from interviews.refusals import Invalid, Malformed, NotAllowed, NotThere, Refused, SignedOut, TooLate, WrongTime
from interviews.streams.events import NewEvent, append_event, append_events
from interviews.streams.prepared import Given, Prepared, ask, insert
from interviews.streams.round_trips import one_transaction


@dataclass(frozen=True)
class CommandKind:
    """How to apply a kind of command. `is_shared` locks the interview's row: the command may write to the shared
    stream, or must not run at the same time as one that does."""

    apply: Callable[[CommandContext], Outcome]
    # Applies ordinary commands of several people in few queries, in order; kinds with the same function together.
    apply_many: Callable[[Sequence[CommandContext]], list[Outcome | Refused]] | None = None
    is_shared: bool = False
    # Reads the events before it, so a batch records those first.
    reads_events: bool = False
    # Also changes the parts of other panelists.
    is_of_panel: bool = False
    # Stored as a late command if its author has already submitted; if not, refused.
    may_be_late: bool = True
    # Its author's own record: stored for them even if it arrives after they have left the panel (ADR 23).
    is_own_record: bool = False


def one_by_one(contexts: Sequence[CommandContext]) -> list[Outcome | Refused]:
    """For kinds that come a few times an hour: a batch shares access, receipts and events, and not the change.

    Without savepoints: each of them raises its refusal before it changes anything."""
    return [or_refusal(COMMANDS[context.command.kind].apply, context) for context in contexts]


COMMANDS = {
    "start": CommandKind(coverage.start, is_shared=True),
    "end": CommandKind(coverage.end, is_shared=True),
    "reopen": CommandKind(coverage.reopen, is_shared=True),
    "ask": CommandKind(coverage.ask, one_by_one, is_shared=True, reads_events=True),
    "skip": CommandKind(coverage.skip, one_by_one, is_shared=True, reads_events=True),
    "park": CommandKind(coverage.park, one_by_one, is_shared=True, reads_events=True),
    "add": CommandKind(added.add, is_shared=True),
    "gate": CommandKind(coverage.gate, is_shared=True),
    "turn": CommandKind(handing_over.turn, is_shared=True),
    "lead": CommandKind(handing_over.lead, is_shared=True, is_of_panel=True),
    "minutes": CommandKind(call_clock.minutes, is_shared=True),
    "asker": CommandKind(handing_over.asker, is_shared=True),
    "pause": CommandKind(call_clock.pause, is_shared=True),
    "run_over": CommandKind(call_clock.run_over, is_shared=True),
    "take_lead": CommandKind(handing_over.take_lead, is_shared=True, is_of_panel=True),
    "tick": CommandKind(ticks.tick, ticks.tick_many, is_shared=True, is_own_record=True),
    "unlisted": CommandKind(ticks.unlisted, one_by_one, is_shared=True, is_own_record=True),
    "unlisted_tick": CommandKind(ticks.unlisted_tick, one_by_one, is_shared=True, is_own_record=True),
    "nudge": CommandKind(nudges.nudge, is_shared=True),
    "nudge_seen": CommandKind(nudges.nudge_seen),
    "suggest": CommandKind(suggesting.suggest),
    "rate": CommandKind(ratings.rate, ratings.judge_many, is_own_record=True),
    "flag": CommandKind(ratings.flag, ratings.judge_many, is_own_record=True),
    "note": CommandKind(notes.note, notes.note_many, is_own_record=True),
    "loose_end": CommandKind(judgement.loose_end, is_own_record=True),
    "scorecard": CommandKind(judgement.scorecard, is_own_record=True),
    "submit": CommandKind(judgement.submit, is_shared=True, may_be_late=False),
}


def apply_command(*, user: User, interview_id: int, command: Command, now: dt.datetime) -> str:
    """Apply a command once and return the JSON answered; the same command again gets the same answer.

    Raises a Refused, and nothing was changed then: TooMany, SignedOut, NotThere, NotAllowed, WrongTime, TooLarge,
    Invalid."""
    rate_limits.check(user.pk)
    try:
        return _apply_once(user=user, interview_id=interview_id, command=command, now=now)
    except IntegrityError:
        # Another connection has applied the same command meanwhile, so its receipt exists now.
        return _apply_once(user=user, interview_id=interview_id, command=command, now=now)


def receipts_of(*, user: User, interview_id: int, ids: list[uuid.UUID]) -> list[str]:
    """The stored JSON answers to these commands of a person, for those that were applied to this interview.

    Raises NotThere for people who may not see the interview and have sent nothing to it."""
    rows = Receipt.objects.filter(user=user, interview=interview_id)
    stored = rows.filter(command_id__in=ids).values_list("answer", flat=True)
    answers = [judgement.with_text(answer) for answer in stored]
    if not answers and not rows.exists() and not Interview.objects.filter(pk=interview_id).open_to(user).exists():
        raise NotThere("Interview not found.")
    return answers


@one_transaction()
def _apply_once(*, user: User, interview_id: int, command: Command, now: dt.datetime) -> str:
    if command.sender not in (None, user.pk):
        # Refused before any query, so that the answer reveals nothing about the interview.
        raise SignedOut("Someone else signed in here. Sign in again; your changes are saved on this device.")
    kind = COMMANDS.get(command.kind)
    if kind is None:
        raise Malformed(f"There is no command “{command.kind[:40]}”.")
    interview, panelist, receipt = _find(user, interview_id, command, kind)
    if receipt is not None:
        interview_id_then, sha256, stored = receipt
        if (interview_id_then, sha256) != (interview_id, command.sha256):
            raise Invalid("This id was used for another command.")
        return judgement.with_text(stored)
    context = CommandContext(user, interview, panelist, command, moment(interview, command, now), now)
    [answer] = record_many([(context, _apply(context, kind))])
    return answer


def _answer(context: CommandContext, outcome: Outcome, numbers: dict[str, int | None]) -> dict[str, Any]:
    told = {"receipt": str(context.command.id), "at": context.now.isoformat(), **numbers}
    return told | {"result": outcome.result or {}}


def _receipt(context: CommandContext, answer: dict[str, Any]) -> Receipt:
    command = context.command
    return Receipt(
        user_id=context.user.pk,
        interview_id=context.interview.pk,
        command_id=command.id,
        body_sha256=command.sha256,
        client=command.client,
        n=command.n,
        answer=json.dumps(judgement.without_text(answer)),
        at=context.now,
    )


def _apply(context: CommandContext, kind: CommandKind) -> Outcome:
    if context.panelist is not None and context.panelist.left_at is not None:
        _keep_late(context, kind)
        return Outcome(context.panelist.own_stream, result={"left": True})
    is_undo = context.command.undoes is not None
    try:
        if is_undo and (why := taking_back.why_not(context)):
            return Outcome(result={"stays": why})
        return kind.apply(context)
    except TooLate:
        if not kind.may_be_late:
            raise
    except (WrongTime, NotAllowed, NotThere, Invalid) as refusal:
        # Raised before anything was changed.
        if not is_undo:
            raise
        return Outcome(result={"stays": str(refusal)})
    assert context.panelist is not None
    waiting = _keep_late(context, kind)
    return Outcome(context.panelist.own_stream, {"waiting": waiting}, {"late": waiting}, kind="late")


@Prepared
def _place(*, interview: int, user: int, command: uuid.UUID) -> QuerySet[Any]:
    """The interviewer's place on the panel, even if they have left it. `receipt` is the key of this command's receipt,
    if there is one."""
    receipts = Receipt.objects.filter(user=user, command_id=command)
    places = Panelist.objects.of_interviewers().filter(interview=interview, user=user).order_by()
    return places.select_related("interview", "scorecard").annotate(receipt=Subquery(receipts.values("pk")))


# The key says whether to lock the interview's row as well. SQLite runs one write transaction at a time anyway.
HOLD = {True: Prepared(Panelist.objects.held_with_interview), False: Prepared(Panelist.objects.held)}


def _find(
    user: User, interview_id: int, command: Command, kind: CommandKind
) -> tuple[Interview, Panelist | None, tuple[int, str, str] | None]:
    """Check permission, lock the rows that number the streams, and find the receipt if there is one."""
    if kind.is_of_panel and Panelist.objects.current().filter(interview=interview_id, user=user).exists():
        Panelist.objects.lock(interview_id)
    # Lock first, then read: a PostgreSQL query that waits for a lock reads other tables as they were before it waited,
    # so it would miss a submission or the same command from another connection.
    place = _place.given(interview=interview_id, user=user.pk, command=command.id)
    if connection.features.has_select_for_update:
        held: Given[Any] = HOLD[kind.is_shared].given(interview=interview_id, user=user.pk)
        _, found = ask(replace(held, read=list), place)
    else:
        [found] = ask(place)
    if found:
        [panelist] = found
        taken = panelist.receipt and _stored(user, command)
        if panelist.left_at is None or taken or kind.is_own_record:
            return panelist.interview, panelist, taken
    # `managed_by` joins other tables, which SELECT FOR UPDATE does not allow: check first, then lock.
    if not Interview.objects.filter(pk=interview_id).managed_by(user).exists():
        raise NotThere("Interview not found.")
    if kind.is_of_panel:
        Panelist.objects.lock(interview_id)
    interview = Interview.objects.select_for_update(no_key=True).get(pk=interview_id)
    return interview, None, _stored(user, command)


def _stored(user: User, command: Command) -> tuple[int, str, str] | None:
    """The receipt of this command. In any interview: an id may be used only once."""
    receipts = Receipt.objects.filter(user=user, command_id=command.id)
    return receipts.values_list("interview", "body_sha256", "answer").first()


def moment(interview: Interview, command: Command, now: dt.datetime) -> dt.datetime:
    """When the person did it, by the command's age; never before the start, never in the future."""
    at = now - command.age
    return max(at, interview.started_at) if interview.started_at and interview.started_at <= now else at


def _keep_late(context: CommandContext, kind: CommandKind) -> int:
    """Store a command whose author has already submitted (it is offered for a revision) or left the panel (only its
    author reads it). Returns how many are waiting.

    Raises what a revision with it would raise, so that nothing useless is stored. NotThere is no reason to refuse: an
    earlier command, which is waiting as well, may create the row."""
    assert context.panelist is not None
    with contextlib.suppress(NotThere), transaction.atomic():
        kind.apply(replace(context, is_revision=True))
        transaction.set_rollback(True)
    command = context.command
    late = LateCommand(
        panelist=context.panelist, kind=command.kind, target=command.target, value=command.value, at=context.at
    )
    return late_commands.keep(late)


def record(context: CommandContext, outcome: Outcome) -> dict[str, int | None]:
    """Append the event of an outcome to its stream; return the new numbers."""
    new = _event(context, outcome)
    return _numbers(outcome, append_event(**vars(new)) if new else None)


def record_many(applied: Sequence[tuple[CommandContext, Outcome]]) -> list[str]:
    """Append the events of several outcomes and write their receipts, in few queries; return the JSON answered."""
    events = [(outcome, _event(context, outcome)) for context, outcome in applied]
    numbers = iter(append_events([new for _, new in events if new]))
    told = [_numbers(outcome, next(numbers) if new else None) for outcome, new in events]
    answers = [_answer(*one, now) for one, now in zip(applied, told, strict=True)]
    insert([_receipt(context, answer) for (context, _), answer in zip(applied, answers, strict=True)])
    return [json.dumps(judgement.without_key(answer)) for answer in answers]


def _event(context: CommandContext, outcome: Outcome) -> NewEvent | None:
    if outcome.payload is None:
        return None
    owner = context.interview if outcome.stream == Event.SHARED else context.panelist
    assert owner is not None
    return NewEvent(owner, outcome.kind or context.command.kind, outcome.payload, context.user, context.now)


def _numbers(outcome: Outcome, number: int | None) -> dict[str, int | None]:
    is_shared = outcome.stream == Event.SHARED
    return {"shared": number if is_shared else None, "own": None if is_shared else number}
