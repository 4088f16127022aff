"""Warnings about a plan before it is saved: conflicts, odd hours, panels of one or of many."""

import datetime as dt
import hashlib
import zoneinfo
from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.utils import timezone
from django.utils.text import get_text_list

from accounts.models import User
from accounts.time_zones import place_of
from interviews.models import Candidate, Interview, Panelist, ScriptedQuestion

PANEL_MAX_KIND = 5  # a larger panel is hard on a candidate
WORK_STARTS, WORK_ENDS = dt.time(7), dt.time(20)
WEEKEND = (5, 6)


class Unchecked(Exception):
    """The plan has warnings that its planner has not seen yet. Nothing was saved."""

    def __init__(self, found: Sequence[str]) -> None:
        super().__init__()
        self.found = list(found)

    @property
    def seal(self) -> str:
        """The form sends this once its planner has read the warnings."""
        return seal(self.found)


def seal(found: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(found).encode()).hexdigest()[:32]


def require_checked(found: Sequence[str], *, checked: str) -> None:
    """Raises Unchecked unless `checked` is the seal of these warnings. Call it in the transaction of the change."""
    if found and checked != seal(found):
        raise Unchecked(found)


def concerns(*, interview: Interview, by: User, at: dt.datetime) -> list[str]:
    """Warnings about a plan, as sentences for `by`. They do not block it.

    For an interview that `by` may not see, a warning names only the busy time. Times are in the active time zone."""
    seats = list(Panelist.objects.current().filter(interview=interview).knowing_access())
    found = _about_time(interview, seats, at=at) if interview.is_scheduled else []
    found += [_candidate_clash(other) for other in _same_candidate(interview, by=by)]
    clashes = _clashes(interview, people=[seat.user_id for seat in seats])
    theirs = Interview.objects.visible_to(by).filter(pk__in=[seat.interview_id for seat in clashes])
    visible = set(theirs.values_list("pk", flat=True))
    found += [_clash(seat, is_visible=seat.interview_id in visible) for seat in clashes]
    found += [
        f"{seat.user} no longer has access{', so there is no lead' if seat.is_lead else ''}. Choose someone else."
        for seat in seats
        if not seat.has_access
    ]
    if interview.sections.exclude(asker=None).exists():
        free = interview.sections.filter(asker=None, is_for_candidate=False).values_list("title", flat=True)
        found += [f"No one is assigned to ask: {', '.join(free)}. Choose who asks what on this page."] if free else []
    if interview.is_scheduled and sum(not seat.is_shadow and seat.has_access for seat in seats) == 1:
        found.append("Only one interviewer is on the panel. With two, the debrief has a second view.")
    found += _topics_left_out(interview)
    if len(seats) > PANEL_MAX_KIND:
        found.append(f"{len(seats)} panelists is a lot for one candidate. Five or fewer is kinder.")
    return found


def _about_time(interview: Interview, seats: Sequence[Panelist], *, at: dt.datetime) -> list[str]:
    found = []
    if interview.scheduled_for < at:
        found.append("The time is in the past.")
    local = interview.local_start
    if local.weekday() in WEEKEND:
        found.append(f"{local.day} {local:%B} is a {local:%A}.")
    if _is_night(interview, interview.time_zone):
        found.append(f"{_hours(interview, interview.time_zone)} is outside working hours.")
    for seat in seats:
        zone = seat.user.time_zone
        if seat.user.zone and zone != interview.time_zone and _is_night(interview, zone):
            found.append(f"For {seat.user}, that is {_hours(interview, zone)}.")
    return found


def _topics_left_out(interview: Interview) -> Iterator[str]:
    """Topics that the opening looks for, and that none of the candidate's interviews asks about. Two queries."""
    wanted = [topic for topic in interview.opening.wanted_topics if not topic.is_retired]
    if not wanted:
        return
    theirs = Interview.objects.filter(candidate=interview.candidate_id).exclude(status=Interview.Status.CANCELLED)
    asked = ScriptedQuestion.objects.present().filter(interview__in=theirs)
    covered = set(asked.values_list("source__topic", flat=True))
    if left := [str(topic) for topic in wanted if topic.pk not in covered]:
        topics = get_text_list(left, "or")
        yield f"None of {interview.candidate}’s interviews has a question on {topics}, which the opening should cover."


def _is_night(interview: Interview, zone: str) -> bool:
    """Whether part of it is before WORK_STARTS or after WORK_ENDS there."""
    start, end = (moment.astimezone(zoneinfo.ZoneInfo(zone)) for moment in (interview.scheduled_for, interview.ends_at))
    return start.time() < WORK_STARTS or end.time() > WORK_ENDS or start.date() != end.date()


def _hours(interview: Interview, zone: str) -> str:
    """ "03:00 to 04:00 (New York)" """
    start, end = (moment.astimezone(zoneinfo.ZoneInfo(zone)) for moment in (interview.scheduled_for, interview.ends_at))
    return f"{start:%H:%M} to {end:%H:%M} ({place_of(zone)})"


def _clashes(interview: Interview, *, people: Sequence[int]) -> list[Panelist]:
    """Panelists of other interviews that overlap with this one, for these people."""
    near = (
        Panelist.objects.real()
        .current()
        .filter(_near(interview, "interview__"), user__in=people)
        .exclude(interview=interview)
        .select_related("user", "interview__candidate")
        .order_by("interview__scheduled_for", "user__name")
    )
    return [seat for seat in near if seat.interview.ends_at > interview.scheduled_for]


def _near(interview: Interview, path: str = "") -> Q:
    """Interviews ahead or live that may overlap with this one; `path` leads to them."""
    return Q(
        **{
            f"{path}status__in": [Interview.Status.SCHEDULED, Interview.Status.LIVE],
            f"{path}scheduled_for__lt": interview.ends_at,
            # No interview is longer than MINUTES_MAX, so one that starts earlier cannot overlap.
            f"{path}scheduled_for__gt": interview.scheduled_for - dt.timedelta(minutes=Interview.MINUTES_MAX),
        }
    )


def _same_candidate(interview: Interview, *, by: User) -> list[Interview]:
    """Overlapping interviews of the same candidate, or of the same email in another opening, that `by` may see."""
    same = Candidate.objects.visible_to(by).same_person(interview.candidate).values("pk")
    theirs = Q(candidate=interview.candidate_id) | Q(candidate__in=same)
    near = Interview.objects.visible_to(by).filter(_near(interview), theirs)
    near = near.exclude(pk=interview.pk).select_related("candidate").order_by("scheduled_for")
    return [other for other in near if other.ends_at > interview.scheduled_for]


def _candidate_clash(other: Interview) -> str:
    """ "Ada Okafor has another interview 14:00 to 15:00 (Malta)." """
    return f"{other.candidate} has another interview {_span(other)}."


def _span(interview: Interview) -> str:
    return _hours(interview, timezone.get_current_timezone_name())


def _clash(seat: Panelist, *, is_visible: bool) -> str:
    """ "Mira Rahman is busy 14:00 to 15:00 (Malta)." """
    time = _span(seat.interview)
    if not is_visible:
        return f"{seat.user} is busy {time}."
    return f"{seat.user} is busy {time}: interview with {seat.interview.candidate}."
