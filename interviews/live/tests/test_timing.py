import datetime as dt

from interviews.live import timing
from interviews.models import Interview

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def after(minutes):
    return START + dt.timedelta(minutes=minutes)


class TestWelcome:
    def test_it_is_the_time_before_the_first_question_without_pauses(self):
        call = Interview(started_at=START, paused_seconds=60)
        timing.welcome_ends(call, after(5))
        timing.welcome_ends(call, after(50))
        assert call.welcome_seconds == 4 * 60

    def test_while_paused_it_ends_with_the_pause(self):
        call = Interview(started_at=START, paused_at=after(3))
        timing.welcome_ends(call, after(9))
        assert call.welcome_seconds == 3 * 60


class TestPause:
    def test_it_counts_until_the_call_is_resumed(self):
        call = Interview(started_at=START)
        assert timing.pause(call, after(2), by=None) == {}
        timing.resume(call, after(5))
        timing.resume(call, after(9))
        assert (call.paused_at, call.paused_seconds) == (None, 3 * 60)

    def test_a_call_that_starts_again_has_none(self):
        call = Interview(started_at=START, paused_at=START, paused_seconds=9, welcome_seconds=9)
        timing.begin_anew(call)
        assert (call.paused_at, call.paused_seconds, call.welcome_seconds) == (None, 0, None)
