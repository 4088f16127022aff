"""Fixtures for the tests of every room: a call, and the live page in a browser."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.factories import InterviewerFactory
from interviews.factories import CandidateFactory, InterviewFactory
from interviews.models import Panelist
from interviews.tests.live_page import CallRows, LivePage, call_script


@pytest.fixture
def make_call() -> Callable[..., CallRows]:
    """`make_call(live=True, minutes_in=20, …)`: an interview with a lead, begun so many minutes ago."""

    def make(
        *, part: str = Panelist.Part.LEAD, minutes_in: float = 0, has_keys_on: bool = True, **fields: Any
    ) -> CallRows:
        user = InterviewerFactory(name="Mira Rossi", has_keys_on=has_keys_on)
        candidate = CandidateFactory(
            name="Ada Okafor", assignment_url="https://example.org/assignment", notes="Eight years of it."
        )
        fields = {"minutes": 50, "scheduled_for": timezone.now() - dt.timedelta(minutes=minutes_in)} | fields
        interview = InterviewFactory(candidate=candidate, script=call_script(), panel=[(user, part)], **fields)
        return CallRows(interview, interview.panelists.get())

    return make


@pytest.fixture
def over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """Live pages send their commands over HTTP only, where a browser test can stop them."""
    monkeypatch.setattr("interviews.live.command_socket.MOST_BYTES", 0)


@pytest.fixture
def open_live(open_page: Callable) -> Callable[..., LivePage]:
    """`open_live(call, width=…, dark=…)` is the call's lead on the live page."""
    return lambda call, **options: LivePage(open_page(call.lead.user, **options), call)
