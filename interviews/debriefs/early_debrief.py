"""Open a debrief before all scorecards are submitted, with a reason that every reader of the debrief sees."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from interviews.access import debrief_access
from interviews.models import EarlyDebrief, Interview, Notice
from interviews.notices.telling import readers, tell
from interviews.refusals import Invalid, NotAllowed, NotThere, WrongTime
from interviews.storable import require_storable

REASON_CHARS = 1_000


class AlreadyOpen(WrongTime):
    """All scorecards are submitted, or someone has opened it early already."""


@transaction.atomic
def open_early(*, user: User, interview_id: int, reason: str, at: dt.datetime) -> EarlyDebrief:
    """Open the debrief now. Panelists who have not submitted still cannot read it.

    Raises NotThere, NotAllowed, AlreadyOpen, WrongTime if there is nothing to read yet or `user` has not submitted,
    Invalid without a reason or with one that is too long."""
    # Lock first, so that two people who open it at the same moment do so one after the other.
    seen = Interview.objects.open_to(user).filter(pk=interview_id)
    if not seen.exists():
        raise NotThere("Interview not found.")
    interview = Interview.objects.select_for_update(no_key=True).get(pk=interview_id)
    access = debrief_access(user, interview)
    # Check what depends on `user` first: a refusal must not tell a blind panelist whether the debrief is open.
    if not (access.is_manager or (access.me is not None and access.me.is_lead)):
        raise NotAllowed("Only the lead or the opening’s hiring manager can open a debrief early.")
    if access.me is not None and not access.me.has_submitted:
        raise WrongTime("You can open the debrief once you have submitted your own scorecard.")
    if access.is_open:
        raise AlreadyOpen("This debrief is already open.")
    if not access.may_open_early:
        raise WrongTime("There is nothing to open yet: no scorecard has been submitted.")
    reason = reason.strip()
    if not reason:
        raise Invalid("Enter why it can’t wait.")
    if len(reason) > REASON_CHARS:
        raise Invalid(f"At most {REASON_CHARS:,} characters.")
    require_storable(reason)
    early = EarlyDebrief.objects.create(interview=interview, opened_by=user, reason=reason, opened_at=at)
    tell(Notice.Kind.OPENED, people=readers(interview), interview=interview, at=at, by=user)
    return early
