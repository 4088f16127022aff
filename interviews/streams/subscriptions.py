"""The place and session that each socket was opened for, and their access now."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from interviews.models import Event, Panelist
from interviews.streams import notify
from interviews.streams.events import Numbers, StreamKey
from interviews.streams.prepared import Prepared, ask


@dataclass(frozen=True)
class Subscription:
    """The place on a panel that a socket was opened for, and the session of the person who opened it."""

    panelist: int
    user: int
    interview: int
    own_stream: str
    session_key: str
    # The stored hash: a changed password ends all sessions opened with the old one.
    password: str

    @property
    def streams(self) -> list[StreamKey]:
        return [(self.interview, Event.SHARED), (self.interview, self.own_stream)]

    @property
    def groups(self) -> list[str]:
        return [notify.group_of(*stream) for stream in self.streams]


def subscribe(*, user: User, interview_id: int, session_key: str) -> tuple[Subscription, Numbers] | None:
    """The subscription, with the newest numbers of its streams; None for people who are not on the panel."""
    panelist = (
        Panelist.objects.with_access().filter(interview__pk=interview_id, user=user).select_related("interview").first()
    )
    if panelist is None:
        return None
    numbers = {"shared": panelist.interview.seq, "own": panelist.seq}
    return Subscription(panelist.pk, user.pk, interview_id, panelist.own_stream, session_key, user.password), numbers


def numbers_of(subscriptions: Collection[Subscription]) -> dict[Subscription, Numbers]:
    """The newest numbers of each subscription that still has access. Two queries, however many there are."""
    if not subscriptions:
        return {}
    sessions, places = ask(
        _sessions.given(keys=[subscription.session_key for subscription in subscriptions], now=timezone.now()),
        _places.given(panelists=[subscription.panelist for subscription in subscriptions]),
    )
    open_sessions = set(sessions)
    now = {pk: (password, {"shared": shared, "own": own}) for pk, password, shared, own in places}
    return {
        subscription: now[subscription.panelist][1]
        for subscription in subscriptions
        if subscription.session_key in open_sessions
        and now.get(subscription.panelist, ("",))[0] == subscription.password
    }


def signed_in(subscriptions: Collection[Subscription]) -> dict[Subscription, User]:
    """The users of these subscriptions whose sessions are still open. Two queries, however many there are.

    Read in the transaction of what they are about to do, whose own rows say whether they still may."""
    sessions, people = ask(
        _sessions.given(keys=[one.session_key for one in subscriptions], now=timezone.now()),
        _users.given(users=[one.user for one in subscriptions]),
    )
    open_sessions, users = set(sessions), {user.pk: user for user in people}
    return {
        one: users[one.user]
        for one in subscriptions
        if one.session_key in open_sessions and one.user in users and users[one.user].password == one.password
    }


@Prepared
def _users(*, users: list[int]) -> QuerySet[Any, User]:
    rows: QuerySet[Any, User] = User.objects.filter(pk__in=users, is_active=True).order_by()
    return rows


@Prepared
def _sessions(*, keys: list[str], now: dt.datetime) -> QuerySet[Any, str]:
    return Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list("session_key", flat=True)


@Prepared
def _places(*, panelists: list[int]) -> QuerySet[Any, tuple[int, str, int, int]]:
    """Panelists who still have access, with their password and the numbers of their streams."""
    rows = Panelist.objects.with_access().filter(pk__in=panelists).order_by()
    return rows.values_list("pk", "user__password", "interview__seq", "seq")
