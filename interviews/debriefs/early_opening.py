"""Opening a debrief before all scorecards are in: on purpose, with a reason that everybody reads who reads it."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from interviews.access import debrief_access
from interviews.models import EarlyOpening, Interview
from interviews.refusals import Invalid, NotAllowed, NotThere, WrongTime
from interviews.storable import require_storable

REASON_CHARS = 1_000


class AlreadyOpen(WrongTime):
    """All scorecards are in, or somebody has opened it early already."""


@transaction.atomic
def open_early(*, user: User, interview_id: int, reason: str, at: dt.datetime) -> EarlyOpening:
    """Open the debrief now. It stays closed to whoever still owes a scorecard.

    Raises NotThere, NotAllowed, AlreadyOpen, WrongTime where there is nothing to read yet or `user` owes a
    scorecard, Invalid without a reason or with one that is too long."""
    # The lock first, so that two who open at once do so one after the other.
    seen = Interview.objects.visible_to(user).filter(pk=interview_id)
    if not seen.exists():
        raise NotThere("There is no such interview.")
    interview = Interview.objects.select_for_update().get(pk=interview_id)
    access = debrief_access(user, interview)
    # First what depends on `user` alone: the answer must not tell a blind panelist whether the debrief is open.
    if not (access.is_manager or (access.me is not None and access.me.is_lead)):
        raise NotAllowed("Only the lead or the opening’s hiring manager can open a debrief early.")
    if access.me is not None and not access.me.has_submitted:
        raise WrongTime("You can open the debrief once you have submitted your own scorecard.")
    if access.is_open:
        raise AlreadyOpen("This debrief is open already.")
    if not access.may_open_early:
        raise WrongTime("There is nothing to open yet: no scorecard has been submitted.")
    reason = reason.strip()
    if not reason:
        raise Invalid("Say why it cannot wait.")
    if len(reason) > REASON_CHARS:
        raise Invalid(f"At most {REASON_CHARS:,} characters.")
    require_storable(reason)
    return EarlyOpening.objects.create(interview=interview, opened_by=user, reason=reason, opened_at=at)
