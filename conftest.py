"""For every test: flushing the database needs the triggers of submitted versions out of the way."""

import pytest
from django.db import connections
from django.test import TransactionTestCase

from interviews.immutability import triggers_dropped

_teardown = TransactionTestCase._fixture_teardown


def _teardown_without_triggers(self: TransactionTestCase) -> None:
    with triggers_dropped(connections["default"]):
        _teardown(self)


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_triggers():
    TransactionTestCase._fixture_teardown = _teardown_without_triggers
    yield
    TransactionTestCase._fixture_teardown = _teardown
