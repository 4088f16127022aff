"""The order of tests: slow ones first in each process of a run, so that none is left alone with them at the end."""

from itertools import groupby

import pytest
from django.test import TestCase


def dealt(tests: list[pytest.Item], *, processes: int) -> list[pytest.Item]:
    """Deal slow tests to so many processes, whose parts are cut from the list as pytest-xdist's worksteal cuts it.

    Tests of a class that loads rows once stay together."""
    groups = [list(group) for _, group in groupby(filter(_is_slow, tests), _together)]
    quick = [test for test in tests if not _is_slow(test)]
    order: list[pytest.Item] = []
    for number in range(processes):
        size = (len(tests) - len(order)) // (processes - number)
        part = [test for group in groups[number::processes] for test in group]
        room = max(0, size - len(part))
        order += part + quick[:room]
        quick = quick[room:]
    return order + quick


def _is_slow(test: pytest.Item) -> bool:
    return test.get_closest_marker("slow") is not None


def _together(test: pytest.Item) -> str:
    of_class = getattr(test, "cls", None)
    return test.nodeid.rpartition("::")[0] if of_class and issubclass(of_class, TestCase) else test.nodeid
