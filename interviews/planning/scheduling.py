"""Schedule an interview, change its plan until it ends, or cancel it."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from editing.merging import Edit
from interviews.models import (
    BlindPolicy,
    Candidate,
    Interview,
    Note,
    Opening,
    Panelist,
    Rating,
    ScriptedQuestion,
    Tick,
)
from interviews.planning.calendar_entries import tell_panel
from interviews.planning.freezing import freeze
from interviews.planning.plan_merging import Plan, Seat
from interviews.refusals import Invalid, WrongTime
from interviews.streams.events import append_event
from interviews.streams.payloads import clock, off_of, plan_of
from question_bank.models import Script


class CandidateMoved(WrongTime):
    """While the form was open, the candidate went to another opening, or was merged or deleted."""


class CandidateWithdrawn(WrongTime):
    """A candidate who withdrew gets no new interviews until a manager reinstates them."""


class OpeningClosed(WrongTime):
    """A closed opening takes no new candidates or interviews."""


class AlreadyOver(WrongTime):
    """The plan of an ended or cancelled interview cannot change."""


class AlreadyStarted(WrongTime):
    """During a call the script cannot change, and the call is ended, not cancelled."""


class ScriptWrittenOn(WrongTime):
    """Replacing the script would lose notes that a panelist has prepared, or records of a call that broke off."""


class PolicyLooser(Invalid):
    """The blind policy promised to the panel can only become stricter."""


class ScriptEmpty(Invalid):
    """The script has no published question."""


class PanelInvalid(Invalid):
    """A panel needs exactly one lead, each person once, and only interviewers."""


@transaction.atomic
def schedule_interview(*, candidate: Candidate, plan: Plan, at: dt.datetime, by: User | None = None) -> Interview:
    """Create an interview, freeze the script into it, seat the panel, and email them.

    The blind policy comes from the opening. Raises OpeningClosed, CandidateMoved, CandidateWithdrawn, ScriptEmpty or
    PanelInvalid, and then nothing was created."""
    opening = Opening.objects.select_for_update(no_key=True).get(pk=candidate.opening_id)
    if opening.closed_at is not None:
        raise OpeningClosed("This opening is closed. Reopen it to schedule interviews.")
    held = Candidate.objects.select_for_update(no_key=True).filter(pk=candidate.pk, opening=opening).first()
    if held is None:
        raise CandidateMoved("Someone has just moved, merged or deleted this candidate. Nothing was scheduled.")
    if held.withdrew_at is not None:
        raise CandidateWithdrawn("This candidate withdrew. Reinstate them to schedule interviews.")
    script = plan.script
    if script is None:
        raise ScriptEmpty("Choose a script.")
    interview = Interview.objects.create(
        opening=opening,
        candidate=candidate,
        stage=plan.stage,
        script=script,
        script_name=script.name,
        script_version=script.version,
        scheduled_for=plan.scheduled_for,
        time_zone=plan.time_zone,
        minutes=plan.minutes,
        call_link=plan.call_link,
        blind_policy=opening.blind_policy,
        is_fully_blind=opening.is_fully_blind,
        created_at=at,
    )
    _freeze(interview, script, is_draft=plan.is_draft)
    _seat(interview, plan.panel, at=at)
    tell_panel(interview=interview, at=at, by=by)
    return interview


@transaction.atomic
def change_interview(
    *,
    interview: Interview,
    plan: Plan,
    by: User,
    at: dt.datetime,
    edit: Edit | None = None,
    takes_newer: bool = False,
) -> Interview:
    """Change the plan; return the changed interview.

    Before the start, a new script replaces the frozen one, and with `takes_newer` so does the current version of the
    same script. Panelists who are not in `plan` leave; their records stay. `edit` carries the `plan_revision` that
    the change is based on, and changes made since are merged; without it the plan is replaced. The blind policy may
    become stricter; `is_fully_blind` may be set before the start.

    Raises AlreadyOver, AlreadyStarted, Overtaken, PolicyLooser, ScriptWrittenOn, ScriptEmpty or PanelInvalid, and
    then nothing was changed."""
    Panelist.objects.lock(interview.pk)
    interview = Interview.objects.select_for_update(no_key=True).get(pk=interview.pk)
    _refuse_over(interview)
    plan = plan.filled(interview)
    if edit is not None:
        plan = plan.merged(interview, edit)
    if plan.script is not None and (takes_newer or plan.script.pk != interview.script_id):
        _exchange_script(interview, plan.script)
    was = interview.scheduled_for
    interview.scheduled_for, interview.time_zone = plan.scheduled_for, plan.time_zone
    interview.minutes, interview.call_link, interview.stage = plan.minutes, plan.call_link, plan.stage
    interview.mark_changed(by=by, at=at)
    planned = ["scheduled_for", "time_zone", "minutes", "call_link", "stage"]
    interview.save(update_fields=[*planned, "changed_by", "changed_at"])
    _tighten(interview, plan.blind_policy, plan.is_fully_blind)
    _seat(interview, plan.panel, at=at)
    tell_panel(interview=interview, at=at, was=was, by=by)
    append_event(owner=interview, kind="panel", payload=plan_of(interview), actor=by, at=at)
    return interview


@transaction.atomic
def renew_script(*, interview: Interview, by: User, at: dt.datetime) -> Interview:
    """Replace the frozen script by the current version in the bank.

    Raises AlreadyOver, AlreadyStarted, ScriptWrittenOn or ScriptEmpty, and then nothing was changed."""
    Panelist.objects.lock(interview.pk)
    interview = Interview.objects.select_for_update(no_key=True).get(pk=interview.pk)
    _refuse_over(interview)
    if interview.script is None:
        raise ScriptEmpty("The script of this interview was deleted. Choose another one.")
    _exchange_script(interview, interview.script)
    tell_panel(interview=interview, at=at, by=by)
    append_event(owner=interview, kind="panel", payload=plan_of(interview), actor=by, at=at)
    return interview


@transaction.atomic
def cancel_interview(*, interview: Interview, reason: str, by: User, at: dt.datetime) -> Interview:
    """Cancel an interview that has not started. Sent twice it changes nothing. Raises AlreadyOver or AlreadyStarted."""
    interview = Interview.objects.select_for_update(no_key=True).get(pk=interview.pk)
    require_cancellable(interview, reason=reason)
    if interview.is_cancelled:
        return interview
    interview.status = Interview.Status.CANCELLED
    interview.cancelled_at, interview.cancel_reason = at, reason
    interview.save(update_fields=["status", "cancelled_at", "cancel_reason"])
    tell_panel(interview=interview, at=at, by=by)
    append_event(owner=interview, kind="cancel", payload=clock(interview) | {"off": off_of(interview)}, actor=by, at=at)
    return interview


def require_cancellable(interview: Interview, *, reason: str = "") -> None:
    """Raises AlreadyOver or AlreadyStarted; not if it was cancelled for this `reason`: the form was sent twice."""
    if interview.is_cancelled and not interview.outcome and reason and interview.cancel_reason == reason:
        return
    _refuse_over(interview)
    if interview.is_live:
        raise AlreadyStarted("This interview has started. End the call instead; nothing recorded is lost.")


def _refuse_over(interview: Interview) -> None:
    if interview.is_ended:
        raise AlreadyOver("This interview has ended. Its plan can no longer be changed.")
    if interview.is_cancelled:
        raise AlreadyOver("This interview was cancelled. Restore it on its page first, or schedule a new one.")


def _exchange_script(interview: Interview, script: Script) -> None:
    if not interview.is_scheduled:
        raise AlreadyStarted("The call has started, so its script can no longer be changed.")
    if is_written_on(interview):
        raise ScriptWrittenOn("The panel has noted or recorded something with this script, so it can’t be replaced.")
    interview.script, interview.script_name, interview.script_version = script, script.name, script.version
    interview.save(update_fields=["script", "script_name", "script_version"])
    askers = dict(interview.sections.exclude(asker=None).values_list("title", "asker"))
    _freeze(interview, script)
    for title, asker in askers.items():
        interview.sections.filter(title=title).update(asker=asker)


def is_written_on(interview: Interview) -> bool:
    """Whether something is recorded with the script, which another one would lose: notes before the call, and
    everything of a call that broke off and was rescheduled."""
    questions = ScriptedQuestion.objects.filter(interview=interview)
    touched = questions.exclude(state=ScriptedQuestion.State.UNASKED) | questions.exclude(added_at=None)
    records = [kind.objects.filter(question__in=questions) for kind in (Note, Rating)]
    ticks = Tick.objects.filter(Q(point__question__in=questions) | Q(unlisted_point__question__in=questions))
    return any(rows.exists() for rows in (*records, ticks, touched))


def _freeze(interview: Interview, script: Script, *, is_draft: bool = False) -> None:
    freeze(interview=interview, script=script, is_draft=is_draft)
    if not ScriptedQuestion.objects.filter(interview=interview).exists():
        raise ScriptEmpty("This script has no published question.")


def _tighten(interview: Interview, blind_policy: str, is_fully_blind: bool) -> None:
    if blind_policy not in BlindPolicy.as_strict_as(interview.blind_policy):
        raise PolicyLooser("You can only make access to scorecards stricter, not looser.")
    if is_fully_blind and not interview.is_fully_blind and not interview.is_scheduled:
        raise AlreadyStarted("The call has started, so the points the others heard were already visible.")
    interview.blind_policy, interview.is_fully_blind = blind_policy, is_fully_blind
    interview.save(update_fields=["blind_policy", "is_fully_blind"])


def _seat(interview: Interview, panel: Sequence[Seat], *, at: dt.datetime) -> None:
    """Add, change and remove panelists. The lead comes last, because only one is allowed at any time."""
    parts = {user.pk: part for user, part in panel}
    before = {seat.user_id: seat for seat in Panelist.objects.filter(interview=interview)}
    is_practice = interview.opening.is_practice
    _check_panel(panel, already={pk for pk, seat in before.items() if seat.left_at is None}, is_practice=is_practice)
    for user_id, seat in before.items():
        if user_id not in parts and seat.left_at is None:
            seat.left_at = at
            seat.save(update_fields=["left_at"])
            seat.sections.update(asker=None)
    for user, part in sorted(panel, key=lambda seat: seat[1] == Panelist.Part.LEAD):
        if user.pk not in before:
            Panelist.objects.create(interview=interview, user=user, part=part)
            continue
        seat = before[user.pk]
        if (seat.part == Panelist.Part.SHADOW) != (part == Panelist.Part.SHADOW):
            _require_same_kind(interview, seat)
        if (seat.part, seat.left_at) != (part, None):
            seat.part, seat.left_at = part, None
            # Never the whole row: a command of the live page may be counting its stream up.
            seat.save(update_fields=["part", "left_at"])
        if part == Panelist.Part.SHADOW:
            seat.sections.update(asker=None)


def _require_same_kind(interview: Interview, seat: Panelist) -> None:
    """Raises PanelInvalid once their part has decided whether the others see what they heard: in a call that goes on,
    or had begun and is planned again. Not only if they heard something: the refusal would tell it."""
    role = seat.get_part_display().lower()
    if interview.is_live:
        raise PanelInvalid(f"{seat} started this call as {role} and keeps that role until it ends.")
    if seat.sat_in_call:
        raise PanelInvalid(
            f"{seat} was {role} when this call first started, and keeps that role. "
            "To change it, schedule a new interview."
        )


def _check_panel(panel: Sequence[Seat], *, already: set[int], is_practice: bool) -> None:
    people = [user for user, _ in panel]
    if [part for _, part in panel].count(Panelist.Part.LEAD) != 1:
        raise PanelInvalid("Choose exactly one lead.")
    if len({user.pk for user in people}) < len(people):
        raise PanelInvalid("Someone is on the panel twice.")
    for user in people:
        # Current panelists may stay, even if they have lost the role. Curators try scripts in practice calls.
        may_try = is_practice and user.is_active and user.is_curator
        if user.pk not in already and not may_try and not may_interview(user):
            raise PanelInvalid(f"{user} is not an interviewer.")


def may_interview(user: User) -> bool:
    """Whether they can join a panel."""
    return user.is_active and user.is_interviewer
