"""Answer the requests of several sockets at once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from interviews.live import requests as outbox_requests
from interviews.refusals import Refused
from interviews.refused import refusal_words
from interviews.streams.socket_monitor import Subscription, signed_in

# Requests in one batch.
MOST = 64


@dataclass(frozen=True)
class Request:
    """What an outbox sent over its socket."""

    subscription: Subscription
    raw: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """Status, JSON and Retry-After, as over HTTP."""

    status: int
    body: str
    retry_after: int | None = None


def answers(requests: Sequence[Request]) -> list[Answer | None]:
    """The answers, in order; None for a request whose session has ended."""
    return [_answer(request) for request in requests]


def _answer(request: Request) -> Answer | None:
    subscription, raw = request.subscription, request.raw
    user = signed_in([subscription]).get(subscription)
    if user is None:
        return None
    try:
        with timezone.override(user.zone):
            wanted = outbox_requests.commands_of(raw)
            settled = (outbox_requests.settle(one, user=user, interview_id=subscription.interview) for one in wanted)
            body = outbox_requests.answer(raw, settled, user=user, interview_id=subscription.interview)
    except Refused as refusal:
        return Answer(refusal.status, json.dumps(refusal_words(refusal)), getattr(refusal, "retry_after", None))
    return Answer(200, body)
