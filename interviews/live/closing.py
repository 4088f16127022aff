"""End or reopen a call from the interview's page, with the commands that the live page sends."""

import datetime as dt

from accounts.models import User
from interviews.live import dispatch
from interviews.live.commands import of_a_form
from interviews.models import Event, Interview


def end_call(*, interview: Interview, by: User, at: dt.datetime) -> dt.datetime:
    """End a live call; return the time of its end. A call that was left open ends at its last shared event, since
    nobody talked until the next day. Raises a Refused, and then nothing was changed."""
    then = _last_shared(interview) if interview.is_left_open(at) else at
    dispatch.apply_command(user=by, interview_id=interview.pk, command=of_a_form("end", age=at - min(then, at)), now=at)
    return then


def reopen_call(*, interview: Interview, by: User, at: dt.datetime) -> None:
    """Make an ended call live again. Raises a Refused, and then nothing was changed."""
    dispatch.apply_command(user=by, interview_id=interview.pk, command=of_a_form("reopen"), now=at)


def _last_shared(interview: Interview) -> dt.datetime:
    newest = Event.objects.filter(interview=interview, stream=Event.SHARED).order_by("seq").last()
    started_at = interview.started_at
    assert started_at is not None  # it is live
    return max(newest.at, started_at) if newest else started_at
