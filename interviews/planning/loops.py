"""Several interviews of a candidate planned at once (a loop), also after the plan of another candidate."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Case, Count, Exists, OuterRef, Q, When

from accounts.models import User
from interviews.models import Candidate, Interview
from interviews.planning.concerns import concerns, require_checked
from interviews.planning.plan_merging import Plan
from interviews.planning.scheduling import schedule_interview

ROUNDS, ROUNDS_MAX = 3, 8
SOURCES_MAX = 8


def sources_for(candidate: Candidate) -> list[Candidate]:
    """Other candidates of the opening whose plan can be copied, the newest first, each with `round_count`."""
    planned = Count("interviews", filter=~Q(interviews__status=Interview.Status.CANCELLED))
    others = Candidate.objects.filter(opening=candidate.opening_id).exclude(pk=candidate.pk)
    return list(others.annotate(round_count=planned).filter(round_count__gt=0).order_by("-pk")[:SOURCES_MAX])


def plans_of(source: Candidate) -> list[Plan]:
    """The plans of a candidate's interviews in order of time, without cancelled ones."""
    found = source.interviews.exclude(status=Interview.Status.CANCELLED).select_related("script").in_order()
    return [Plan.of(interview) for interview in found[:ROUNDS_MAX]]


def next_unplanned(candidate: Candidate, *, by: User) -> Candidate | None:
    """The next candidate of the opening, which `by` manages, of whom nothing is planned and nothing took place."""
    planned = Interview.objects.filter(candidate=OuterRef("pk")).exclude(status=Interview.Status.CANCELLED)
    others = Candidate.objects.still_open_to(by).filter(opening=candidate.opening_id).exclude(pk=candidate.pk)
    # Those added after this one first.
    is_later = Case(When(pk__gt=candidate.pk, then=0), default=1)
    return others.filter(~Exists(planned)).order_by(is_later, "pk").first()


@transaction.atomic
def schedule_loop(
    *, candidate: Candidate, plans: Sequence[Plan], by: User, at: dt.datetime, checked: str
) -> list[Interview]:
    """Schedule all of them, or none. Raises Unchecked with the warnings of all that `by` has not read, and what
    `schedule_interview` raises."""
    interviews = [schedule_interview(candidate=candidate, plan=plan, at=at, by=by) for plan in plans]
    found = [words for interview in interviews for words in concerns(interview=interview, by=by, at=at)]
    require_checked(list(dict.fromkeys(found)), checked=checked)
    return interviews
