"""Which sockets the monitor watches, and what they hear."""

from django.conf import settings
from django.test import Client

from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory
from interviews.streams import events as streams
from interviews.streams import socket_monitor
from interviews.tests.commanding import sender


class Idle:
    """A socket that only is there."""

    def __init__(self, subscription: socket_monitor.Subscription, told: dict[str, int]) -> None:
        self.subscription, self.told = subscription, told


class TestWatching:
    def sockets(self, panelists) -> list[Idle]:
        opened = []
        for panelist in panelists:
            client = Client()
            client.force_login(panelist.user)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            found = socket_monitor.subscribe(user=panelist.user, interview_id=panelist.interview_id, session_key=key)
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
