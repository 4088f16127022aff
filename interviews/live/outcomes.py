"""Calls that did not take place: no-show, technical failure, rescheduled, and candidates who withdrew.

The lead or a hiring manager of the opening says so. Nothing recorded is deleted, and each can be undone."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from interviews import access
from interviews.live import timing
from interviews.models import Candidate, Interview, Notice, Panelist
from interviews.notices.telling import tell
from interviews.planning.calendar_entries import tell_panel
from interviews.planning.held_candidates import held_one
from interviews.planning.scheduling import AlreadyOver, OpeningClosed
from interviews.planning.stages import require_unsettled
from interviews.refusals import Invalid, NotAllowed, WrongTime
from interviews.streams.events import append_event
from interviews.streams.payloads import clock, iso, off_of

NO_SHOW, WITHDREW = Interview.Outcome.NO_SHOW, Interview.Outcome.WITHDREW
Status = Interview.Status


def may_say(user: User, interview: Interview) -> bool:
    """Whether the person may set the outcome of a call: its lead, or a manager of the opening."""
    seats = Panelist.objects.with_access().filter(interview=interview, user=user, part=Panelist.Part.LEAD)
    return seats.exists() or access.is_manager_of(user, interview.opening)


def require_open(*, user: User, interview: Interview, outcome: str = "") -> None:
    """Raises NotAllowed for others than the lead and managers, AlreadyOver if the call took place or is off.

    An `outcome` that the call already has is no refusal: the form was sent twice."""
    if not may_say(user, interview):
        raise NotAllowed("Only the lead or a hiring manager of the opening can say that a call didn’t take place.")
    if interview.is_cancelled and not (outcome and interview.outcome == outcome):
        raise AlreadyOver("This interview was already called off. Undo that first.")
    # Shadows do not count: nobody else may learn that a shadow has submitted.
    if interview.is_ended and interview.panelists.counting().filter(scorecard__submitted_at__isnull=False).exists():
        raise AlreadyOver("A scorecard has been submitted, so this call took place.")


@transaction.atomic
def call_off(*, interview: Interview, outcome: str, reason: str, by: User, at: dt.datetime) -> None:
    """Say why the call did not take place. No scorecards are due then. For WITHDREW, see `withdraw`. Said twice it
    changes nothing.

    Raises NotAllowed, AlreadyOver, or WrongTime for a no-show before the planned time; then nothing was changed."""
    if outcome == WITHDREW:
        withdraw(candidate=interview.candidate, reason=reason, by=by, at=at, interview=interview)
        return
    interview = _held(interview)
    require_open(user=by, interview=interview, outcome=outcome)
    if interview.is_cancelled:
        return
    if outcome == NO_SHOW and interview.is_scheduled and at < interview.scheduled_for:
        raise WrongTime("The planned time hasn’t come yet, so the candidate isn’t a no-show.")
    _call_off(interview, outcome, reason, by=by, at=at)


@transaction.atomic
def withdraw(
    *, candidate: Candidate, reason: str, by: User, at: dt.datetime, interview: Interview | None = None
) -> None:
    """The candidate withdrew: everything planned for them is off, and nothing waits for a decision.

    `interview`, if given, is off too even if it has started; its lead may say so as well as a manager. A candidate who
    has already withdrawn stays so with the first reason. Raises NotAllowed, AlreadyOver or Gone."""
    candidate = held_one(candidate)
    if interview is None and not access.is_manager_of(by, candidate.opening):
        raise NotAllowed("Only the opening’s hiring managers can say that a candidate withdrew.")
    if interview is not None:
        require_open(user=by, interview=_held(interview), outcome=WITHDREW)
    if candidate.withdrew_at is None:
        candidate.withdrew_at, candidate.withdraw_reason = at, reason
        candidate.save(update_fields=["withdrew_at", "withdraw_reason"])
        candidate.note("withdrew", reason=reason, by=by, at=at)
    planned = candidate.interviews.filter(status=Status.SCHEDULED)
    for pk in sorted({*planned.values_list("pk", flat=True), *([interview.pk] if interview else [])}):
        row = Interview.objects.select_for_update(no_key=True).get(pk=pk)
        if row.is_scheduled or (row == interview and not row.is_cancelled):
            _call_off(row, WITHDREW, reason, by=by, at=at)


@transaction.atomic
def reinstate(*, candidate: Candidate, by: User, at: dt.datetime) -> None:
    """The candidate is back, whether they withdrew, were rejected or hired.

    A manager who may not know of an outcome yet undoes the withdrawal alone. What was called off stays off until it is
    restored or scheduled again. Raises NotAllowed or Gone."""
    candidate = held_one(candidate)
    if not access.is_manager_of(by, candidate.opening):
        raise NotAllowed("Only the opening’s hiring managers can reinstate a candidate.")
    knows = Candidate.objects.progress_open_to(by).filter(pk=candidate.pk).exists()
    candidate.reinstate(by=by, at=at, outcome=knows)


@transaction.atomic
def restore(*, interview: Interview, by: User, at: dt.datetime) -> None:
    """Undo an outcome, or a manager their cancelling: the interview is planned, live or ended as before. Raises
    NotAllowed or WrongTime, which includes Settled for what was planned with someone hired or rejected."""
    # First, like `withdraw`: a candidate who withdraws in the same moment would keep a planned interview.
    held_one(interview.candidate)
    interview = _held(interview)
    if not may_say(by, interview):
        raise NotAllowed("Only the lead or a hiring manager of the opening can restore an interview.")
    if not interview.is_cancelled:
        return
    if not interview.outcome and not access.is_manager_of(by, interview.opening):
        raise NotAllowed("This interview was cancelled. Only a hiring manager of the opening can restore it.")
    if interview.candidate.withdrew_at is not None:
        raise WrongTime("This candidate withdrew. A hiring manager can reinstate them on the candidate’s page first.")
    if interview.opening.closed_at is not None:
        raise OpeningClosed("This opening is closed. Reopen it to restore interviews.")
    interview.status = Status.ENDED if interview.ended_at else Status.LIVE if interview.started_at else Status.SCHEDULED
    if interview.is_scheduled:
        require_unsettled(by, interview.candidate)
    if interview.is_live and interview.cancelled_at is not None:
        timing.go_on(interview, interview.cancelled_at, at)
    interview.outcome, interview.cancelled_at, interview.cancel_reason = "", None, ""
    interview.save(update_fields=["status", "outcome", "cancelled_at", "cancel_reason", *timing.FIELDS])
    tell_panel(interview=interview, at=at, by=by)
    append_event(owner=interview, kind="restore", payload=clock(interview), actor=by, at=at)


@transaction.atomic
def reschedule(
    *, interview: Interview, scheduled_for: dt.datetime, time_zone: str, reason: str, by: User, at: dt.datetime
) -> None:
    """Move the interview to another time, with its script, panel and everything recorded. A call that has begun is
    planned again: the clock starts anew, and the panel goes on where it was. Planned for that time already, it stays
    as it is. Raises NotAllowed, AlreadyOver, Invalid, WrongTime."""
    held_one(interview.candidate)  # first, like `withdraw`
    Panelist.objects.lock(interview.pk)
    interview = _held(interview)
    require_open(user=by, interview=interview)
    if interview.is_scheduled and interview.scheduled_for == scheduled_for:
        return
    if scheduled_for <= at:
        raise Invalid("Choose a time in the future.")
    if interview.candidate.withdrew_at is not None:
        raise WrongTime("This candidate withdrew. Reinstate them to reschedule their interviews.")
    require_unsettled(by, interview.candidate)
    was = interview.scheduled_for
    if interview.started_at is not None:
        interview.panelists.update(sat_in_call=True)
    seconds = timing.leave_current(interview, at)
    timing.begin_anew(interview)
    interview.status, interview.started_at, interview.ended_at = Status.SCHEDULED, None, None
    interview.moved_from, interview.move_reason = was, reason
    interview.scheduled_for, interview.time_zone = scheduled_for, time_zone
    interview.mark_changed(by=by, at=at)
    interview.save()
    # Everyone is in the new call, so everyone's scorecard is awaited after it.
    interview.panelists.update(waived_at=None, waived_by=None, waive_reason="")
    tell_panel(interview=interview, at=at, was=was, reason=reason, by=by)
    payload = clock(interview) | {"scheduled_for": iso(scheduled_for), "seconds": seconds}
    append_event(owner=interview, kind="reschedule", payload=payload, actor=by, at=at)


def _held(interview: Interview) -> Interview:
    """The interview's current row, locked until the end of the transaction."""
    return Interview.objects.select_for_update(no_key=True).get(pk=interview.pk)


def _managers_off_panel(interview: Interview) -> list[User]:
    """The panel gets an email with the cancelled calendar entry, and so do managers who had one."""
    seated = Panelist.objects.current().filter(interview=interview).values("user")
    return list(interview.opening.managers.with_role(Role.HIRING_MANAGER).exclude(pk__in=seated))


def _call_off(interview: Interview, outcome: str, reason: str, *, by: User, at: dt.datetime) -> None:
    seconds = timing.leave_current(interview, at)
    timing.resume(interview, at)
    interview.status, interview.outcome = Status.CANCELLED, outcome
    interview.cancelled_at, interview.cancel_reason = at, reason
    interview.save(update_fields=["status", "outcome", "cancelled_at", "cancel_reason", *timing.FIELDS])
    told = tell_panel(interview=interview, at=at, by=by, managers_kind=Notice.Kind.NO_SHOW)
    others = [manager for manager in _managers_off_panel(interview) if manager.pk not in told]
    tell(Notice.Kind.NO_SHOW, people=others, interview=interview, at=at, by=by)
    payload = clock(interview) | {"seconds": seconds, "off": off_of(interview)}
    append_event(owner=interview, kind="cancel", payload=payload, actor=by, at=at)
