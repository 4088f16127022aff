"""The data of My day: everything that waits for one person. The number of queries is constant."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from interviews.access import listed_access
from interviews.models import (
    Candidate,
    ExportRequest,
    Interview,
    Notice,
    Opening,
    Panelist,
    Rating,
)
from interviews.models.exports import KEPT_FOR
from interviews.pages.day_rows import Managed, Mine
from mail.models import Mail
from question_bank.models import Question, Script, Suggestion

# Older interviews are listed under Interviews only.
RECENT = dt.timedelta(days=14)
# Interviews without a decision stay longer.
UNDECIDED = dt.timedelta(days=60)
# How long My day shows a call that did not take place.
OFF_SHOWN = dt.timedelta(days=7)
ROWS_MAX = 10
DRAFTS_MAX = EXPORTS_MAX = 5


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
    # From the person's few places, not from the many interviews that have ended.
    owing = Panelist.objects.with_access().filter(user=user, interview__status=status.ENDED)
    owed = Q(pk__in=owing.exclude(scorecard__submitted_at__isnull=False).values("interview"))
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
        .select_related("dismissed")
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
    bank = [*Question.Status.values, "scripts", "suggestions"] if user.is_curator else []
    if bank:
        counts |= {status: _count(Question.objects.filter(status=status)) for status in Question.Status.values}
        counts["scripts"] = _count(Script.objects.current())
        counts["suggestions"] = _count(Suggestion.objects.open())
    if user.is_administrator:
        counts["unsent"] = _count(Mail.objects.given_up())
    found = User.objects.filter(pk=user.pk).values(**counts).get()
    day.notice_count = found["unread"]
    day.bank = {name: found[name] for name in bank}
    if user.is_administrator:
        day.people["unsent"] = found["unsent"]
