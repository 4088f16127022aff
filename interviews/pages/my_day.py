"""The data of My day: everything that waits for one person. The number of queries is constant."""

import datetime as dt
from bisect import insort
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from django.db.models import Count, QuerySet, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Coalesce

from accounts.models import User
from interviews.models import ExportRequest, Interview, Notice, Opening, Panelist, Rating
from interviews.models.exports import KEPT_FOR
from interviews.models.interviews import current_panel
from interviews.pages import day_places as places
from interviews.pages.day_places import ROWS_MAX, Part, parts_of
from interviews.pages.day_rows import Managed, Mine
from interviews.streams.prepared import Prepared
from mail.models import Mail
from question_bank.models import Question, Script, Suggestion

DRAFTS_MAX = EXPORTS_MAX = 5
# What curators and administrators find counted, in this order.
BANK = (*Question.Status.values, "scripts", "suggestions")
PEOPLE = ("active", "invited", "unmanaged", "unsent")

Row = TypeVar("Row")


class Rows(list[Row]):
    """The first rows of a part of My day; `total` counts the others too."""

    def __init__(self, rows: Iterable[Row] = (), total: int = 0) -> None:
        super().__init__(rows)
        self.total = total

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self)


@dataclass
class MyDay:
    next: Mine | None = None
    live: Rows[Mine] = field(default_factory=Rows)
    unfinished: Rows[Mine] = field(default_factory=Rows)
    coming: Rows[Mine] = field(default_factory=Rows)
    missed: Rows[Mine] = field(default_factory=Rows)
    submitted: Rows[Mine] = field(default_factory=Rows)
    overdue_count: int = 0
    due_today_count: int = 0
    # Calls that did not take place, the latest first.
    off: Rows[Interview] = field(default_factory=Rows)
    openings: list[Opening] = field(default_factory=list)
    managed_live: Rows[Managed] = field(default_factory=Rows)
    managed_ahead: Rows[Managed] = field(default_factory=Rows)
    to_mend: Rows[Managed] = field(default_factory=Rows)
    to_read: Rows[Managed] = field(default_factory=Rows)
    waiting: Rows[Managed] = field(default_factory=Rows)
    decided: Rows[Managed] = field(default_factory=Rows)
    bank: dict[str, int] = field(default_factory=dict)
    drafts: list[Question] = field(default_factory=list)
    people: dict[str, int] = field(default_factory=dict)
    exports: list[ExportRequest] = field(default_factory=list)
    notice_count: int = 0  # unread
    # Practice calls, the newest first, and the scripts for another one.
    practice: Rows[Interview] = field(default_factory=Rows)
    scripts: list[Script] = field(default_factory=list)

    @property
    def has_panels(self) -> bool:
        return bool(self.next or self.live or self.unfinished or self.coming or self.missed or self.submitted)


def my_day(*, user: User, now: dt.datetime) -> MyDay:
    """Everything, most urgent first within each part: ROWS_MAX rows of each, with true counts."""
    day = MyDay()
    parts = parts_of(user=user, now=now)
    found = _read(user, parts)
    day.off = _rows(parts, found, places.OFF)
    if user.is_interviewer or user.is_curator:
        day.practice = _rows(parts, found, places.PRACTICE)
        day.scripts = list(Script.objects.usable())
    _add_panels(day, user, parts, found, now)
    if user.is_hiring_manager:
        day.openings = _openings(user=user.pk, now=now)
        _add_managed(day, parts, found, now)
    if user.is_curator:
        drafts = Question.objects.filter(status=Question.Status.DRAFT).select_related("topic", "parent")
        day.drafts = list(drafts.order_by("-pk")[:DRAFTS_MAX])
    _add_counts(day, user)
    day.exports = _exports(user=user.pk, since=now - KEPT_FOR)
    return day


@Prepared
def _openings(*, user: Any, now: Any) -> QuerySet[Opening]:
    return Opening.objects.visible_to(user).current().for_list(now)[:ROWS_MAX]


@Prepared
def _exports(*, user: Any, since: Any) -> QuerySet[ExportRequest]:
    return ExportRequest.objects.visible_to(user).of_day(since)[:EXPORTS_MAX]


def _read(user: User, parts: dict[str, Part]) -> dict[int, Interview]:
    """The interviews that are shown."""
    shown = [pk for part in parts.values() for pk in part.pks]
    found = _interviews(pks=shown, user=user.pk) if shown else []
    prefetch_related_objects(found, current_panel(), "candidate__files")
    return {one.pk: one for one in found}


@Prepared
def _interviews(*, pks: Any, user: Any) -> QuerySet[Interview]:
    found = Interview.objects.filter(pk__in=pks).with_outcome(user).knowing_debrief(user)
    return found.select_related("candidate", "opening", "stage", "early_debrief", "dismissed")


def _rows(parts: dict[str, Part], found: dict[int, Interview], place: str) -> Rows[Interview]:
    part = parts[place]
    # One that was deleted between the two queries is not there.
    return Rows([found[pk] for pk in part.pks[:ROWS_MAX] if pk in found], part.total)


def _add_panels(day: MyDay, user: User, parts: dict[str, Part], found: dict[int, Interview], now: dt.datetime) -> None:
    unfinished = parts[places.UNFINISHED]
    seats = {pk: seat for pk, interview in found.items() if (seat := _seat(interview, user))}
    rating = Rating.objects.filter(panelist__in=[seats[pk] for pk in unfinished.pks if pk in seats])
    rated = Counter(rating.filter(value__isnull=False).values_list("panelist", flat=True))
    for place in places.OF_A_PANEL:
        part = parts[place]
        shown = [Mine(found[pk], now, seats[pk], rated[seats[pk].pk]) for pk in part.pks if pk in seats]
        setattr(day, place, Rows(shown, part.total))
    day.overdue_count, day.due_today_count = unfinished.overdue, unfinished.due_today
    if day.coming:
        day.next = day.coming.pop(0)
        day.coming.total -= 1


def _seat(interview: Interview, user: User) -> Panelist | None:
    return next((seat for seat in interview.panelists.all() if seat.user_id == user.pk and seat.has_access), None)


def _add_managed(day: MyDay, parts: dict[str, Part], found: dict[int, Interview], now: dt.datetime) -> None:
    for place in places.OF_OPENINGS:
        rows = _rows(parts, found, place)
        setattr(day, place, Rows([Managed(interview, now) for interview in rows], rows.total))
    for pk in parts[places.UNSURE].pks:
        if pk in found:
            _place(day, Managed(found[pk], now))


def _place(day: MyDay, managed: Managed) -> None:
    """Add a live call, or a planned one with a dismissed warning, where it belongs by time."""
    if managed.interview.is_live and not managed.is_left_open and not managed.interview.nobody_leads:
        rows = day.managed_live
    else:
        rows = day.to_mend if managed.concern else day.managed_ahead
    insort(rows, managed, key=lambda one: (one.interview.scheduled_for, one.interview.pk))
    rows.total += 1
    if rows is not day.managed_live:
        del rows[ROWS_MAX:]


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows, as a part of another query."""
    grouped = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(grouped), 0)


def _add_counts(day: MyDay, user: User) -> None:
    """The person's unread notices and what their roles count, in one query."""
    [(day.notice_count, *counts)] = _counts(bank=user.is_curator, people=user.is_administrator)(user=user.pk)
    found = iter(counts)
    day.bank = {name: next(found) for name in (BANK if user.is_curator else ())}
    day.people = {name: next(found) for name in (PEOPLE if user.is_administrator else ())}


@cache
def _counts(*, bank: bool, people: bool) -> Prepared[Any]:
    """What counts notices and, for curators, BANK, and, for administrators, PEOPLE."""

    def counts(user: Any) -> QuerySet[User, Any]:
        found: list[QuerySet[Any]] = [Notice.objects.visible_to(user).unread().filter(is_on_page=True)]
        if bank:
            found += [Question.objects.filter(status=status) for status in Question.Status.values]
            found += [Script.objects.current(), Suggestion.objects.open()]
        if people:
            active = User.objects.filter(is_active=True)
            found += [
                active,
                active.filter(last_login=None),
                Opening.objects.without_manager(),
                Mail.objects.given_up(),
            ]
        counted: QuerySet[User, Any] = User.objects.filter(pk=user).values_list(*map(_count, found))
        return counted

    return Prepared(counts)
