"""Missing scorecards after a call: remind their author now, stop waiting for one, or ask someone else instead."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from interviews import access
from interviews.models import Interview, Panelist
from interviews.models.panelists import PROMPTED_EVERY
from interviews.planning.scheduling import may_interview
from interviews.refusals import Invalid, NotAllowed, NotThere, TooMany, WrongTime
from interviews.streams.events import append_event
from interviews.streams.payloads import plan_of
from mail import outbox

REASON_CHARS = 240


class NothingMissing(WrongTime):
    """The call has not ended, or nobody waits for this scorecard."""


def remind_again_at(panelist: Panelist) -> dt.datetime | None:
    """From when they can be reminded by hand again; None if they were never reminded."""
    moments = [moment for moment in (panelist.reminded_at, panelist.prompted_at) if moment is not None]
    return max(moments) + PROMPTED_EVERY if moments else None


def instead_of(interview: Interview) -> list[User]:
    """Interviewers who could write a scorecard in someone's place: never on this panel, and able to read none of it.

    Managers of the opening may have read the submitted ones."""
    taken = Panelist.objects.filter(interview=interview).values("user")
    managers = interview.opening.managers.values("pk")
    return list(User.objects.interviewers().exclude(pk__in=taken).exclude(pk__in=managers))


@transaction.atomic
def remind_now(*, interview: Interview, panelist_id: int, by: User, at: dt.datetime) -> Panelist:
    """Email a panelist that a manager asks for their scorecard.

    Raises NotAllowed, NotThere, NothingMissing, TooMany within PROMPTED_EVERY, or Invalid without email."""
    panelist = _missing(interview, panelist_id, by=by)
    if not panelist.is_awaited:
        raise NothingMissing("Nobody is waiting for this scorecard.")
    if not outbox.is_sent():
        raise Invalid(f"This installation doesn’t send email. Ask {panelist} yourself.")
    again_at = remind_again_at(panelist)
    if again_at is not None and at < again_at:
        raise TooMany(f"{panelist} was reminded in the last four hours. Try again later.")
    panelist.prompted_at = at
    panelist.save(update_fields=["prompted_at"])
    context = {"interview": panelist.interview, "by": by}
    outbox.send(kind="scorecard_asked", to=panelist.user, at=at, context=context, zone=interview.time_zone)
    return panelist


@transaction.atomic
def waive(*, interview: Interview, panelist_id: int, reason: str, by: User, at: dt.datetime) -> Panelist:
    """Stop waiting for a scorecard; its author may still submit it. Raises NotAllowed, NotThere or NothingMissing."""
    panelist = _missing(interview, panelist_id, by=by)
    panelist.waived_at, panelist.waived_by, panelist.waive_reason = at, by, reason
    panelist.save(update_fields=["waived_at", "waived_by", "waive_reason"])
    return panelist


@transaction.atomic
def wait_again(*, interview: Interview, panelist_id: int, by: User) -> Panelist:
    """Take a waiver back. Raises NotAllowed, NotThere or NothingMissing."""
    panelist = _missing(interview, panelist_id, by=by)
    panelist.waived_at, panelist.waived_by, panelist.waive_reason = None, None, ""
    panelist.save(update_fields=["waived_at", "waived_by", "waive_reason"])
    return panelist


@transaction.atomic
def reassign(
    *, interview: Interview, panelist_id: int, person: User, reason: str, by: User, at: dt.datetime
) -> Panelist:
    """Waive a scorecard, and ask `person` for one instead; return their place on the panel.

    Raises NotAllowed, NotThere, NothingMissing, or Invalid if they cannot write one without having read the others."""
    waive(interview=interview, panelist_id=panelist_id, reason=reason, by=by, at=at)
    if not may_interview(person) or person not in instead_of(interview):
        raise Invalid(f"{person} can’t write this scorecard. Choose another interviewer.")
    panelist = Panelist.objects.create(
        interview=interview, user=person, part=Panelist.Part.INTERVIEWER, reminded_at=at, prompted_at=at
    )
    if outbox.is_sent():
        context = {"interview": interview, "by": by, "is_new": True}
        outbox.send(kind="scorecard_asked", to=person, at=at, context=context, zone=interview.time_zone)
    append_event(owner=interview, kind="panel", payload=plan_of(interview), actor=by, at=at)
    return panelist


def _missing(interview: Interview, panelist_id: int, *, by: User) -> Panelist:
    """The locked row of a panelist whose scorecard counts and is missing."""
    if not access.is_manager_of(by, interview.opening):
        raise NotAllowed("Only the opening’s hiring managers can do this.")
    # Locked like by a command, so that a scorecard submitted meanwhile is seen.
    Panelist.objects.lock(interview.pk)
    interview.refresh_from_db(from_queryset=Interview.objects.select_for_update(no_key=True), fields=["status", "seq"])
    seats = Panelist.objects.current().counting().knowing_access().select_related("scorecard", "interview__opening")
    panelist = seats.filter(interview=interview, pk=panelist_id).first()
    if panelist is None:
        raise NotThere("This person is not on the panel.")
    if not interview.is_ended:
        raise NothingMissing("Scorecards are due after the call has ended.")
    if panelist.has_submitted:
        raise NothingMissing(f"{panelist} has submitted this scorecard.")
    return panelist
