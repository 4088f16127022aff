"""The order of tests. Slow ones run first in each process of a run, so that none is left alone with them at the end.
Tests of browsers and of the product's processes wait more than they work, so they run beside those: the slow ones of
them first, which wait for minutes."""

from itertools import groupby

import pytest
from django.test import TestCase


def dealt(tests: list[pytest.Item], *, processes: int) -> list[pytest.Item]:
    """Deal slow and waiting tests to so many processes, whose parts are cut from the list as pytest-xdist's worksteal
    cuts it. While every other process is at its slow ones, the rest are at those that wait.

    Tests of a class that loads rows once stay together."""
    groups = [list(group) for _, group in groupby(filter(_is_slow, tests), _together)]
    waiting = sorted(filter(_waits, tests), key=_is_quick)
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
    return _has(test, "worker") if not _is_quick(test) else _has(test, "browser")


def _is_slow(test: pytest.Item) -> bool:
    return not _is_quick(test) and not _waits(test)


def _is_quick(test: pytest.Item) -> bool:
    return not _has(test, "slow")


def _has(test: pytest.Item, mark: str) -> bool:
    return test.get_closest_marker(mark) is not None


def _together(test: pytest.Item) -> str:
    of_class = getattr(test, "cls", None)
    return test.nodeid.rpartition("::")[0] if of_class and issubclass(of_class, TestCase) else test.nodeid
