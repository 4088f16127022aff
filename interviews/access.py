"""Who may what, in one place. What somebody may not see is 404 by `visible_to`; what they may not do is asked here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from interviews.models import BlindPolicy, EarlyDebrief, Interview, Opening, Panelist, ScorecardVersion

# What a page says of a place on a panel; whoever only asks for the news needs none of it.
FOR_A_PAGE = ("interview__candidate", "interview__opening", "user", "scorecard")


def with_panelist(
    user: User, interview_id: int, *, related: tuple[str, ...] = FOR_A_PAGE
) -> tuple[Interview, Panelist | None] | None:
    """The interview as this person may see it, with their place on the panel; None where it is not theirs to see."""
    places = Panelist.objects.with_access().filter(interview__pk=interview_id, user=user)
    panelist = places.select_related("interview", *related).first()
    if panelist is not None:
        return panelist.interview, panelist
    interview = (
        Interview.objects.visible_to(user).select_related("candidate", "opening").filter(pk=interview_id).first()
    )
    return (interview, None) if interview else None


def place_left(user: User, interview_id: int) -> Panelist | None:
    """The place of an interviewer who has left the panel; it gives them their own words, and nothing else."""
    places = Panelist.objects.of_interviewers().exclude(left_at=None).filter(interview__pk=interview_id, user=user)
    return places.select_related("interview").first()


def is_manager_of(user: User, opening: Opening) -> bool:
    return Opening.objects.managed_by(user).filter(pk=opening.pk).exists()


def may_lead(panelist: Panelist | None, *, is_manager: bool) -> bool:
    """Start, end, gates: the lead, or the opening's hiring manager."""
    return is_manager or (panelist is not None and panelist.is_lead)


def may_cover(panelist: Panelist | None, *, is_manager: bool) -> bool:
    """Ask and skip: leads and interviewers, or the opening's hiring manager. Shadows watch."""
    return is_manager or (panelist is not None and not panelist.is_shadow)


def asks_next(interview: Interview, panel: Iterable[Panelist]) -> int | None:
    """The panelist who asks next: the one who was named, if they can still ask, else the lead."""
    asking = {seat.pk: seat for seat in panel if seat.has_access and may_cover(seat, is_manager=False)}
    if interview.asks_next_id in asking:
        return interview.asks_next_id
    return next((pk for pk, seat in asking.items() if seat.is_lead), None)


def readable_panelists(user: User, interview: Interview) -> list[Panelist]:
    """Those whose submitted scorecards the person may read, in the panel's order.

    Being on the panel outranks every other role: own ones always, the others' by the interview's blind policy.
    A hiring manager who is not on it reads all. A shadow's practice scorecard stays their own."""
    is_manager = is_manager_of(user, interview.opening)
    return _readable_by(user, _everybody(interview), interview, is_manager=is_manager)


def readable_panels(user: User, interviews: Collection[Interview]) -> dict[Interview, list[Panelist]]:
    """The same for several interviews that the person sees; three queries, however many they are."""
    panels: dict[int, list[Panelist]] = defaultdict(list)
    for panelist in _seated(interview__in=interviews):
        panels[panelist.interview_id].append(panelist)
    managed = _managed_by(user)
    return {
        interview: _readable_by(user, panels[interview.pk], interview, is_manager=interview.opening_id in managed)
        for interview in interviews
    }


def readable_in(user: User, interviews: QuerySet[Interview]) -> list[tuple[Interview, list[Panelist]]]:
    """The same without those of which they may read nothing, and without what the scorecards say.

    Each interview has everybody who is or was on its panel. Four queries, however many they are."""
    versions = ScorecardVersion.objects.defer("snapshot")
    panel = (
        Panelist.objects.knowing_access()
        .select_related("scorecard")
        .prefetch_related(Prefetch("scorecard__versions", versions))
    )
    managed = _managed_by(user)
    found = []
    for interview in interviews.prefetch_related(Prefetch("panelists", panel)):
        everybody = list(interview.panelists.all())
        readable = _readable_by(user, everybody, interview, is_manager=interview.opening_id in managed)
        if readable:
            found.append((interview, readable))
    return found


def _managed_by(user: User) -> set[int]:
    return set(Opening.objects.managed_by(user).values_list("pk", flat=True))


def _readable_by(user: User, everybody: list[Panelist], interview: Interview, *, is_manager: bool) -> list[Panelist]:
    me = next((panelist for panelist in everybody if panelist.user_id == user.pk), None)
    return _readable(me, everybody, interview, is_manager=is_manager)


def _readable(
    me: Panelist | None, everybody: list[Panelist], interview: Interview, *, is_manager: bool
) -> list[Panelist]:
    """Of who is or was on the panel; the one filter of every page and file."""
    opens = is_manager if me is None else _opens_to(me, everybody, interview)
    return [p for p in everybody if p.has_submitted and (p == me or (opens and not p.is_shadow))]


def _everybody(interview: Interview) -> list[Panelist]:
    """Who is or was on the panel, with what they submitted."""
    return list(_seated(interview=interview))


def _seated(**lookup: Any) -> QuerySet[Panelist]:
    panelists = Panelist.objects.filter(**lookup).knowing_access()
    return panelists.select_related("scorecard").prefetch_related("scorecard__versions")


def _outstanding(everybody: Iterable[Panelist]) -> list[Panelist]:
    return [panelist for panelist in everybody if panelist.is_awaited]


def _opens_to(me: Panelist, everybody: list[Panelist], interview: Interview) -> bool:
    """Whether somebody on the panel may read the others', by the interview's blind policy."""
    if interview.blind_policy == BlindPolicy.NEVER or not me.has_submitted:
        return False
    return interview.blind_policy == BlindPolicy.AFTER_OWN or not _outstanding(everybody)


class Barred(Enum):
    """Why somebody who sees the interview may not read its debrief now."""

    CANCELLED = "cancelled"
    NOT_ENDED = "not-ended"
    OWN_MISSING = "own-missing"
    NEVER = "never"
    OTHERS_MISSING = "others-missing"
    NOT_OPEN = "not-open"

    @property
    def status(self) -> int:
        """Never is 403; everything else may only be too early, or too late."""
        return 403 if self is Barred.NEVER else 409


@dataclass(frozen=True)
class DebriefAccess:
    """What the debrief of one interview is to one reader, who sees the interview."""

    interview: Interview
    me: Panelist | None  # their place on the panel, also after they left it
    is_manager: bool
    everybody: list[Panelist]
    early: EarlyDebrief | None

    @property
    def outstanding(self) -> list[Panelist]:
        """Whose scorecards are still to come. Shadows' count nowhere."""
        return _outstanding(self.everybody)

    @property
    def absent(self) -> list[Panelist]:
        """Those for whom nobody waits, because their access ended before they submitted."""
        return [panelist for panelist in self.everybody if panelist.is_absent]

    @property
    def submitted(self) -> list[Panelist]:
        """Whose scorecards the debrief reads: of leads and interviewers, also of those who have left since."""
        return [p for p in self.everybody if p.has_submitted and not p.is_shadow]

    @property
    def readable(self) -> list[Panelist]:
        """Whose submitted scorecards the reader may read one by one, before it opens too; see `readable_panelists`."""
        return _readable(self.me, self.everybody, self.interview, is_manager=self.is_manager)

    @property
    def is_open(self) -> bool:
        """By itself once every counting scorecard is in; before that only on purpose."""
        return bool(self.submitted) and (self.early is not None or not self.outstanding)

    @property
    def barred(self) -> Barred | None:
        """None for who may read it. Being on the panel outranks every other role."""
        if self.interview.is_cancelled:
            return Barred.CANCELLED
        if not self.interview.is_ended:
            return Barred.NOT_ENDED
        if self.me is None and not self.is_manager:
            return Barred.NEVER
        if self.me is not None and not self.me.has_submitted:
            return Barred.OWN_MISSING
        if self.me is not None and not _opens_to(self.me, self.everybody, self.interview):
            return Barred.NEVER if self.interview.blind_policy == BlindPolicy.NEVER else Barred.OTHERS_MISSING
        return None if self.is_open else Barred.NOT_OPEN

    @property
    def may_open_early(self) -> bool:
        """The lead, or the opening's hiring manager; whoever owes a scorecard submits it first."""
        leads = self.me is not None and self.me.is_lead and self.me.has_access
        owes = self.me is not None and not self.me.has_submitted
        is_early = self.interview.is_ended and bool(self.submitted) and not self.is_open
        return is_early and (self.is_manager or leads) and not owes

    @property
    def may_decide(self) -> bool:
        return self.is_manager and self.barred is None

    @property
    def may_revise(self) -> bool:
        return self.barred is None and self.me is not None and self.me.has_access and not self.me.is_shadow


def debrief_access(user: User, interview: Interview) -> DebriefAccess:
    """For `user`, who sees the interview; four queries, whatever the size of the panel."""
    everybody = _everybody(interview)
    return DebriefAccess(
        interview=interview,
        me=next((panelist for panelist in everybody if panelist.user_id == user.pk), None),
        is_manager=is_manager_of(user, interview.opening),
        everybody=everybody,
        early=EarlyDebrief.objects.select_related("opened_by").filter(interview=interview).first(),
    )


def debrief_accesses(user: User, interviews: Sequence[Interview]) -> list[DebriefAccess]:
    """The same for several, read `with_outcome`; one query. What was submitted is not read with them."""
    panels: dict[int, list[Panelist]] = {}
    for panelist in Panelist.objects.knowing_access().filter(interview__in=interviews).select_related("scorecard"):
        panels.setdefault(panelist.interview_id, []).append(panelist)
    found = []
    for interview in interviews:
        everybody = panels.get(interview.pk, [])
        me = next((panelist for panelist in everybody if panelist.user_id == user.pk), None)
        early = getattr(interview, "early_debrief", None)
        found.append(DebriefAccess(interview, me, interview.is_managed, everybody, early))  # type: ignore[attr-defined]
    return found


def show_outcomes(reader: User, interviews: Iterable[Interview]) -> list[DebriefAccess]:
    """Let each row of a list, read `with_people` and `with_outcome`, say whether its debrief is the reader's to know:
    `has_debrief`. No query."""
    found = []
    for interview in interviews:
        access = listed_access(reader, interview)
        interview.has_debrief = access.barred is None  # type: ignore[attr-defined]  # for the row
        found.append(access)
    return found


def listed_access(user: User, interview: Interview) -> DebriefAccess:
    """The same for one of a list, read `with_people` and `with_outcome`; no query. In doubt it is closed."""
    everybody = list(interview.panelists.all())
    me = next((panelist for panelist in everybody if panelist.user_id == user.pk), None)
    if me is None and interview.was_on_panel:  # type: ignore[attr-defined]
        # Leaving does not unblind. Whether they had submitted by then, the debrief itself asks.
        me = Panelist(interview=interview, user=user, left_at=interview.ended_at)
    early = getattr(interview, "early_debrief", None)
    return DebriefAccess(interview, me, interview.is_managed, everybody, early)  # type: ignore[attr-defined]
