"""Say from the interview's page who asks which section, with the command of the live page."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from interviews.access import is_manager_of, may_cover
from interviews.live import dispatch
from interviews.live.commands import of_a_form
from interviews.models import Interview, Panelist
from interviews.refusals import NotAllowed


@transaction.atomic
def give_sections(
    *, interview: Interview, wanted: dict[int, tuple[int | None, int | None]], by: User, at: dt.datetime
) -> list[str]:
    """`wanted` says for each section the panelist whom the form showed, and the one chosen. Returns the titles of
    sections that someone else has given to another panelist meanwhile; they stay as they are.

    Raises a Refused, and then nothing was changed."""
    seat = Panelist.objects.with_access().filter(interview=interview, user=by).first()
    if not may_cover(seat, is_manager=is_manager_of(by, interview.opening)):
        raise NotAllowed("Only the lead or a hiring manager of the opening can say who asks what.")
    Panelist.objects.lock(interview.pk)  # first, like a command does: another order could deadlock
    stays = []
    for section in interview.sections.select_for_update(no_key=True).filter(pk__in=wanted):
        was, now = wanted[section.pk]
        if section.asker_id not in (was, now):
            stays.append(section.title)
        elif section.asker_id != now:
            command = of_a_form("asker", section.pk, now)
            dispatch.apply_command(user=by, interview_id=interview.pk, command=command, now=at)
    return stays
