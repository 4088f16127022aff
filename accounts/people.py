"""Inviting people and changing what they may do."""

from collections.abc import Collection
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import User
from accounts.roles import Role


class LastAdministrator(Exception):
    """Nobody would be left to look after people."""


class OwnDeactivation(Exception):
    """Nobody signs themselves out for good by mistake."""


@transaction.atomic
def change_person(*, person: User, roles: Collection[str], by: User) -> None:
    """Keep the changed fields of `person`, among them whether they may sign in, and give them exactly `roles`.

    Raises LastAdministrator or OwnDeactivation, and then has changed nothing. Who may no longer sign in is
    signed out everywhere.
    """
    # The group's row is the lock: two administrators cannot take the role from each other at the same moment.
    Group.objects.select_for_update().get(name=Role.ADMINISTRATOR)
    administrators = {user.pk for user in User.objects.with_role(Role.ADMINISTRATOR)}
    if person == by and not person.is_active:
        raise OwnDeactivation
    stays = person.is_active and Role.ADMINISTRATOR in roles
    if not stays and administrators == {person.pk}:
        raise LastAdministrator
    person.save(update_fields=["name", "email", "is_active", "changed_by", "changed_at"])
    person.groups.set(Group.objects.filter(name__in=roles))
    if not person.is_active:
        end_sessions(person)


@transaction.atomic
def withdraw_password(*, person: User) -> None:
    """The password stops working, everywhere; the person sets another one by an invitation."""
    person.set_unusable_password()
    person.save(update_fields=["password"])
    end_sessions(person)


def end_sessions(person: User) -> None:
    """Sign the person out wherever they are signed in, so that a session does not come back with them."""
    store = import_module(settings.SESSION_ENGINE).SessionStore  # deletes the cached copy as well
    for session in list(Session.objects.all()):
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            store(session.session_key).delete()
