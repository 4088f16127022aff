"""The data of My day: everything that waits for one person. The number of queries is constant."""

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import get_text_list

from accounts.models import User
from interviews.access import DebriefAccess, listed_access
from interviews.models import (
    Candidate,
    Decision,
    ExportRequest,
    Interview,
    Notice,
    Opening,
    Panelist,
    Rating,
    Recommendation,
)
from interviews.models.exports import KEPT_FOR
from interviews.models.panelists import with_names
from mail.models import Mail
from question_bank.models import Question, Script

# Older interviews are listed under Interviews only.
RECENT = dt.timedelta(days=14)
# Interviews without a decision stay longer.
UNDECIDED = dt.timedelta(days=60)
# A planned interview that was not started within this time counts as missed.
PATIENCE = dt.timedelta(hours=4)
# How long My day shows a call that did not take place.
OFF_SHOWN = dt.timedelta(days=7)
ROWS_MAX = 10
DRAFTS_MAX = EXPORTS_MAX = 5


class DayRow:
    """An interview on My day, with what its reader may know of the debrief."""

    interview: Interview
    access: DebriefAccess
    now: dt.datetime

    @property
    def has_debrief(self) -> bool:
        return self.access.barred is None

    @property
    def decided(self) -> str:
        """ "Advance"; "" if there is no decision, or the reader may not know it."""
        choice = self.interview.decided if self.has_debrief else None
        return str(Decision.Choice(choice).label) if choice else ""

    @property
    def is_left_open(self) -> bool:
        """Whether the call is long over its time and was not ended."""
        return self.interview.is_left_open(self.now)

    @property
    def waiting_for(self) -> list[Panelist]:
        return self.interview.outstanding

    @property
    def absent(self) -> list[Panelist]:
        return self.interview.absent

    @property
    def not_awaited(self) -> list[Panelist]:
        return self.interview.not_awaited

    @property
    def is_overdue(self) -> bool:
        return self.interview.due_at is not None and self.interview.due_at < self.now


@dataclass(frozen=True)
class Mine(DayRow):
    """An interview with the person on its panel; `rated_count` counts their ratings."""

    interview: Interview
    access: DebriefAccess
    now: dt.datetime
    seat: Panelist
    rated_count: int

    @property
    def part_words(self) -> str:
        """ "you lead" """
        return {"lead": "you lead", "shadow": "you shadow"}.get(self.seat.part, "you interview")

    @property
    def others(self) -> list[Panelist]:
        return [seat for seat in self.interview.panelists.all() if seat != self.seat]

    @property
    def minutes_to_go(self) -> int:
        """Minutes until the planned start; 0 or less once it has passed."""
        return math.ceil((self.interview.scheduled_for - self.now).total_seconds() / 60)

    @property
    def is_stale(self) -> bool:
        return self.interview.scheduled_for + PATIENCE < self.now

    @property
    def is_due_today(self) -> bool:
        """Due today in the reader's time zone, and not overdue yet."""
        due_at = self.interview.due_at
        if due_at is None or self.is_overdue:
            return False
        return timezone.localdate(due_at) == timezone.localdate(self.now)

    @property
    def is_submitted(self) -> bool:
        return self.seat.has_submitted

    @property
    def said(self) -> str:
        """The person's own recommendation, in words."""
        return Recommendation.words_of(self.seat.scorecard.recommendation)

    @property
    def has_recommendation(self) -> bool:
        scorecard = getattr(self.seat, "scorecard", None)
        return scorecard is not None and scorecard.has_recommendation


@dataclass(frozen=True)
class Managed(DayRow):
    """An interview of an opening that the person manages."""

    interview: Interview
    access: DebriefAccess
    now: dt.datetime

    @property
    def panel(self) -> list[Panelist]:
        return list(self.interview.panelists.all())

    @property
    def concern(self) -> str:
        """The problem with a planned interview's panel or a call, in words; "" if there is none."""
        if self.is_left_open:
            return "call not ended"
        able = [seat for seat in self.panel if seat.has_access]
        gone = [name for seat, name in with_names(self.panel, self.panel) if not seat.has_access]
        why = f"{get_text_list(gone, 'and')} no longer {'has' if len(gone) == 1 else 'have'} access" if gone else ""
        if not any(seat.is_lead for seat in able):
            return f"no lead: {why}" if why else "no lead"
        if why:
            return why
        if self.interview.scheduled_for + PATIENCE < self.now:
            return "never started"
        return "" if sum(not seat.is_shadow for seat in able) > 1 else "only one interviewer"


@dataclass
class MyDay:
    next: Mine | None = None
    live: list[Mine] = field(default_factory=list)
    unfinished: list[Mine] = field(default_factory=list)
    coming: list[Mine] = field(default_factory=list)
    missed: list[Mine] = field(default_factory=list)
    submitted: list[Mine] = field(default_factory=list)
    # Calls that did not take place, the latest first.
    off: list[Interview] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    managed_live: list[Managed] = field(default_factory=list)
    managed_ahead: list[Managed] = field(default_factory=list)
    to_mend: list[Managed] = field(default_factory=list)
    to_read: list[Managed] = field(default_factory=list)
    waiting: list[Managed] = field(default_factory=list)
    decided: list[Managed] = field(default_factory=list)
    bank: dict[str, int] = field(default_factory=dict)
    drafts: list[Question] = field(default_factory=list)
    people: dict[str, int] = field(default_factory=dict)
    exports: list[ExportRequest] = field(default_factory=list)
    notice_count: int = 0  # unread
    # Practice calls, the newest first, and the scripts for another one.
    practice: list[Interview] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)

    @property
    def most(self) -> str:
        """How many rows of a list are shown, as a slice."""
        return f":{ROWS_MAX}"

    @property
    def less(self) -> int:
        """For the number of rows that are not shown."""
        return -ROWS_MAX

    @property
    def overdue_count(self) -> int:
        return sum(mine.is_overdue for mine in self.unfinished)

    @property
    def due_today_count(self) -> int:
        return sum(mine.is_due_today for mine in self.unfinished)

    @property
    def has_panels(self) -> bool:
        return bool(self.next or self.live or self.unfinished or self.coming or self.missed or self.submitted)


def my_day(*, user: User, now: dt.datetime) -> MyDay:
    """Everything, most urgent first within each part. Lists are whole, so that counts are true;
    the page shows ROWS_MAX rows of each."""
    day = MyDay()
    interviews = _interviews(user, now)
    if user.is_interviewer:
        _add_practice(day, interviews)
    interviews = [interview for interview in interviews if not interview.opening.is_practice]
    day.off = [interview for interview in reversed(interviews) if interview.is_cancelled]
    interviews = [interview for interview in interviews if not interview.is_cancelled]
    _add_panels(day, user, interviews, now)
    if user.is_hiring_manager:
        _add_openings(day, user, interviews, now)
    if user.is_curator:
        drafts = Question.objects.filter(status=Question.Status.DRAFT).select_related("topic", "parent")
        day.drafts = list(drafts.order_by("-pk")[:DRAFTS_MAX])
    if user.is_administrator:
        day.people = User.objects.aggregate(
            unmanaged=Max(_count(Opening.objects.without_manager())),
            active=Count("pk", filter=Q(is_active=True)),
            invited=Count("pk", filter=Q(is_active=True, last_login=None)),
        )
    _add_counts(day, user)
    day.exports = list(ExportRequest.objects.visible_to(user).of_day(now - KEPT_FOR)[:EXPORTS_MAX])
    return day


def _add_practice(day: MyDay, interviews: list[Interview]) -> None:
    calls = [interview for interview in interviews if interview.opening.is_practice and not interview.is_cancelled]
    day.practice = sorted(calls, key=lambda interview: interview.created_at, reverse=True)
    day.scripts = list(Script.objects.usable())


def _interviews(user: User, now: dt.datetime) -> list[Interview]:
    """Interviews with the person on the panel, and those of their openings, in order of time. Two queries."""
    seats = Panelist.objects.with_access().filter(interview=OuterRef("pk"), user=user)
    places = Panelist.objects.filter(interview=OuterRef("pk"), user=user)
    status = Interview.Status
    recent = Q(status__in=[status.LIVE, status.SCHEDULED]) | Q(status=status.ENDED, ended_at__gt=now - RECENT)
    recent |= Q(status=status.CANCELLED, cancelled_at__gt=now - OFF_SHOWN) & ~Q(outcome="")
    owed = Q(Exists(seats.exclude(scorecard__submitted_at__isnull=False)), status=status.ENDED)
    # Only current and former panelists may be barred from knowing the decision.
    may_be_barred = Q(Exists(places))
    goes_on = Exists(Candidate.objects.still_open_to(user).filter(pk=OuterRef("candidate")))
    waits = Q(is_managed=True, status=status.ENDED, ended_at__gt=now - UNDECIDED, goes_on=True)
    undecided = waits & (Q(decided=None) | may_be_barred)
    found = (
        Interview.objects.with_outcome(user)
        .annotate(goes_on=goes_on)
        .filter((recent & (Q(Exists(seats)) | Q(is_managed=True))) | owed | undecided)
        .with_people()
        .prefetch_related("candidate__files")
        .in_order()
    )
    return [interview for interview in found if not _is_settled(interview, user, now)]


def _is_settled(interview: Interview, user: User, now: dt.datetime) -> bool:
    """Decided a while ago, with no scorecard owed. Never true if the debrief is closed to the reader: the row's
    disappearance would tell them that it was decided."""
    is_old = interview.is_ended and interview.ended_at is not None and interview.ended_at <= now - RECENT
    seat = _seat(interview, user)
    is_owed = seat is not None and not seat.has_submitted
    is_decided = getattr(interview, "decided", None) is not None
    return is_old and is_decided and not is_owed and listed_access(user, interview).barred is None


def _add_panels(day: MyDay, user: User, interviews: list[Interview], now: dt.datetime) -> None:
    seated = [(seat, interview) for interview in interviews if (seat := _seat(interview, user))]
    rated = Counter(
        Rating.objects.filter(panelist__in=[seat for seat, _ in seated], value__isnull=False).values_list(
            "panelist", flat=True
        )
    )
    for seat, interview in seated:
        if interview.is_ended and seat.is_waived:
            continue  # nobody waits for it; the list of interviews leads to it
        mine = Mine(interview, listed_access(user, interview), now, seat, rated[seat.pk])
        if not interview.is_ended or not mine.is_submitted or _is_recent(interview, now):
            _place(day, mine)
    day.unfinished.sort(key=lambda mine: mine.interview.ended_at or now)
    day.submitted.sort(key=lambda mine: mine.interview.ended_at or now, reverse=True)


def _seat(interview: Interview, user: User) -> Panelist | None:
    return next((seat for seat in interview.panelists.all() if seat.user_id == user.pk and seat.has_access), None)


def _is_recent(interview: Interview, now: dt.datetime) -> bool:
    return interview.ended_at is not None and interview.ended_at > now - RECENT


def _place(day: MyDay, mine: Mine) -> None:
    """Call it in order of time."""
    if mine.interview.is_live:
        day.live.append(mine)
    elif mine.interview.is_ended:
        (day.submitted if mine.is_submitted else day.unfinished).append(mine)
    elif mine.is_stale:
        day.missed.append(mine)
    elif day.next is None:
        day.next = mine
    else:
        day.coming.append(mine)


def _add_openings(day: MyDay, user: User, interviews: list[Interview], now: dt.datetime) -> None:
    day.openings = list(Opening.objects.visible_to(user).current().for_list(now)[:ROWS_MAX])
    for interview in interviews:
        # The person's own upcoming panels are listed above already.
        if interview.is_managed and (interview.is_ended or not _seat(interview, user)):
            _place_managed(day, Managed(interview, listed_access(user, interview), now))
    for rows in (day.to_read, day.waiting, day.decided):
        rows.reverse()


def _place_managed(day: MyDay, managed: Managed) -> None:
    if managed.interview.is_live and not managed.is_left_open and not managed.interview.nobody_leads:
        day.managed_live.append(managed)
    elif managed.interview.is_ended:
        if managed.decided:
            day.decided.append(managed)
        elif getattr(managed.interview, "goes_on", True):
            (day.to_read if managed.has_debrief or not managed.waiting_for else day.waiting).append(managed)
    elif managed.concern:
        day.to_mend.append(managed)
    else:
        day.managed_ahead.append(managed)


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows, as a part of another query."""
    grouped = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(grouped), 0)


def _add_counts(day: MyDay, user: User) -> None:
    """The person's unread notices and what their roles count, in one query."""
    counts = {"unread": _count(Notice.objects.visible_to(user).unread().filter(is_on_page=True))}
    bank = [*Question.Status.values, "scripts"] if user.is_curator else []
    if bank:
        counts |= {status: _count(Question.objects.filter(status=status)) for status in Question.Status.values}
        counts["scripts"] = _count(Script.objects.current())
    if user.is_administrator:
        counts["unsent"] = _count(Mail.objects.given_up())
    found = User.objects.filter(pk=user.pk).values(**counts).get()
    day.notice_count = found["unread"]
    day.bank = {name: found[name] for name in bank}
    if user.is_administrator:
        day.people["unsent"] = found["unsent"]
