"""What waits at the sockets is taken together, in one thread."""

import asyncio
import threading
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from interviews.live import batches
from interviews.live.taker import Taker, taker
from interviews.streams.socket_monitor import SocketMonitor
from tests.own_loop import in_own_loop

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db]

PAGE = SimpleNamespace(subscription=SimpleNamespace(user=1, interview=1))


@pytest.fixture
def taken(monkeypatch):
    """The numbers of each batch. The first one is held until `go` is set."""
    seen = SimpleNamespace(batches=[], threads=set(), go=threading.Event(), error=None)

    def answer(requests):
        seen.batches.append([request.raw["n"] for request in requests])
        seen.threads.add(threading.current_thread().name)
        assert seen.go.wait(30)
        if seen.error:
            raise seen.error
        for request in requests:
            request.answer = batches.Answer(200, str(request.raw["n"]))

    monkeypatch.setattr(batches, "answer", answer)
    return seen


def send(numbers, between):
    """The answers to these requests, sent one after the other; `between` runs once the first is being taken."""

    async def run():
        mine = Taker()
        sent = [asyncio.create_task(mine.take(PAGE, {"n": numbers[0]}))]
        await asyncio.sleep(0.05)
        sent += [asyncio.create_task(mine.take(PAGE, {"n": number})) for number in numbers[1:]]
        await asyncio.sleep(0)
        between(sent)
        told = await asyncio.gather(*sent, return_exceptions=True)
        return [one if isinstance(one, BaseException) else one[0] for one in told]

    return in_own_loop(run())


def test_one_goes_at_once_and_what_comes_meanwhile_goes_together(taken):
    told = send(range(5), lambda _: taken.go.set())
    assert taken.batches == [[0], [1, 2, 3, 4]]
    assert [answer.body for answer in told] == ["0", "1", "2", "3", "4"]
    assert len(taken.threads) == 1


def test_on_a_busy_server_the_next_waits_for_company(taken, monkeypatch):
    monkeypatch.setattr("interviews.live.taker.AT_ONCE", 2)
    monkeypatch.setattr("interviews.live.taker.APART", 0.15)
    taken.go.set()

    async def run():
        mine = Taker()
        for n in range(2):
            await mine.take(PAGE, {"n": n})
        waiting = asyncio.create_task(mine.take(PAGE, {"n": 2}))
        await asyncio.sleep(0)
        await asyncio.gather(waiting, mine.take(PAGE, {"n": 3}))

    in_own_loop(run())
    assert taken.batches == [[0], [1], [2, 3]]


def test_the_next_waits_no_longer_once_there_is_enough(taken, monkeypatch):
    for name, value in {"AT_ONCE": 1, "APART": 60, "ENOUGH": 3}.items():
        monkeypatch.setattr(f"interviews.live.taker.{name}", value)
    taken.go.set()

    async def run():
        mine = Taker()
        await mine.take(PAGE, {"n": 0})
        first = asyncio.create_task(mine.take(PAGE, {"n": 1}))
        await asyncio.sleep(0.01)  # it waits for company
        async with asyncio.timeout(10):
            await asyncio.gather(first, *(mine.take(PAGE, {"n": n}) for n in (2, 3)))

    in_own_loop(run())
    assert taken.batches == [[0], [1, 2, 3]]


def test_a_batch_has_a_size(taken, monkeypatch):
    monkeypatch.setattr(batches, "MOST", 2)
    send(range(6), lambda _: taken.go.set())
    assert taken.batches == [[0], [1, 2], [3, 4], [5]]


@pytest.mark.parametrize("error", [OperationalError("database is locked"), ZeroDivisionError()])
def test_after_an_error_http_is_asked_and_the_next_are_taken(taken, error, caplog):
    taken.error = error

    def between(_):
        taken.go.set()

    assert send(range(3), between) == [None] * 3
    assert "Commands of sockets were not taken" in caplog.text
    assert ("Traceback" in caplog.text) is isinstance(error, ZeroDivisionError)
    taken.error = None
    [answer] = send([7], lambda _: None)
    assert answer.body == "7"


def test_answers_arrive_even_if_the_delivery_of_news_fails(taken, monkeypatch, caplog):
    monkeypatch.setattr(SocketMonitor, "deliver", lambda *_: 1 / 0)
    told = send(range(3), lambda _: taken.go.set())
    assert [answer.body for answer in told] == ["0", "1", "2"]
    assert "Events were not delivered" in caplog.text


def test_a_socket_that_goes_meanwhile_disturbs_nobody(taken):
    def between(sent):
        sent[1].cancel()
        taken.go.set()

    first, gone, last = send(range(3), between)
    assert (first.body, last.body) == ("0", "2")
    assert isinstance(gone, asyncio.CancelledError)


def test_each_event_loop_has_one():
    async def run():
        return taker() is taker()

    assert in_own_loop(run())
