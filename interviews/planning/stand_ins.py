"""Add someone to the panel, before or during the call."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from interviews import access
from interviews.models import Interview, Panelist
from interviews.planning.calendar_entries import tell_panel
from interviews.planning.scheduling import AlreadyOver, PanelInvalid, may_interview
from interviews.refusals import NotAllowed
from interviews.streams.events import append_event
from interviews.streams.payloads import plan_of


def stand_ins(interview: Interview) -> list[User]:
    """The interviewers who are not on the panel now, by name."""
    seated = Panelist.objects.current().filter(interview=interview).values("user")
    return list(User.objects.interviewers().exclude(pk__in=seated))


@transaction.atomic
def add_to_panel(
    *, interview: Interview, person: User | None, by: User, at: dt.datetime, instead_of: int | None = None
) -> None:
    """Seat someone as an interviewer, for the lead or a manager of the opening. They get the email and calendar entry
    at once; a live page has them at once. Who returns has the part, and the records, they left with. They take over
    the sections of the panelist `instead_of`, if given.

    Raises NotAllowed, AlreadyOver or PanelInvalid; then nothing was changed."""
    Panelist.objects.lock(interview.pk)
    interview = Interview.objects.select_for_update(no_key=True).get(pk=interview.pk)
    seats = {seat.user_id: seat for seat in Panelist.objects.filter(interview=interview).knowing_access()}
    mine = seats.get(by.pk)
    leads = mine is not None and mine.is_lead and mine.has_access
    if not (leads or access.is_manager_of(by, interview.opening)):
        raise NotAllowed("Only the lead or a hiring manager of the opening can add someone to the panel.")
    if interview.is_ended or interview.is_cancelled:
        raise AlreadyOver("This interview is over, so its panel can no longer change.")
    if person is None:
        raise PanelInvalid("Choose someone to add.")
    if not may_interview(person):
        raise PanelInvalid(f"{person} is not an interviewer.")
    seat = seats.get(person.pk)
    if seat is None:
        seat = Panelist.objects.create(interview=interview, user=person, part=Panelist.Part.INTERVIEWER)
    elif seat.left_at is None:
        return
    else:
        seat.left_at = None
        if seat.is_lead:  # someone else leads now
            seat.part = Panelist.Part.INTERVIEWER
        seat.save(update_fields=["left_at", "part"])
    if instead_of is not None and not seat.is_shadow:
        interview.sections.filter(asker=instead_of).update(asker=seat)
    interview.mark_changed(by=by, at=at)
    interview.save(update_fields=["changed_by", "changed_at"])
    tell_panel(interview=interview, at=at, by=by)
    append_event(owner=interview, kind="panel", payload=plan_of(interview), actor=by, at=at)
