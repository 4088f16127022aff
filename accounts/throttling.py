"""Slows down guessing of passwords: a few failures, then a wait.

Three budgets are counted: for one email from one address, for one address, and for one email from everywhere. A browser
in which this person signed in before has a fourth one instead: strangers can't lock them out, and a colleague who
guesses behind the same address can't either. Unknown emails count like known ones, so the answers tell nothing."""

import hashlib
import ipaddress
from dataclasses import dataclass

from django.core.cache import caches

WAIT_SECONDS = 15 * 60
# Failures within WAIT_SECONDS.
FAILURES_MAX = 10
EMAIL_FAILURES_MAX = 40
# A whole office may share an address.
ADDRESS_FAILURES_MAX = 60


class TooManyAttempts(Exception):
    """Nothing was checked. Try again after WAIT_SECONDS."""


@dataclass(frozen=True)
class Budget:
    """So many failures are allowed for whatever `parts` name."""

    most: int
    parts: tuple[str, ...]

    @property
    def key(self) -> str:
        return "attempts:" + hashlib.sha256("\n".join(self.parts).encode()).hexdigest()

    def require(self) -> None:
        """Raises TooManyAttempts where nothing is left of it."""
        if caches["counts"].get(self.key, 0) >= self.most:
            raise TooManyAttempts

    def spend(self) -> None:
        """Count an attempt before its password is checked, so that a burst of them cannot slip through together.

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
    """One attempt to sign in. `device` names a browser in which this person signed in before, else it is ""."""

    def __init__(self, *, email: str, address: str, device: str = "") -> None:
        email, place = email.strip().lower(), _network(address)
        if device:
            self.own, self.shared = Budget(FAILURES_MAX, ("device", email, device)), []
        else:
            self.own = Budget(FAILURES_MAX, ("pair", email, place))
            self.shared = [
                Budget(ADDRESS_FAILURES_MAX, ("address", place)),
                Budget(EMAIL_FAILURES_MAX, ("email", email)),
            ]

    def begin(self) -> None:
        """Raises TooManyAttempts. A refused attempt does not count further: one address alone can spend only its own
        share of an email's budget."""
        for budget in self.shared:
            budget.require()
        for budget in [self.own, *self.shared]:
            budget.spend()

    def succeed(self) -> None:
        """The right password was given."""
        caches["counts"].delete(self.own.key)
        for budget in self.shared:
            budget.give_back()


def password_check(user_pk: int) -> Budget:
    """Checks of the current password by a person who is signed in, or who found their browser open."""
    return Budget(FAILURES_MAX, ("password", str(user_pk)))


def _network(address: str) -> str:
    """The address; of IPv6 the network that one customer gets, in which each device has addresses without number."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)
