"""Invites people and changes their roles and access. Each act is recorded (`audit`)."""

import datetime as dt
from collections.abc import Collection
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from audit.models import Act, AuditEntry
from mail import outbox

# How long each sign-in shows what administrators did with the account. Not only once: a wrong person who used the link
# would be the one to see it.
TOLD_FOR = dt.timedelta(days=14)
TOLD_ABOUT = {
    Act.LINK_HANDED_OVER: "created a link to set your password",
    Act.ADDRESS_CHANGED: "changed your email address",
    Act.ACCESS_GIVEN: "restored your access",
}


class LastAdministrator(Exception):
    """No active administrator would remain."""


class OwnDeactivation(Exception):
    """Administrators cannot deactivate themselves."""


@transaction.atomic
def invite(*, name: str, email: str, roles: Collection[str], by: User, at: dt.datetime) -> User:
    """Create a person without a password; `invitations.issue_link` lets them set one."""
    person = User.objects.create_user(email, name=name, roles=tuple(Role(role) for role in roles))
    AuditEntry.objects.record(
        Act.PERSON_INVITED, at=at, by=by, person=person, email=person.email, roles=person.role_list
    )
    return person


def hold_roles() -> None:
    """Lock all roles until the transaction ends, so that two administrators cannot remove the last one together."""
    list(Group.objects.select_for_update().order_by("pk"))


@transaction.atomic
def change_person(*, person: User, roles: Collection[str], by: User, at: dt.datetime) -> None:
    """Save the changed fields of `person` and set exactly `roles`.

    Raises LastAdministrator or OwnDeactivation before changing anything. Deactivating, or changing the email address,
    ends every session; a changed address is announced to both addresses."""
    hold_roles()
    # Read the roles now: read lazily, they would be those after the change.
    before = User.objects.prefetch_related("groups").get(pk=person.pk)
    administrators = {user.pk for user in User.objects.with_role(Role.ADMINISTRATOR)}
    if person == by and not person.is_active:
        raise OwnDeactivation
    stays = person.is_active and Role.ADMINISTRATOR in roles
    if not stays and administrators == {person.pk}:
        raise LastAdministrator
    person.save(update_fields=["name", "email", "is_active", "changed_by", "changed_at"])
    person.groups.set(Group.objects.filter(name__in=roles))
    _record_changes(before, person, roles, by=by, at=at)
    if person.email != before.email and outbox.is_sent():
        for address in (before.email, person):
            context = {"by": by, "name": person.short_name, "before": before.email, "after": person.email}
            outbox.send(kind="address_changed", to=address, at=at, context=context)
    if person.email != before.email or not person.is_active:
        end_sessions(person)


def _record_changes(before: User, person: User, roles: Collection[str], *, by: User, at: dt.datetime) -> None:
    def record(act: Act, **details: Any) -> None:
        AuditEntry.objects.record(act, at=at, by=by, person=person, **details)

    if person.name != before.name:
        record(Act.NAME_CHANGED, before=before.name, after=person.name)
    if person.email != before.email:
        record(Act.ADDRESS_CHANGED, before=before.email, after=person.email)
    added = [role for role in Role.values if role in roles and role not in before.roles]
    removed = [role for role in Role.values if role not in roles and role in before.roles]
    if added or removed:
        changes = {"added": added, "removed": removed}
        record(Act.ROLES_CHANGED, **{word: names for word, names in changes.items() if names})
    if person.is_active != before.is_active:
        record(Act.ACCESS_GIVEN if person.is_active else Act.ACCESS_ENDED)


@transaction.atomic
def withdraw_password(*, person: User) -> None:
    """Invalidate the password and all earlier links."""
    person.set_unusable_password()
    person.save(update_fields=["password"])
    end_sessions(person)


@transaction.atomic
def save_password(*, person: User, at: dt.datetime, is_by_link: bool) -> None:
    """Save the password set on `person`, record it, and email the person in case someone else set it."""
    person.save(update_fields=["password"])
    act = Act.PASSWORD_SET if is_by_link else Act.PASSWORD_CHANGED
    AuditEntry.objects.record(act, at=at, by=person, person=person)
    if outbox.is_sent():
        outbox.send(kind="password_changed", to=person, at=at, context={"at": at, "is_by_link": is_by_link})


def recent_acts(person: User, *, at: dt.datetime) -> list[AuditEntry]:
    """Recent acts of administrators that could let another person sign in as this one; shown at each sign-in."""
    acts = AuditEntry.objects.by_others_about(person).filter(act__in=TOLD_ABOUT, at__gt=at - TOLD_FOR)
    return list(acts.exclude(actor=None))


def end_sessions(person: User) -> None:
    """End all sessions of the person."""
    if person.last_login is None:
        return  # each session has to be decoded, so a hundred new people would take long
    store = import_module(settings.SESSION_ENGINE).SessionStore  # also deletes the cached copy
    for session in list(Session.objects.all()):
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            store(session.session_key).delete()
