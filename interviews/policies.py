"""Who may what, in one place. What somebody may not see is 404 by `visible_to`; what they may not do is asked here."""

from accounts.models import User
from interviews.models import BlindPolicy, Interview, Opening, Panelist


def panelist_of(user: User, interview: Interview) -> Panelist | None:
    """The person's place on the panel; None for those who are not, or no longer, on it."""
    return Panelist.objects.current().filter(interview=interview, user=user).first()


def is_manager_of(user: User, opening: Opening) -> bool:
    return opening.managers.filter(pk=user.pk).exists()


def may_lead(panelist: Panelist | None, *, is_manager: bool) -> bool:
    """Start, end, gates: the lead, or the opening's hiring manager."""
    return is_manager or (panelist is not None and panelist.is_lead)


def may_cover(panelist: Panelist | None, *, is_manager: bool) -> bool:
    """Ask and skip: leads and interviewers, or the opening's hiring manager. Shadows watch."""
    return is_manager or (panelist is not None and not panelist.is_shadow)


def readable_panelists(user: User, interview: Interview) -> list[Panelist]:
    """Those whose submitted scorecards the person may read, in the panel's order.

    Being on the panel outranks every other role: own ones always, the others' by the interview's blind policy.
    A hiring manager who is not on it reads all. A shadow's practice scorecard stays their own."""
    everybody = list(
        Panelist.objects.filter(interview=interview)
        .select_related("user", "scorecard")
        .prefetch_related("scorecard__versions")
    )
    me = next((panelist for panelist in everybody if panelist.user_id == user.pk), None)
    submitted = [panelist for panelist in everybody if _has_submitted(panelist)]
    if me is None:
        return [p for p in submitted if not p.is_shadow] if is_manager_of(user, interview.opening) else []
    counting = [panelist for panelist in everybody if not panelist.is_shadow and panelist.left_at is None]
    if interview.blind_policy == BlindPolicy.NEVER:
        opens = False
    elif interview.blind_policy == BlindPolicy.AFTER_ALL:
        opens = _has_submitted(me) and all(map(_has_submitted, counting))
    else:
        opens = _has_submitted(me)
    return [p for p in submitted if p == me or (opens and not p.is_shadow)]


def _has_submitted(panelist: Panelist) -> bool:
    scorecard = getattr(panelist, "scorecard", None)
    return scorecard is not None and scorecard.is_submitted
