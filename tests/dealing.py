"""The order of tests. Slow ones run first in each process of a run, so that none is left alone with them at the end.
Browser tests wait more than they work, so they run beside those."""

from itertools import groupby

import pytest
from django.test import TestCase


def dealt(tests: list[pytest.Item], *, processes: int) -> list[pytest.Item]:
    """Deal slow and browser tests to so many processes, whose parts are cut from the list as pytest-xdist's worksteal
    cuts it. While every other process is at its slow ones, the rest are at their browser tests.

    Tests of a class that loads rows once stay together."""
    groups = [list(group) for _, group in groupby(filter(_is_slow, tests), _together)]
    waiting = [test for test in tests if _waits(test)]
    quick = [test for test in tests if not (_is_slow(test) or _waits(test))]
    order: list[pytest.Item] = []
    for number in range(processes):
        size = (len(tests) - len(order)) // (processes - number)
        slow = [test for group in groups[number::processes] for test in group]
        part = waiting[number::processes] + slow if number % 2 else slow + waiting[number::processes]
        room = max(0, size - len(part))
        order += part + quick[:room]
        quick = quick[room:]
    return order + quick


def _waits(test: pytest.Item) -> bool:
    return test.get_closest_marker("browser") is not None and not _is_slow(test)


def _is_slow(test: pytest.Item) -> bool:
    return test.get_closest_marker("slow") is not None


def _together(test: pytest.Item) -> str:
    of_class = getattr(test, "cls", None)
    return test.nodeid.rpartition("::")[0] if of_class and issubclass(of_class, TestCase) else test.nodeid
