"""Locks the rows that a scorecard's form changes."""

from accounts.models import User
from interviews.models import Panelist
from interviews.refusals import NotThere


def locked_author(*, user: User, interview_id: int) -> Panelist:
    """The panelist, with scorecard; their row and the interview's are locked until the end of the transaction.

    Raises NotThere for people who are not on the panel."""
    panelist: Panelist | None = (
        Panelist.objects.with_access()
        .select_for_update(of=("self", "interview"), no_key=True)
        .select_related("interview", "scorecard")
        .filter(interview__pk=interview_id, user=user)
        .first()
    )
    if panelist is None:
        raise NotThere("Scorecard not found.")
    return panelist
