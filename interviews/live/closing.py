"""End or reopen a call, or take its start back, from the interview's page, with the commands of the live page; and end
calls that nobody ended."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from interviews.live import coverage, dispatch
from interviews.live.commands import of_a_form
from interviews.live.taking_back import WITHIN
from interviews.models import Event, Interview, Notice, Panelist
from interviews.notices.telling import tell
from interviews.streams.events import append_event

# A call is ended automatically so long after its slot, if nothing was recorded for as long.
QUIET = dt.timedelta(minutes=30)
# Not the shared events that can come days after the call: a file is added, or someone loses access or joins the panel
# for a scorecard. A hand-over, or another length, is "panel" too, but an act in the call.
FROM_THE_CALL = ~Q(kind__in=("files", "panel")) | Q(kind="panel", payload__in_call=True)
IN_CALL = FROM_THE_CALL & ~Q(kind__in=("reopen", "restore"))
# The last event in the call, if it was only reopened or restored since.
ENDS = ("end", "cancel")


def end_call(*, interview: Interview, by: User, at: dt.datetime) -> dt.datetime:
    """End a live call; return the time of its end. A call that was left open ends at its last shared event, since
    nobody talked until the next day. Raises a Refused, and then nothing was changed."""
    then = _last_shared(interview) if interview.is_left_open(at) else at
    dispatch.apply_command(user=by, interview_id=interview.pk, command=of_a_form("end", age=at - min(then, at)), now=at)
    return then


def reopen_call(*, interview: Interview, by: User, at: dt.datetime) -> None:
    """Make an ended call live again. Raises a Refused, and then nothing was changed."""
    dispatch.apply_command(user=by, interview_id=interview.pk, command=of_a_form("reopen"), now=at)


def take_start_back(*, interview: Interview, by: User, at: dt.datetime) -> None:
    """Make a call that was started by mistake a planned one again. Raises a Refused, and then nothing was changed."""
    dispatch.apply_command(user=by, interview_id=interview.pk, command=of_a_form("start", value=False), now=at)


def may_take_start_back(
    *, interview: Interview, by: User, seat: Panelist | None, is_manager: bool, at: dt.datetime
) -> bool:
    """Whether `take_start_back` is worth offering: lately, to who started the call or manages the opening."""
    if not interview.is_live or interview.started_at is None or at - interview.started_at > WITHIN:
        return False
    starts = Event.objects.filter(interview=interview, stream=Event.SHARED, kind="start")
    is_theirs = starts.order_by("-seq").values_list("actor", flat=True).first() == by.pk
    return (is_manager or is_theirs) and not coverage.has_begun(interview, seat)


def end_forgotten(*, at: dt.datetime) -> int:
    """End the calls that nobody ended, each at its last shared record, and tell the lead and the managers; return how
    many. They can be reopened like any other."""
    count = 0
    for pk in Interview.objects.filter(status=Interview.Status.LIVE).values_list("pk", flat=True):
        with transaction.atomic():
            # Locked, and asked again: someone may end it or record something meanwhile.
            interview = Interview.objects.select_for_update(no_key=True).get(pk=pk)
            # Anything recorded keeps the call open, also what only its author may read.
            is_busy = Event.objects.filter(interview=interview, at__gt=at - QUIET).exists()
            if is_busy or not interview.is_left_open(at, after=QUIET):
                continue
            payload = coverage.end_at(interview, _as_it_was(interview)) | {"by": ""}
            append_event(owner=interview, kind="end", payload=payload, actor=None, at=at)
            _tell(interview, at)
            count += 1
    return count


def _tell(interview: Interview, at: dt.datetime) -> None:
    leads = Panelist.objects.with_access().filter(interview=interview, part=Panelist.Part.LEAD).select_related("user")
    managers = interview.opening.managers.with_role(Role.HIRING_MANAGER)
    people = {*(seat.user for seat in leads), *managers}
    tell(Notice.Kind.ENDED, people=people, interview=interview, at=at, template="call_ended")


def _last_shared(interview: Interview) -> dt.datetime:
    newest = _newest(interview, FROM_THE_CALL)
    started_at = interview.started_at
    assert started_at is not None  # it is live
    return max(newest.at, started_at) if newest else started_at


def _as_it_was(interview: Interview) -> dt.datetime:
    """When a call that nobody ended was over: at its last shared record. Where that is the end from which it was
    reopened or restored, the pauses are those of then."""
    newest = _newest(interview, IN_CALL)
    if newest is None or newest.kind not in ENDS:
        return max(newest.at, interview.started_at or newest.at) if newest else _last_shared(interview)
    interview.paused_seconds = newest.payload["pause"]["seconds"]
    ended_at = newest.payload["ended_at"]
    return dt.datetime.fromisoformat(ended_at) if ended_at else newest.at


def _newest(interview: Interview, which: Q) -> Event | None:
    shared = Event.objects.filter(which, interview=interview, stream=Event.SHARED)
    found: Event | None = shared.order_by("seq").last()
    return found
