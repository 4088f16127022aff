"""Every process of a run starts with its share of the tests that take long."""

from dataclasses import dataclass

import pytest
from django.test import TestCase

from tests.dealing import dealt

pytestmark = pytest.mark.sqlite_only


@dataclass(frozen=True)
class Item:
    nodeid: str
    is_slow: bool = False
    is_of_browser: bool = False
    starts_processes: bool = False
    cls: type | None = None

    def get_closest_marker(self, name: str) -> object | None:
        marks = {"slow": self.is_slow, "browser": self.is_of_browser, "worker": self.starts_processes}
        return marks.get(name) or None


class LoadsOnce(TestCase):
    """Whose tests share rows."""


def names(items, *, processes):
    return [item.nodeid for item in dealt(items, processes=processes)]


QUICK = [Item(f"q{number}") for number in range(8)]


def test_alone_the_slow_ones_run_first():
    assert names([*QUICK[:2], Item("s", is_slow=True)], processes=1) == ["s", "q0", "q1"]


def test_each_part_begins_with_slow_ones():
    slow = [Item(name, is_slow=True) for name in "abcd"]
    order = names([*QUICK, *slow], processes=3)
    assert [order[:4], order[4:8], order[8:]] == [
        ["a", "d", "q0", "q1"],
        ["b", "q2", "q3", "q4"],
        ["c", "q5", "q6", "q7"],
    ]


def test_while_one_process_is_at_its_slow_ones_another_is_at_those_that_wait_for_a_browser():
    waiting = [Item(name, is_of_browser=True) for name in "wxyz"]
    both = Item("both", is_slow=True, is_of_browser=True)
    order = names([*waiting, *QUICK[:2], Item("a", is_slow=True), both], processes=2)
    assert [order[:4], order[4:]] == [["a", "w", "y", "q0"], ["x", "z", "both", "q1"]]


def test_those_that_wait_longest_for_processes_are_dealt_first_of_those_that_wait():
    waiting = [Item(name, is_of_browser=True) for name in "wxyz"]
    faults = [Item(name, is_slow=True, starts_processes=True) for name in "fg"]
    order = names([*waiting, *QUICK[:2], *faults, *(Item(name, is_slow=True) for name in "ab")], processes=2)
    assert [order[:5], order[5:]] == [["a", "f", "w", "y", "q0"], ["g", "x", "z", "b", "q1"]]


def test_a_class_that_loads_rows_stays_together():
    slow = [Item(f"test_a.py::LoadsOnce::{name}", is_slow=True, cls=LoadsOnce) for name in "xyz"]
    order = names([*slow, Item("b", is_slow=True), *QUICK], processes=2)
    assert (order[:3], order[6]) == ([item.nodeid for item in slow], "b")


@pytest.mark.parametrize("processes", [1, 2, 5, 20])
def test_none_is_left_out(processes):
    slow = [Item(name, is_slow=True, starts_processes=name in "bf") for name in "abcdefg"]
    items = [*QUICK[:3], *slow, Item("w", is_of_browser=True), Item("p", starts_processes=True)]
    assert sorted(names(items, processes=processes)) == sorted(item.nodeid for item in items)
