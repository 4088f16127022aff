"""The web socket of a live page, through a real server: who may listen, what they hear, and when it ends."""

import contextlib
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from accounts.factories import CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory, ShadowFactory
from interviews.streams import events as streams
from interviews.streams import notify, presence, socket_monitor
from interviews.tests.commanding import sender

SOON = 5


@pytest.fixture(autouse=True)
def _often(monkeypatch):
    """Every two seconds is slow for a test."""
    monkeypatch.setattr(socket_monitor, "EVERY", 0.1)


class Listener:
    """One socket of one person, and what it was told."""

    def __init__(self, socket: ClientConnection, session: str) -> None:
        self.socket, self.session = socket, session
        self.frames: list[dict] = []

    def next(self) -> dict:
        frame = json.loads(self.socket.recv(timeout=SOON))
        self.frames.append(frame)
        return frame

    def assert_hears(self, **numbers: int) -> None:
        """These numbers, now or soon."""
        until = time.monotonic() + SOON
        while time.monotonic() < until:
            told = self.next()
            if all(told.get(stream) == number for stream, number in numbers.items()):
                return
        raise AssertionError(f"never heard {numbers}: {self.frames}")

    def events(self) -> list[tuple[str, int, str]]:
        """All that it was told: stream, number and kind."""
        told = (event for frame in self.frames for event in frame.get("events", []))
        return [(event["stream"], event["seq"], event["kind"]) for event in told]

    def assert_sees(self, here: dict[int, int | None]) -> None:
        until = time.monotonic() + SOON
        while time.monotonic() < until:
            if self.next().get("here") == {str(seat): question for seat, question in here.items()}:
                return
        raise AssertionError(f"never saw {here}: {self.frames}")

    def says(self, frame: object) -> None:
        self.socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    def is_closed(self) -> int:
        """The code, once the server has closed it."""
        until = time.monotonic() + SOON
        with contextlib.suppress(TimeoutError):
            while time.monotonic() < until:
                try:
                    self.next()
                except ConnectionClosed as closed:
                    return closed.rcvd.code if closed.rcvd else 0
        raise AssertionError("it is still open")


@pytest.fixture
def listen(live_site) -> Iterator:
    sockets = contextlib.ExitStack()

    def open_socket(user, interview, *, origin: str | None = "ours", session: str = ""):
        if user is not None:
            client = Client()
            client.force_login(user)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
        opening = connect(
            f"{live_site.url.replace('http', 'ws')}/ws/interviews/{interview}/",
            origin=live_site.url if origin == "ours" else origin,
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"},
            compression=None,
        )
        return Listener(sockets.enter_context(opening), session)

    with sockets:
        yield open_socket
    live_site.settle()


@pytest.fixture
def call(live_site):
    interview = InterviewFactory(live=True)
    interview.lead = LeadFactory(interview=interview)
    interview.jo = PanelistFactory(interview=interview)
    interview.first = interview.questions.order_by("position").first()
    interview.point = interview.first.points.first()
    return interview


class TestConnecting:
    def test_panelist_is_told_where_the_streams_stand(self, call, listen):
        sender(call.lead).send("tick", call.point.pk)
        sender(call.lead).send("rate", call.first.pk, 3)
        for panelist, own in ((call.lead, 1), (call.jo, 0)):
            told = {"shared": 1, "own": own, "events": [], "user": panelist.user_id}
            page = listen(panelist.user, call.pk)
            page.assert_hears(shared=1, own=own)
            assert page.frames[-1] == told

    @pytest.mark.parametrize("kind", ["nobody", "outsider", "manager", "other manager", "curator", "left", "inactive"])
    def test_others_are_refused_alike(self, call, listen, kind):
        people = {
            "nobody": lambda: None,
            "outsider": InterviewerFactory,
            "manager": HiringManagerFactory,
            "other manager": HiringManagerFactory,
            "curator": CuratorFactory,
            "left": lambda: PanelistFactory(interview=call, left_at=timezone.now()).user,
            "inactive": lambda: PanelistFactory(interview=call).user,
        }
        user = people[kind]()
        if kind == "manager":
            call.opening.managers.add(user)
        if kind == "inactive":
            session = Client()
            session.force_login(user)
            user.is_active = False
            user.save()
        with pytest.raises(InvalidStatus) as refused:
            listen(user, call.pk)
        assert refused.value.response.status_code == 403

    def test_interview_that_is_not_there_is_refused_like_one_that_is_not_theirs(self, call, listen):
        for number in (10**9, 10**25):
            with pytest.raises(InvalidStatus) as refused:
                listen(call.lead.user, number)
            assert refused.value.response.status_code == 403

    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example",
            "null",
            None,
            "http://testserver.evil.example",
            "http://127.0.0.1:1",
            "http://127.0.0.1",
            "https://127.0.0.1:{port}",
            "http://localhost:{port}",
            "http://evil@127.0.0.1:{port}",
            "http://[",
        ],
    )
    def test_other_origins_are_refused(self, call, listen, live_site, origin):
        origin = origin and origin.format(port=live_site.port)
        with pytest.raises(InvalidStatus) as refused:
            listen(call.lead.user, call.pk, origin=origin)
        assert refused.value.response.status_code == 403

    @pytest.mark.parametrize("path", ["/", "/ws/nope/", "/ws/interviews/1", f"/ws/interviews/{'9' * 5000}/"])
    def test_an_address_that_leads_nowhere_is_refused_without_a_word_in_the_log(self, live_site, path, caplog):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"{live_site.url.replace('http', 'ws')}{path}", origin=live_site.url, compression=None)
        assert refused.value.response.status_code == 403
        assert not caplog.records


class TestNotifications:
    def test_tick_reaches_the_whole_panel(self, call, listen):
        lead, jo = listen(call.lead.user, call.pk), listen(call.jo.user, call.pk)
        sender(call.lead).send("tick", call.point.pk)
        told = Client()
        told.force_login(call.jo.user)
        answer = told.get(f"/interviews/{call.pk}/events/?since=0.0").json()
        for listener in (lead, jo):
            listener.assert_hears(shared=1)
            assert [frame["events"] for frame in listener.frames if frame.get("events")] == [answer["events"]]

    def test_rating_and_note_reach_their_author_s_pages_alone(self, call, listen):
        lead, second, jo = (listen(user, call.pk) for user in (call.lead.user, call.lead.user, call.jo.user))
        browser = sender(call.lead)
        browser.send("rate", call.first.pk, 4)
        browser.send("note", call.first.pk, "Sharp.", base_rev=0)
        for page in (lead, second):
            page.assert_hears(own=2)
            assert page.events() == [("own", 1, "rate"), ("own", 2, "note")]
        browser.send("ask", call.first.pk, "now")
        jo.assert_hears(shared=1)
        assert {frame["own"] for frame in jo.frames if "own" in frame} == {0}
        assert jo.events() == [("shared", 1, "ask")]

    def test_tick_in_a_fully_blind_interview_reaches_its_author_alone(self, call, listen):
        call.is_fully_blind = True
        call.save()
        lead, jo = listen(call.lead.user, call.pk), listen(call.jo.user, call.pk)
        sender(call.lead).send("tick", call.point.pk)
        lead.assert_hears(own=1)
        sender(call.lead).send("ask", call.first.pk, "now")
        jo.assert_hears(shared=1)
        assert {frame["own"] for frame in jo.frames if "own" in frame} == {0}
        assert jo.events() == [("shared", 1, "ask")]

    def test_it_comes_though_the_notification_was_lost(self, call, listen, monkeypatch):
        jo = listen(call.jo.user, call.pk)
        monkeypatch.setattr("interviews.streams.events.notify.notify_group", lambda group, numbers: None)
        sender(call.lead).send("tick", call.point.pk)
        jo.assert_hears(shared=1)
        assert jo.events() == [("shared", 1, "tick")]

    def test_nothing_is_brought_twice(self, call, listen, monkeypatch):
        jo = listen(call.jo.user, call.pk)
        lead = sender(call.lead)
        for number in range(30):
            lead.send("tick", call.point.pk, number % 2 == 0)
        jo.assert_hears(shared=30)
        assert jo.events() == [("shared", number, "tick") for number in range(1, 31)]

    def test_nothing_is_brought_once_the_session_has_ended(self, call, listen, monkeypatch):
        """A notification asks the rows anew: it needs no round of the socket monitor to notice."""
        monkeypatch.setattr(socket_monitor, "EVERY", 60)
        jo = listen(call.jo.user, call.pk)
        Session.objects.filter(session_key=jo.session).delete()
        sender(call.lead).send("tick", call.point.pk)
        assert jo.is_closed() == socket_monitor.OVER
        assert jo.events() == []

    def test_an_error_in_the_watch_ends_nobody_s_news_for_good(self, call, listen, monkeypatch):
        jo = listen(call.jo.user, call.pk)
        jo.assert_hears(shared=0)
        with monkeypatch.context() as broken:
            broken.setattr(socket_monitor, "news_of", lambda told: 1 / 0)
            time.sleep(0.5)
        lead = listen(call.lead.user, call.pk)
        sender(call.lead).send("tick", call.point.pk)
        for page in (lead, jo):
            page.assert_hears(shared=1)


class TestPresence:
    def test_each_sees_who_is_here_and_on_which_question(self, call, listen):
        lead = listen(call.lead.user, call.pk)
        lead.says({"here": call.first.pk})
        jo = listen(call.jo.user, call.pk)
        jo.assert_sees({call.lead.pk: call.first.pk, call.jo.pk: None})
        jo.says({"here": call.first.pk})
        lead.assert_sees({call.lead.pk: call.first.pk, call.jo.pk: call.first.pk})
        jo.socket.close()
        lead.assert_sees({call.lead.pk: call.first.pk})

    def test_who_says_nothing_for_long_is_not_here(self, call, listen, monkeypatch):
        monkeypatch.setattr("interviews.streams.consumers.SILENT", 0.3)
        lead = listen(call.lead.user, call.pk)
        assert lead.is_closed() == 4408

    def test_shadow_is_seen_as_well(self, call, listen):
        sam = ShadowFactory(interview=call)
        lead = listen(call.lead.user, call.pk)
        listen(sam.user, call.pk)
        lead.assert_sees({call.lead.pk: None, sam.pk: None})

    @pytest.mark.parametrize(
        "frame",
        [
            "",
            "{",
            "[]",
            '{"here": "x"}',
            '{"here": -1}',
            '{"here": true}',
            '{"there": 1}',
            "9" * 300,
            b"\x00",
            "[" * 190,
        ],
        ids=range(10),
    )
    def test_other_words_are_passed_over(self, call, listen, frame):
        lead = listen(call.lead.user, call.pk)
        lead.says(frame)
        lead.says({"here": call.first.pk})
        lead.assert_sees({call.lead.pk: call.first.pk})

    def test_a_page_that_moves_costs_one_message_however_many_there_are(self, call, listen, monkeypatch):
        sent = []
        send = notify.send

        async def count(group, message):
            sent.append(message["type"])
            await send(group, message)

        monkeypatch.setattr(notify, "send", count)
        users = [PanelistFactory(interview=call).user for _ in range(12)]
        pages = [listen(user, call.pk) for user in users]
        seats = [panelist.pk for panelist in call.panelists.exclude(pk__in=[call.lead.pk, call.jo.pk])]
        pages[0].assert_sees(dict.fromkeys(seats))
        # When each page told the others by itself, and was answered by each, it took 12 times 12.
        assert sent.count("presence") <= len(pages) + 5
        del sent[:]
        for page in pages:
            page.says({"here": call.first.pk})
        pages[-1].assert_sees(dict.fromkeys(seats, call.first.pk))
        assert sent.count("presence") < len(pages)

    def test_other_processes_are_told_and_forgotten(self, call, listen, monkeypatch):
        """Of each interview, in one message; what it does not say again is not true for ever."""
        monkeypatch.setattr(presence, "FORGOTTEN", 0.5)
        monkeypatch.setattr(presence, "SAID_AGAIN", 0.2)
        lead = listen(call.lead.user, call.pk)
        lead.assert_sees({call.lead.pk: None})
        other = {"type": "presence", "group": f"interview-{call.pk}-shared", "interview": call.pk, "process": "other"}
        message = other | {"here": [[call.jo.pk, call.first.pk, 0]], "asks": False}
        # In a thread of its own: a browser test may have left a running event loop in this one.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(async_to_sync(notify.send), other["group"], message).result()
        lead.assert_sees({call.lead.pk: None, call.jo.pk: call.first.pk})
        lead.assert_sees({call.lead.pk: None})


class TestLimits:
    def test_a_further_page_than_so_many_of_one_person_is_closed_and_the_others_go_on(self, call, listen, monkeypatch):
        monkeypatch.setattr("interviews.streams.consumers.MOST_SOCKETS", 2)
        pages = [listen(call.lead.user, call.pk) for _ in range(2)]
        for page in pages:
            page.assert_hears(shared=0)
        assert listen(call.lead.user, call.pk).is_closed() == 4429
        jo = listen(call.jo.user, call.pk)
        sender(call.lead).send("tick", call.point.pk)
        for page in (*pages, jo):
            page.assert_hears(shared=1)

    def test_a_frame_that_is_too_large_closes_its_own_socket(self, call, listen):
        lead, jo = listen(call.lead.user, call.pk), listen(call.jo.user, call.pk)
        lead.says(" " * 5_000)
        assert lead.is_closed() == 1009
        sender(call.lead).send("tick", call.point.pk)
        jo.assert_hears(shared=1)

    def test_who_missed_much_hears_it_in_parts(self, call, listen, monkeypatch):
        monkeypatch.setattr(streams, "MOST_TOLD", 4)
        monkeypatch.setattr("interviews.streams.events.notify.notify_group", lambda group, numbers: None)
        monkeypatch.setattr(socket_monitor, "EVERY", 0.5)
        jo = listen(call.jo.user, call.pk)
        jo.assert_hears(shared=0)
        lead = sender(call.lead)
        for number in range(10):
            lead.send("tick", call.point.pk, number % 2 == 0)
        jo.assert_hears(shared=10)
        assert jo.events() == [("shared", number, "tick") for number in range(1, 11)]


class TestClosing:
    """Within five seconds; the next request over HTTP is refused anyway."""

    def leave(self, call, jo):
        call.jo.left_at = timezone.now()
        call.jo.save()

    def deactivate(self, call, jo):
        call.jo.user.is_active = False
        call.jo.user.save()

    def sign_out(self, call, jo):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = jo.session
        assert client.post("/sign-out/").status_code == 302

    def end_the_session(self, call, jo):
        Session.objects.filter(session_key=jo.session).update(expire_date=timezone.now())

    def change_the_password(self, call, jo):
        call.jo.user.set_password("another long one")
        call.jo.user.save()

    def take_the_interview_away(self, call, jo):
        call.jo.delete()

    @pytest.mark.parametrize(
        "how",
        ["leave", "deactivate", "sign_out", "end_the_session", "change_the_password", "take_the_interview_away"],
    )
    def test_ends_the_socket_of_that_person_alone(self, call, listen, how):
        lead, jo = listen(call.lead.user, call.pk), listen(call.jo.user, call.pk)
        jo.assert_sees({call.lead.pk: None, call.jo.pk: None})
        getattr(self, how)(call, jo)
        assert jo.is_closed() == socket_monitor.OVER
        sender(call.lead).send("tick", call.point.pk)
        lead.assert_hears(shared=1)


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
