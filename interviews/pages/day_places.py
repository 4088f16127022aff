"""Where interviews appear on My day. The database decides; of those that are only counted, it returns key, place and
times.

Window functions that cut each place in the database took 20 times as long: each evaluates the place again. The query is
written once in a process (ADR 19): written each time, it was half of the page."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import User
from interviews.models import Candidate, Decision, Interview, Opening, Panelist
from interviews.models.panelists import DUE_AFTER
from interviews.pages.day_rows import ALONE, PATIENCE
from interviews.streams.prepared import Prepared

# Older interviews are listed under Interviews only.
RECENT = dt.timedelta(days=14)
# Interviews without a decision stay longer.
UNDECIDED = dt.timedelta(days=60)
# How long My day shows a call that did not take place.
OFF_SHOWN = dt.timedelta(days=7)
ROWS_MAX = 10

Status = Interview.Status
# Interviews with the person on the panel.
LIVE, MISSED, COMING, UNFINISHED, SUBMITTED = OF_A_PANEL = ("live", "missed", "coming", "unfinished", "submitted")
PRACTICE = "practice"
# Interviews of the person's openings.
TO_MEND, AHEAD, TO_READ, WAITING, DECIDED = OF_OPENINGS = ("to_mend", "managed_ahead", "to_read", "waiting", "decided")
# Calls that did not take place.
OFF = "off"
# The row knows its place: live calls, and planned ones with a dismissed warning that names people. They are few.
UNSURE = "unsure"
WHOLE = (LIVE, UNSURE)
LATEST_FIRST = (SUBMITTED, PRACTICE, TO_READ, WAITING, DECIDED, OFF)


@dataclass
class Part:
    """The first interviews of a place, and how many there are."""

    pks: list[int] = field(default_factory=list)
    total: int = 0
    # Of those: their scorecards are overdue, or due today.
    overdue: int = 0
    due_today: int = 0


def parts_of(*, user: User, now: dt.datetime) -> dict[str, Part]:
    """Each place with its first ROWS_MAX interviews, one more of those that are coming. One query."""
    parts: dict[str, Part] = defaultdict(Part)
    until, later = (edge - DUE_AFTER for edge in (now, _midnight(now)))
    placed: dict[str, list[tuple[dt.datetime, int]]] = defaultdict(list)
    since = {"patient": now - PATIENCE, "recent": now - RECENT, "undecided": now - UNDECIDED, "off": now - OFF_SHOWN}
    for pk, *times, own, managed in _placed(user=user.pk, **since):
        for place in filter(None, (own, managed)):
            placed[place].append((_time(place, *times), pk))
    for place, found in placed.items():
        found.sort(reverse=place in LATEST_FIRST)
        most = None if place in WHOLE else ROWS_MAX + (place == COMING)
        overdue, today = sum(at < until for at, _ in found), sum(until <= at < later for at, _ in found)
        parts[place] = Part([pk for _, pk in found[:most]], len(found), overdue, today)
    return parts


def _time(place: str, scheduled_for: dt.datetime, ended_at: dt.datetime | None, created_at: dt.datetime) -> dt.datetime:
    """The time by which a place is sorted."""
    if place in (UNFINISHED, SUBMITTED):
        return ended_at or scheduled_for
    return created_at if place == PRACTICE else scheduled_for


def _midnight(now: dt.datetime) -> dt.datetime:
    """When tomorrow begins in the reader's time zone."""
    local = timezone.localtime(now)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)


@Prepared
def _placed(*, user: Any, patient: Any, recent: Any, undecided: Any, off: Any) -> QuerySet[Interview, Any]:
    """The person's interviews, and those of their openings, with the place of each; "" for none. The times are how long
    each place looks back."""
    managed = Q(opening__in=Opening.objects.managed_by(user).values("pk"))
    # From the person's few places, not from the many interviews that have ended.
    seats = Panelist.objects.with_access().filter(user=user)
    is_old = Q(interview__status=Status.ENDED, interview__ended_at__lte=recent)
    own = seats.exclude(is_old, scorecard__submitted_at__isnull=False)
    ahead = Q(status__in=[Status.LIVE, Status.SCHEDULED])
    lately = Q(status=Status.ENDED, ended_at__gt=undecided)
    # Each state on its own, so that an index leads to it, not to all interviews that these openings ever had.
    theirs = Interview.objects.filter((managed & ahead) | (managed & lately) | (managed & _off(off))).order_by()
    seat = seats.filter(interview=OuterRef("pk"))
    placed: QuerySet[Interview, Any] = (
        Interview.objects.filter(Q(pk__in=own.values("interview")) | Q(pk__in=theirs.values("pk")))
        .alias(
            is_seated=Exists(seat),
            has_submitted=Exists(seat.filter(scorecard__submitted_at__isnull=False)),
            is_waived=Exists(seat.counting().exclude(waived_at=None)),
            manages=Exists(Opening.objects.managed_by(user).filter(pk=OuterRef("opening"))),
            **_panel(user),
        )
        .order_by()
        .values_list(
            "pk",
            "scheduled_for",
            "ended_at",
            "created_at",
            _own_place(patient, recent),
            _managed_place(patient, recent, undecided, off),
        )
    )
    return placed


def _off(since: Any) -> Q:
    return Q(status=Status.CANCELLED, cancelled_at__gt=since) & ~Q(outcome="")


def _panel(user: Any) -> dict[str, Any]:
    """The state of panel and debrief; whether the candidate goes on, as far as `user` may know."""
    panel = Panelist.objects.filter(interview=OuterRef("pk"))
    able, part = panel.with_access(), Panelist.Part
    gone = panel.current().exclude(Exists(Panelist.objects.with_access().filter(pk=OuterRef("pk"))))
    return {
        "has_lead": Exists(able.filter(part=part.LEAD)),
        "has_second": Exists(able.filter(part=part.INTERVIEWER)),
        "has_gone": Exists(gone),
        "is_open": Exists(Interview.objects.debrief_open_to(user).filter(pk=OuterRef("pk"))),
        "is_awaited": Exists(panel.awaited()),
        "is_decided": Exists(Decision.objects.filter(interview=OuterRef("pk"))),
        "goes_on": Exists(Candidate.objects.still_open_to(user).filter(pk=OuterRef("candidate"))),
    }


def _place(*cases: tuple[Q, str]) -> Case:
    """The first place whose condition holds; "" if none does."""
    whens = [When(condition, then=Value(place)) for condition, place in cases]
    return Case(*whens, default=Value(""), output_field=CharField())


def _own_place(patient: Any, recent: Any) -> Case:
    seated = Q(is_seated=True)
    ended = seated & Q(status=Status.ENDED)
    planned = seated & Q(status=Status.SCHEDULED)
    return _place(
        (seated & Q(opening__is_practice=True) & ~Q(status=Status.CANCELLED), PRACTICE),
        (Q(opening__is_practice=True), ""),
        (seated & Q(status=Status.LIVE), LIVE),
        (planned & Q(scheduled_for__lt=patient), MISSED),
        (planned, COMING),
        (ended & Q(has_submitted=True, ended_at__gt=recent), SUBMITTED),
        # Nobody waits for a waived one; the list of interviews leads to it.
        (ended & Q(has_submitted=False, is_waived=False), UNFINISHED),
    )


def _managed_place(patient: Any, recent: Any, undecided: Any, off: Any) -> Case:
    """A decision that the reader may not know changes nothing: a row that disappears would tell it."""
    managed = Q(manages=True)
    ended = managed & Q(status=Status.ENDED)
    knows = Q(is_decided=True, is_open=True)
    # The person's own upcoming panels are listed already.
    ahead = managed & Q(is_seated=False)
    planned = ahead & Q(status=Status.SCHEDULED)
    return _place(
        (_off(off) & Q(opening__is_practice=False), OFF),
        (ended & Q(ended_at__lte=undecided), ""),
        (ended & Q(ended_at__gt=recent) & knows, DECIDED),
        (ended & (Q(goes_on=False) | knows), ""),
        (ended & (Q(is_awaited=False) | Q(is_open=True)), TO_READ),
        (ended, WAITING),
        (ahead & Q(status=Status.LIVE), UNSURE),
        (planned & Q(has_lead=True, has_gone=True) & ~Q(dismissed=None) & ~Q(dismissed__words=ALONE), UNSURE),
        (planned & _concern(patient), TO_MEND),
        (planned, AHEAD),
    )


def _concern(patient: Any) -> Q:
    """Whether a planned interview has a warning that was not dismissed: `Managed.concern`."""
    is_alone = Q(has_second=False) & ~Q(dismissed__words=ALONE)
    return Q(has_lead=False) | Q(has_gone=True) | Q(scheduled_for__lt=patient) | is_alone
