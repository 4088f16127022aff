from unittest import mock

from interviews.live import tasks


def test_calls_that_nobody_ended_are_ended_now():
    with mock.patch.object(tasks.closing, "end_forgotten") as end:
        tasks.end_forgotten_calls.call_local()
    assert end.call_args.kwargs["at"]
