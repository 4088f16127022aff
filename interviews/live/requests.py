"""What an outbox sends, and its answer: a command or several, over HTTP or the socket."""

import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.models import User
from interviews.live import commands, dispatch
from interviews.refusals import Refused
from interviews.refused import refusal_words

# After these statuses the browser stops sending: it signs in again, or waits.
STOPS = {401, 429}

# A receipt as JSON, or why there is none.
Settled = str | Refused


def commands_of(raw: dict[str, Any]) -> list[Any]:
    """The commands of a request, not parsed yet. Raises Malformed."""
    batch = commands.read_batch(raw)
    return [raw] if batch is None else batch.commands


def settle(raw: Any, *, user: User, interview_id: int) -> Settled:
    """Apply one command in its own transaction."""
    try:
        command = commands.read_one(raw)
        return dispatch.apply_command(user=user, interview_id=interview_id, command=command, now=timezone.now())
    except Refused as refusal:
        return refusal


def answer(raw: dict[str, Any], settled: Iterable[Settled], *, user: User, interview_id: int) -> str:
    """The JSON answer to a request, given what became of each of its commands.

    One command is answered by its receipt; raises its Refused. A batch, `{"commands": […], "receipts": [ids]}`, by
    `{"answers": […], "receipts": […]}`, where each command has its own receipt or refusal with its id, up to the first
    refusal with a status in STOPS. Raises that refusal if it is the first of all."""
    batch = commands.read_batch(raw)
    if batch is None:
        [one] = settled
        if isinstance(one, Refused):
            raise one
        return one
    answers: list[str] = []
    for sent, one in zip(batch.commands, settled, strict=False):
        if isinstance(one, str):
            answers.append(one)
        elif one.status not in STOPS:
            name = sent.get("id") if isinstance(sent, dict) else None
            answers.append(json.dumps(refusal_words(one) | {"id": name, "status": one.status}))
        elif not answers:
            raise one
        else:
            break
    stored = dispatch.receipts_of(user=user, interview_id=interview_id, ids=batch.receipts) if batch.receipts else []
    rows = f'"answers": [{", ".join(answers)}], "receipts": [{", ".join(stored)}]'
    return f'{{{rows}, "now": "{timezone.now().isoformat()}"}}'
