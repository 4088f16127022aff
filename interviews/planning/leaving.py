"""Managers of openings, and what depends on a person whose role or access is removed.

Every opening keeps a manager: removing the last one requires a successor in the same step."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts import people
from accounts.models import User
from accounts.roles import Role
from audit.models import Act, AuditEntry
from interviews.models import CandidateFile, Interview, Opening, Panelist
from interviews.planning.scheduling import may_interview
from interviews.planning.stale_entries import mark_stale
from interviews.refusals import Invalid, NotAllowed
from interviews.streams.events import append_event
from interviews.streams.payloads import plan_of
from mail import outbox

# How long the page of a call that is over may stay open.
STAYS_OPEN = dt.timedelta(days=7)
NOBODY_MANAGES = "This opening needs a manager. Name another hiring manager first."


class SuccessorWanted(Invalid):
    """These openings would be left without a hiring manager."""

    def __init__(self, openings: list[Opening]) -> None:
        super().__init__("Choose a new manager for these openings.")
        self.openings = openings


class NobodyManages(Invalid):
    """An opening needs an active hiring manager."""


class NotAManager(Invalid):
    """Only an active hiring manager can manage an opening."""


@dataclass(frozen=True)
class Hanging:
    """What depends on a person, as far as an administrator may know: no candidates, no scorecards."""

    openings: list[Opening]  # which they alone manage
    shared_count: int  # openings that others manage as well
    leads: list[Interview]  # planned or live
    sits: list[Interview]
    owes: list[Interview]  # ended, without their scorecard
    file_count: int  # candidates' files that they added
    is_last_curator: bool

    def __bool__(self) -> bool:
        work = self.openings or self.shared_count or self.leads or self.sits or self.owes
        return bool(work or self.file_count or self.is_last_curator)


def hanging_on(person: User) -> Hanging:
    """A constant number of queries."""
    alone = list(Opening.objects.managed_only_by(person).order_by("title", "pk"))
    managed = Opening.objects.managed_by(person).count()
    seats = list(
        Panelist.objects.real()
        .current()
        .filter(user=person)
        .exclude(interview__status=Interview.Status.CANCELLED)
        .select_related("interview__opening", "scorecard")
        .order_by("interview__scheduled_for", "pk")
    )
    ahead = [seat for seat in seats if not seat.interview.is_ended]
    return Hanging(
        openings=alone,
        shared_count=managed - len(alone),
        leads=[seat.interview for seat in ahead if seat.is_lead],
        sits=[seat.interview for seat in ahead if not seat.is_lead],
        owes=[
            seat.interview
            for seat in seats
            if seat.interview.is_ended and not seat.is_shadow and not seat.has_submitted
        ],
        file_count=CandidateFile.objects.filter(added_by=person).count(),
        is_last_curator=set(User.objects.with_role(Role.CURATOR).values_list("pk", flat=True)) == {person.pk},
    )


def may_manage(person: User) -> bool:
    return person.is_active and person.is_hiring_manager


@transaction.atomic
def change_person(
    *, person: User, roles: Collection[str], successors: Mapping[int, User], by: User, at: dt.datetime
) -> None:
    """Save the person like `accounts.people.change_person`; a person who stops managing is replaced in the same step.

    `successors` maps an opening's key to its new manager. Raises SuccessorWanted, and what `people.change_person`
    raises; then nothing was changed."""
    people.hold_roles()
    before = User.objects.get(pk=person.pk)
    had_access = may_interview(before)
    alone = list(Opening.objects.managed_only_by(person))
    if not (person.is_active and Role.HIRING_MANAGER in roles):
        without = [opening for opening in alone if not _is_successor(successors.get(opening.pk), person)]
        if without:
            raise SuccessorWanted(without)
        for opening in alone:
            _add_manager(opening, successors[opening.pk], by=by, at=at)
            opening.managers.remove(person)
    people.change_person(person=person, roles=roles, by=by, at=at)
    after = User.objects.get(pk=person.pk)
    if had_access != may_interview(after):
        _tell_panels(person, by=by, at=at)
    if may_manage(before) != may_manage(after):
        mark_stale(Interview.objects.filter(opening__managers=person))


def _is_successor(successor: User | None, person: User) -> bool:
    return successor is not None and successor != person and may_manage(successor)


def _tell_panels(person: User, *, by: User, at: dt.datetime) -> None:
    """Update the panel on the live pages of their interviews. Those of a call that is over are open for some time, and
    it may be reopened or restored."""
    ahead = Q(interview__status__in=[Interview.Status.SCHEDULED, Interview.Status.LIVE])
    lately = Q(interview__ended_at__gt=at - STAYS_OPEN) | Q(interview__cancelled_at__gt=at - STAYS_OPEN)
    for seat in Panelist.objects.current().filter(ahead | lately, user=person).order_by("interview"):
        Panelist.objects.lock(seat.interview_id)
        interview = Interview.objects.select_for_update(no_key=True).get(pk=seat.interview_id)
        append_event(owner=interview, kind="panel", payload=plan_of(interview), actor=by, at=at)


@transaction.atomic
def set_managers(*, opening: Opening, managers: Collection[User]) -> None:
    """Set the managers of an opening. Raises NobodyManages if none of them may manage it."""
    people.hold_roles()
    if not any(may_manage(manager) for manager in User.objects.filter(pk__in=[one.pk for one in managers])):
        raise NobodyManages(NOBODY_MANAGES)
    opening.managers.set(managers)
    mark_stale(opening.interviews.all())


@transaction.atomic
def name_manager(*, opening: Opening, person: User, by: User, at: dt.datetime) -> None:
    """Add a manager to an opening, as an administrator, who need not see the opening.

    Raises NotAManager, and NotAllowed for administrators who name themselves while the opening has a manager: that
    would give them every scorecard."""
    people.hold_roles()
    if not may_manage(User.objects.get(pk=person.pk)):
        raise NotAManager("Choose an active hiring manager.")
    if person == by and not Opening.objects.without_manager().filter(pk=opening.pk).exists():
        raise NotAllowed("This opening has a manager. Ask them, or another administrator, to add you.")
    _add_manager(opening, person, by=by, at=at)


def _add_manager(opening: Opening, person: User, *, by: User, at: dt.datetime) -> None:
    """Add a manager, and email all managers of the opening, including the new one."""
    opening.managers.add(person)
    mark_stale(opening.interviews.all())
    AuditEntry.objects.record(Act.MANAGER_NAMED, at=at, by=by, person=person, about=opening.title)
    if outbox.is_sent():
        for manager in opening.managers.with_role(Role.HIRING_MANAGER):
            context = {"opening": opening, "manager": person, "by": by}
            outbox.send(kind="manager_named", to=manager, at=at, context=context)
