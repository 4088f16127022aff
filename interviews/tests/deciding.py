"""A decision in tests, written straight into the database."""

import datetime as dt
import uuid

from accounts.models import User
from interviews.factories import START
from interviews.models import Decision, Interview


def decide(
    interview: Interview, choice: str = "decline", *, by: User, at: dt.datetime = START, dissent: str = ""
) -> Decision:
    """The next decision on this interview; `dissent` is Jo's."""
    made: Decision = Decision.objects.create(
        interview=interview,
        number=interview.decisions.count() + 1,
        choice=choice,
        reason="Said so.",
        dissent=dissent,
        dissenters=[{"panelist": 0, "name": "Jo"}] if dissent else [],
        decided_by=by,
        decided_at=at,
        token=uuid.uuid4(),
    )
    return made
