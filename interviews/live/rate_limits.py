"""Limit the commands of one person: a token bucket each, in the memory of this process.

A shared cache would cost every tick a round trip. With several processes the limit multiplies, and still protects."""

import math
import threading
from dataclasses import dataclass
from time import monotonic

from interviews.refusals import TooMany

# A page that was offline sends some hundred commands at once; fast typing sends five a second.
BURST, PER_SECOND = 2_000, 30
# With this many buckets, full ones are deleted.
MOST_PEOPLE = 10_000


@dataclass
class _Bucket:
    left: float
    at: float


_buckets: dict[int, _Bucket] = {}
_lock = threading.Lock()


def check(user: int, *, count: int = 1) -> None:
    """Count `count` commands of a person. Raises TooMany, with the seconds to wait, and then counts none."""
    now = monotonic()
    with _lock:
        if len(_buckets) >= MOST_PEOPLE:
            _forget_full(now)
        bucket = _buckets.setdefault(user, _Bucket(BURST, now))
        bucket.left, bucket.at = _left(bucket, now), now
        missing = min(count, BURST) - bucket.left
        if missing <= 0:
            bucket.left -= count
            return
    raise TooMany(
        "You’re sending changes too fast. They’re saved in this browser and will be sent shortly.",
        retry_after=math.ceil(missing / PER_SECOND),
    )


def _left(bucket: _Bucket, now: float) -> float:
    return min(BURST, bucket.left + (now - bucket.at) * PER_SECOND)


def _forget_full(now: float) -> None:
    for user in [user for user, bucket in _buckets.items() if _left(bucket, now) >= BURST]:
        del _buckets[user]


def forget_all() -> None:
    """For tests."""
    _buckets.clear()
