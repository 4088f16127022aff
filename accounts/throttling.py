"""Limits password guessing: after some failures, a wait.

There are three budgets: per email and address, per address, and per email. A browser in which this person signed in
before has its own budget instead, so that strangers, or a colleague at the same address, cannot lock them out. Unknown
emails count like known ones, so the answers reveal nothing."""

import hashlib
import ipaddress
from dataclasses import dataclass

from django.core.cache import caches

from accounts.emails import one_spelling

WAIT_SECONDS = 15 * 60
# Failures within WAIT_SECONDS.
FAILURES_MAX = 10
EMAIL_FAILURES_MAX = 40
# A whole office may share one address.
ADDRESS_FAILURES_MAX = 60
# Password links by email within WAIT_SECONDS.
LINKS_MAX = 3
ADDRESS_LINKS_MAX = 20


class TooManyAttempts(Exception):
    """Nothing was checked. Try again after WAIT_SECONDS."""


@dataclass(frozen=True)
class Budget:
    """A limit of failures for the key made of `parts`."""

    most: int
    parts: tuple[str, ...]

    @property
    def key(self) -> str:
        return "attempts:" + hashlib.sha256("\n".join(self.parts).encode()).hexdigest()

    def require(self) -> None:
        """Raises TooManyAttempts if it is used up."""
        if caches["counts"].get(self.key, 0) >= self.most:
            raise TooManyAttempts

    def spend(self) -> None:
        """Count an attempt before checking its password, so that a burst cannot pass together.

        Raises TooManyAttempts."""
        counts = caches["counts"]
        counts.add(self.key, 0, WAIT_SECONDS)
        try:
            attempts = counts.incr(self.key)
        except ValueError:  # it expired between the two calls
            counts.set(self.key, 1, WAIT_SECONDS)
            return
        if attempts == self.most:
            counts.touch(self.key, WAIT_SECONDS)  # the wait runs from the last attempt that was checked
        if attempts > self.most:
            raise TooManyAttempts

    def give_back(self) -> None:
        """The attempt succeeded."""
        counts = caches["counts"]
        try:
            if counts.decr(self.key) < 0:
                counts.delete(self.key)
        except ValueError:  # it expired meanwhile
            pass


class SignInAttempt:
    """One attempt to sign in. `device` is the id of a browser this person used before, else ""."""

    def __init__(self, *, email: str, address: str, device: str = "") -> None:
        email, place = one_spelling(email), _network(address)
        if device:
            self.own, self.shared = Budget(FAILURES_MAX, ("device", email, device)), []
        else:
            self.own = Budget(FAILURES_MAX, ("pair", email, place))
            self.shared = [
                Budget(ADDRESS_FAILURES_MAX, ("address", place)),
                Budget(EMAIL_FAILURES_MAX, ("email", email)),
            ]

    def begin(self) -> None:
        """Raises TooManyAttempts. Refused attempts do not count: one address cannot use up an email's budget."""
        for budget in self.shared:
            budget.require()
        for budget in [self.own, *self.shared]:
            budget.spend()

    def succeed(self) -> None:
        """The password was right."""
        caches["counts"].delete(self.own.key)
        for budget in self.shared:
            budget.give_back()


def password_check(user_pk: int) -> Budget:
    """Limits checks of the current password by a signed-in person, or by a stranger at their open browser."""
    return Budget(FAILURES_MAX, ("password", str(user_pk)))


def link_requests(*, email: str, address: str) -> tuple[Budget, Budget]:
    """Limits emails with password links: for this person, and asked for from this address."""
    return (
        Budget(LINKS_MAX, ("link", one_spelling(email))),
        Budget(ADDRESS_LINKS_MAX, ("link-address", _network(address))),
    )


def _network(address: str) -> str:
    """The IPv4 address, or the /64 network of an IPv6 address: one customer has all of it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)
