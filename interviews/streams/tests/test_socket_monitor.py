"""Which sockets the monitor watches, and what they hear."""

import asyncio

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory
from interviews.models import Event
from interviews.streams import events as streams
from interviews.streams import socket_monitor
from interviews.streams.live_socket import LiveSocket
from interviews.streams.subscriptions import Subscription, subscribe
from interviews.tests.commanding import sender
from tests.own_loop import in_own_loop


class Idle:
    """A socket that only is there."""

    def __init__(self, subscription: Subscription, told: dict[str, int]) -> None:
        self.subscription, self.told = subscription, told


class TestWatching:
    def sockets(self, panelists) -> list[Idle]:
        opened = []
        for panelist in panelists:
            client = Client()
            client.force_login(panelist.user)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            found = subscribe(user=panelist.user, interview_id=panelist.interview_id, session_key=key)
            opened.append(Idle(*found))
        return opened

    def test_takes_two_queries_and_one_for_what_is_new_however_many_listen(
        self, call, live_site, django_assert_num_queries
    ):
        sockets = self.sockets(PanelistFactory(interview=call) for _ in range(30))
        for some in (sockets[:1], sockets):
            with django_assert_num_queries(2):
                news = socket_monitor.news_of({socket: socket.told for socket in some})
            assert [told["events"] for told in news.values()] == [[]] * len(some)
        sender(call.lead).send("tick", call.point.pk)
        for some in (sockets[:1], sockets):
            with django_assert_num_queries(3):
                news = socket_monitor.news_of({socket: socket.told for socket in some})
            assert [len(told["events"]) for told in news.values()] == [1] * len(some)

    def test_each_gets_what_they_miss_of_more_streams_than_one_query_asks_for(self, live_site, monkeypatch):
        monkeypatch.setattr(streams, "AT_ONCE", 2)
        calls = [InterviewFactory(live=True) for _ in range(5)]
        leads = [LeadFactory(interview=call) for call in calls]
        sockets = self.sockets(leads)
        for lead, call in zip(leads, calls, strict=True):
            first = call.questions.first()
            sender(lead).send("tick", first.points.first().pk)
            sender(lead).send("rate", first.pk, 3)
        sockets[0].told = {"shared": 1, "own": 0}
        news = list(socket_monitor.news_of({socket: socket.told for socket in sockets}).values())
        both = [("shared", 1, "tick"), ("own", 1, "rate")]
        told = [[(event["stream"], event["seq"], event["kind"]) for event in one["events"]] for one in news]
        assert told == [both[1:], *[both] * 4]
        assert [event["actor"] for one in news[1:] for event in one["events"][:1]] == [p.user_id for p in leads[1:]]


MINE = Subscription(1, 1, 7, "own-1", "key", "password")


class TestDelivering:
    def fresh(self, *seqs, stream=Event.SHARED, allowed=(MINE,)):
        at = timezone.now()
        rows = [Event(interview_id=7, stream=stream, seq=seq, kind="tick", payload={}, at=at) for seq in seqs]
        return socket_monitor.Fresh({(7, stream): rows}, allowed, {})

    def test_what_follows_what_it_has_is_told(self):
        for has, told in ((4, [5, 6]), (5, [6]), (6, [])):
            news = self.fresh(5, 6).news(MINE, {"shared": has, "own": 0})
            assert [event["seq"] for event in news["events"]] == told
            assert (news["shared"], news["own"]) == (6, 0)

    def test_after_a_gap_or_without_access_nothing_is_told(self):
        assert self.fresh(5, 6).news(MINE, {"shared": 3, "own": 0}) is None
        assert self.fresh(5, 7).news(MINE, {"shared": 4, "own": 0}) is None
        assert self.fresh(5, allowed=()).news(MINE, {"shared": 4, "own": 0}) is None

    def test_another_person_s_own_stream_is_not_told(self):
        news = self.fresh(1, stream="own-2").news(MINE, {"shared": 0, "own": 0})
        assert (news["events"], news["own"]) == ([], 0)

    def test_a_check_does_not_repeat_what_was_delivered_meanwhile(self):
        read = {"shared": 5, "own": 0, "events": [{"stream": "shared", "seq": seq} for seq in (4, 5)]}
        news = socket_monitor._without(read, {"shared": 4, "own": 2})
        assert [event["seq"] for event in news["events"]] == [5]
        assert (news["shared"], news["own"]) == (5, 2)


@pytest.mark.sqlite_only
class TestTelling:
    """A page is told at once, or asks for what it missed: nobody waits for one whose connection is full."""

    async def page(self, name, said, *, line=None):
        try:
            if line is not None:
                await line.wait()
            said.append(name)
        finally:
            said.append(f"end of {name}")

    def test_a_page_that_hangs_is_given_up_at_once(self):
        async def run():
            monitor, said = socket_monitor.SocketMonitor(), []
            await monitor.tell(self.page("dead", said, line=asyncio.Event()))
            await monitor.tell(self.page("next", said))
            assert said == ["end of dead", "next", "end of next"]

        in_own_loop(run())

    def test_an_error_of_one_page_is_logged_and_the_next_is_told(self, caplog):
        async def run():
            monitor, said = socket_monitor.SocketMonitor(), []
            await monitor.tell(self.page("broken", None))
            await monitor.tell(self.page("next", said))
            assert said == ["next", "end of next"]

        in_own_loop(run())
        assert "A page was not told" in caplog.text

    def test_a_round_that_fails_is_logged_and_followed_by_the_next(self, caplog, monkeypatch):
        async def run():
            monitor, rounds, is_over = socket_monitor.SocketMonitor(), [], asyncio.Event()

            async def check(told):
                rounds.append(told)
                if len(rounds) == 1:
                    raise ValueError("unexpected")
                is_over.set()

            monkeypatch.setattr(monitor, "_check", check)
            monkeypatch.setattr(socket_monitor, "EVERY", 0.01)
            task = asyncio.create_task(monitor._run())
            async with asyncio.timeout(5):
                await is_over.wait()
            task.cancel()

        in_own_loop(run())
        assert "unexpected" in caplog.text

    def test_presence_that_was_not_written_is_shown_again(self):
        async def run():
            line, frames = asyncio.Event(), []

            async def send(message):
                await line.wait()
                frames.append(message["text"])

            monitor, page = socket_monitor.SocketMonitor(), LiveSocket(MINE, {"shared": 0, "own": 0}, send)
            await monitor.tell(page.show({1: 7}))
            line.set()
            for _ in range(2):
                await monitor.tell(page.show({1: 7}))
            assert frames == ['{"here": {"1": 7}}']

        in_own_loop(run())
