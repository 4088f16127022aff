"""Streams: every event gets the next number of its stream, and a poke once it is committed."""

import datetime as dt
from functools import partial
from typing import Any

from django.db import transaction

from accounts.models import User
from interviews import pokes
from interviews.models import Event, Interview, Panelist


def tell(*, owner: Interview | Panelist, kind: str, payload: dict[str, Any], actor: User, at: dt.datetime) -> int:
    """Write the next event of the stream that `owner` numbers, an interview's shared one or a panelist's own.

    The owner's row is locked by the caller, so that numbers follow the order of commits without a gap. Returns the
    number; whoever listens to the stream hears it after the commit."""
    is_shared = isinstance(owner, Interview)
    interview_id = owner.pk if isinstance(owner, Interview) else owner.interview_id
    stream = Event.SHARED if isinstance(owner, Interview) else owner.own_stream
    owner.seq += 1
    owner.save(update_fields=["seq"])
    Event.objects.create(
        interview_id=interview_id, stream=stream, seq=owner.seq, actor=actor, kind=kind, payload=payload, at=at
    )
    word = "shared" if is_shared else "own"
    transaction.on_commit(partial(pokes.poke, pokes.group_of(interview_id, stream), {word: owner.seq}))
    return owner.seq
