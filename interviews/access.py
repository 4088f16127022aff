"""Permissions on interviews. `visible_to` hides rows (404); this module decides what a reader may do and read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from interviews.models import BlindPolicy, EarlyDebrief, Interview, Opening, Panelist, ScorecardVersion

# select_related for rendering; the events endpoint skips it.
FOR_A_PAGE = ("interview__candidate", "interview__opening", "user", "scorecard")


def with_panelist(
    user: User, interview_id: int, *, related: tuple[str, ...] = FOR_A_PAGE
) -> tuple[Interview, Panelist | None] | None:
    """The interview and the person's place on the panel, if any; None if they may not see the interview."""
    places = Panelist.objects.with_access().filter(interview__pk=interview_id, user=user)
    panelist = places.select_related("interview", *related).first()
    if panelist is not None:
        return panelist.interview, panelist
    interview = (
        Interview.objects.visible_to(user).select_related("candidate", "opening").filter(pk=interview_id).first()
    )
    return (interview, None) if interview else None


def place_left(user: User, interview_id: int) -> Panelist | None:
    """The place of an interviewer who has left the panel. It gives access to their own texts only."""
    places = Panelist.objects.of_interviewers().exclude(left_at=None).filter(interview__pk=interview_id, user=user)
    return places.select_related("interview").first()


def is_manager_of(user: User, opening: Opening) -> bool:
    return Opening.objects.managed_by(user).filter(pk=opening.pk).exists()


def may_lead(panelist: Panelist | None, *, is_manager: bool) -> bool:
    """Start, end, gates: the lead, or the opening's hiring manager."""
    return is_manager or (panelist is not None and panelist.is_lead)


def may_cover(panelist: Panelist | None, *, is_manager: bool) -> bool:
    """Ask and skip: leads and interviewers, or the opening's hiring manager. Shadows may not."""
    return is_manager or (panelist is not None and not panelist.is_shadow)


def asks_next(interview: Interview, panel: Iterable[Panelist]) -> int | None:
    """The panelist who asks next: the named one if they still may, else the lead."""
    asking = {seat.pk: seat for seat in panel if seat.has_access and may_cover(seat, is_manager=False)}
    if interview.asks_next_id in asking:
        return interview.asks_next_id
    return next((pk for pk, seat in asking.items() if seat.is_lead), None)


def readable_panelists(user: User, interview: Interview) -> list[Panelist]:
    """The panelists whose submitted scorecards the person may read, in the panel's order.

    Being on the panel outranks every other role: panelists always read their own, and the others' by the blind policy.
    A hiring manager who is not on the panel reads all. Only its author reads a shadow's scorecard."""
    is_manager = is_manager_of(user, interview.opening)
    return _readable_by(user, _everybody(interview), interview, is_manager=is_manager)


def readable_panels(user: User, interviews: Collection[Interview]) -> dict[Interview, list[Panelist]]:
    """`readable_panelists` for several interviews that the person may see. Three queries, however many there are."""
    panels: dict[int, list[Panelist]] = defaultdict(list)
    for panelist in _seated(interview__in=interviews):
        panels[panelist.interview_id].append(panelist)
    managed = _managed_by(user)
    return {
        interview: _readable_by(user, panels[interview.pk], interview, is_manager=interview.opening_id in managed)
        for interview in interviews
    }


def readable_in(user: User, interviews: QuerySet[Interview]) -> list[tuple[Interview, list[Panelist]]]:
    """`readable_panels` without interviews that have nothing to read, and without the snapshots.

    Each interview comes with all current and former panelists. Four queries, however many there are."""
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


def _place_of(user: User, everybody: Iterable[Panelist]) -> Panelist | None:
    return next((panelist for panelist in everybody if panelist.user_id == user.pk), None)


def _readable_by(user: User, everybody: list[Panelist], interview: Interview, *, is_manager: bool) -> list[Panelist]:
    return _readable(_place_of(user, everybody), everybody, interview, is_manager=is_manager)


def _readable(
    me: Panelist | None, everybody: list[Panelist], interview: Interview, *, is_manager: bool
) -> list[Panelist]:
    """The one filter for every page and file. `everybody`: all current and former panelists."""
    opens = is_manager if me is None else _opens_to(me, everybody, interview)
    return [p for p in everybody if p.has_submitted and (p == me or (opens and not p.is_shadow))]


def _everybody(interview: Interview) -> list[Panelist]:
    """All current and former panelists, with what they submitted."""
    return list(_seated(interview=interview))


def _seated(**lookup: Any) -> QuerySet[Panelist]:
    panelists = Panelist.objects.filter(**lookup).knowing_access()
    return panelists.select_related("scorecard", "waived_by").prefetch_related("scorecard__versions")


def _outstanding(everybody: Iterable[Panelist]) -> list[Panelist]:
    return [panelist for panelist in everybody if panelist.is_awaited]


def _opens_to(me: Panelist, everybody: list[Panelist], interview: Interview) -> bool:
    """Whether the blind policy lets a panelist read the others' scorecards."""
    if interview.blind_policy == BlindPolicy.NEVER or not me.has_submitted:
        return False
    return interview.blind_policy == BlindPolicy.AFTER_OWN or not _outstanding(everybody)


class Barred(Enum):
    """Why a person who may see the interview may not read its debrief now."""

    CANCELLED = "cancelled"
    NOT_ENDED = "not-ended"
    OWN_MISSING = "own-missing"
    NEVER = "never"
    OTHERS_MISSING = "others-missing"
    NOT_OPEN = "not-open"

    @property
    def status(self) -> int:
        """403 if it stays closed for good, else 409: too early or too late."""
        return 403 if self is Barred.NEVER else 409


@dataclass(frozen=True)
class DebriefAccess:
    """What one reader, who may see the interview, may do with its debrief."""

    interview: Interview
    me: Panelist | None  # the reader's place on the panel, even if they have left it
    is_manager: bool
    everybody: list[Panelist]
    early: EarlyDebrief | None

    @property
    def outstanding(self) -> list[Panelist]:
        """Panelists whose scorecards are missing. Shadows do not count."""
        return _outstanding(self.everybody)

    @property
    def absent(self) -> list[Panelist]:
        """Panelists whose access ended before they submitted; the debrief does not wait for them."""
        return [panelist for panelist in self.everybody if panelist.is_absent]

    @property
    def waived(self) -> list[Panelist]:
        """Panelists whose missing scorecards a manager has waived."""
        return [panelist for panelist in self.everybody if panelist.is_waived]

    @property
    def not_awaited(self) -> list[Panelist]:
        """Panelists whose missing scorecards nobody waits for."""
        return [*self.absent, *self.waived]

    @property
    def submitted(self) -> list[Panelist]:
        """Leads and interviewers who have submitted, including those who have left since."""
        return [p for p in self.everybody if p.has_submitted and not p.is_shadow]

    @property
    def readable(self) -> list[Panelist]:
        """See `readable_panelists`; it also holds before the debrief opens."""
        return _readable(self.me, self.everybody, self.interview, is_manager=self.is_manager)

    @property
    def is_open(self) -> bool:
        """Open once every scorecard that counts is submitted, or if it was opened early."""
        return bool(self.submitted) and (self.early is not None or not self.outstanding)

    @property
    def barred(self) -> Barred | None:
        """None if the reader may read it. Being on the panel outranks every other role."""
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
        """The lead or the opening's hiring manager, once their own scorecard is submitted."""
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
    """For a user who may see the interview. Four queries, whatever the size of the panel."""
    everybody = _everybody(interview)
    return DebriefAccess(
        interview=interview,
        me=_place_of(user, everybody),
        is_manager=is_manager_of(user, interview.opening),
        everybody=everybody,
        early=EarlyDebrief.objects.select_related("opened_by").filter(interview=interview).first(),
    )


def debrief_accesses(user: User, interviews: Sequence[Interview]) -> list[DebriefAccess]:
    """`debrief_access` for several interviews, read `with_outcome`. One query; it reads no snapshots."""
    panels: dict[int, list[Panelist]] = {}
    for panelist in Panelist.objects.knowing_access().filter(interview__in=interviews).select_related("scorecard"):
        panels.setdefault(panelist.interview_id, []).append(panelist)
    found = []
    for interview in interviews:
        everybody = panels.get(interview.pk, [])
        me = _place_of(user, everybody)
        early = getattr(interview, "early_debrief", None)
        found.append(DebriefAccess(interview, me, interview.is_managed, everybody, early))
    return found


@dataclass(frozen=True)
class ListedInterview:
    """An interview in a list, with what its reader may know of the debrief."""

    interview: Interview
    access: DebriefAccess

    @property
    def has_debrief(self) -> bool:
        return self.access.barred is None


def listed(reader: User, interviews: Iterable[Interview]) -> list[ListedInterview]:
    """The rows of a list. Read the interviews `with_people` and `with_outcome`; no query."""
    return [ListedInterview(interview, listed_access(reader, interview)) for interview in interviews]


def listed_access(user: User, interview: Interview) -> DebriefAccess:
    """`debrief_access` for a row of a list, read `with_people` and `with_outcome`. No query; if in doubt, closed."""
    everybody = list(interview.panelists.all())
    me = _place_of(user, everybody)
    if me is None and interview.was_on_panel:
        # A former panelist stays blind. The debrief's page checks whether they had submitted.
        me = Panelist(interview=interview, user=user, left_at=interview.ended_at)
    early = getattr(interview, "early_debrief", None)
    return DebriefAccess(interview, me, interview.is_managed, everybody, early)
