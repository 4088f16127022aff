"""Slows down who guesses passwords: a few failures for one email from one address, then a wait."""

import hashlib

from django.core.cache import cache

FAILURES_MAX = 10
WAIT_SECONDS = 15 * 60


class TooManyAttempts(Exception):
    """Nothing was checked; who comes back after WAIT_SECONDS may try again."""


def _key(email: str, address: str) -> str:
    return "sign-in:" + hashlib.sha256(f"{email.strip().lower()}\n{address}".encode()).hexdigest()


def begin_attempt(*, email: str, address: str) -> None:
    """Count an attempt before its password is looked at, so that a burst of them cannot slip through together.

    Raises TooManyAttempts. The same for an email that nobody has: the answer tells nothing.
    """
    key = _key(email, address)
    cache.add(key, 0, WAIT_SECONDS)
    try:
        attempts = cache.incr(key)
    except ValueError:  # it expired between the two calls
        cache.set(key, 1, WAIT_SECONDS)
        return
    if attempts == FAILURES_MAX:
        cache.touch(key, WAIT_SECONDS)  # the wait runs from the last attempt that was checked
    if attempts > FAILURES_MAX:
        raise TooManyAttempts


def forget_attempts(*, email: str, address: str) -> None:
    """The right password was given."""
    cache.delete(_key(email, address))
