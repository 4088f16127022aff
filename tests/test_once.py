"""Which tests run on one engine only."""

from dataclasses import dataclass, field

import pytest
from django.test import SimpleTestCase, TestCase

from runner import ROOT
from tests import once

pytestmark = pytest.mark.sqlite_only


@dataclass
class Item:
    nodeid: str
    cls: type | None = None
    fixturenames: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def add_marker(self, name: str) -> None:
        self.marks.append(name)

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


@pytest.mark.parametrize(
    ("item", "is_once"),
    [
        (Item("interviews/live/tests/test_ticks.py::a", fixturenames=["db"]), False),
        (Item("interviews/live/tests/test_ticks.py::a", marks=["django_db"]), False),
        (Item("interviews/live/tests/test_ticks.py::A::a", cls=TestCase), False),
        (Item("interviews/live/tests/test_ticks.py::A::a", cls=SimpleTestCase), True),
        (Item("interviews/planning/tests/test_views_openings.py::A::a", cls=TestCase), True),
        (Item("interviews/debriefs/tests/test_views_decisions.py::A::a", cls=TestCase), False),
        (Item("accounts/tests/test_throttling.py::A::a", cls=SimpleTestCase), False),
    ],
)
def test_what_shows_or_touches_no_table_runs_once(item, is_once):
    once.mark_once([item])
    assert ("sqlite_only" in item.marks) == is_once


@pytest.mark.parametrize(
    ("head", "is_all"),
    [
        ("pytestmark = pytest.mark.sqlite_only\n", True),
        ("pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]\n", True),
        ("pytestmark = [\n    pytest.mark.browser,\n    pytest.mark.sqlite_only,\n]\n", True),
        ("pytestmark = [pytest.mark.browser]\n\n\n@pytest.mark.sqlite_only\ndef test_one(): ...\n", False),
        ("pytestmark = pytest.mark.browser\n\n\n@pytest.mark.sqlite_only\ndef test_one(): ...\n", False),
        ("@pytest.mark.sqlite_only\ndef test_one(): ...\n", False),
    ],
)
def test_a_module_of_one_engine_is_known_without_importing_it(head, is_all):
    assert bool(once.MARKED.search(head)) == is_all


@pytest.mark.parametrize("pattern", once.SHOWN + once.AT_ONCE + once.ON_SERVERS)
def test_each_name_is_that_of_a_file(pattern):
    assert list(ROOT.glob(pattern)), "Take it out of tests/once.py."
