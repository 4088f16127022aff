"""The web socket of a live page, through a real server: who may listen, what they hear, and when it ends."""

import contextlib
import json
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from accounts.factories import CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews import watching
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory, ShadowFactory
from interviews.tests.commanding import sender

SOON = 5


@pytest.fixture(autouse=True)
def _often(monkeypatch):
    """Every two seconds is slow for a test."""
    monkeypatch.setattr(watching, "EVERY", 0.1)


class Listener:
    """One socket of one person, and what it was told."""

    def __init__(self, socket: ClientConnection, session: str) -> None:
        self.socket, self.session = socket, session
        self.frames: list[dict] = []

    def next(self) -> dict:
        frame = json.loads(self.socket.recv(timeout=SOON))
        self.frames.append(frame)
        return frame

    def hears(self, **numbers: int) -> None:
        """These numbers, now or soon."""
        until = time.monotonic() + SOON
        while time.monotonic() < until:
            told = self.next().get("numbers", {})
            if all(told.get(stream) == number for stream, number in numbers.items()):
                return
        raise AssertionError(f"never heard {numbers}: {self.frames}")

    def sees(self, here: dict[int, int | None]) -> None:
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
                    return closed.rcvd.code
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
        assert listen(call.lead.user, call.pk).next() == {"numbers": {"shared": 1, "own": 1}}
        assert listen(call.jo.user, call.pk).next() == {"numbers": {"shared": 1, "own": 0}}

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

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", None, "http://testserver.evil.example"])
    def test_other_origins_are_refused(self, call, listen, origin):
        with pytest.raises(InvalidStatus) as refused:
            listen(call.lead.user, call.pk, origin=origin)
        assert refused.value.response.status_code == 403


class TestPokes:
    def test_tick_reaches_the_whole_panel(self, call, listen):
        lead, jo = listen(call.lead.user, call.pk), listen(call.jo.user, call.pk)
        sender(call.lead).send("tick", call.point.pk)
        lead.hears(shared=1)
        jo.hears(shared=1)

    def test_rating_and_note_reach_their_author_s_pages_alone(self, call, listen):
        lead, second, jo = (listen(user, call.pk) for user in (call.lead.user, call.lead.user, call.jo.user))
        browser = sender(call.lead)
        browser.send("rate", call.first.pk, 4)
        browser.send("note", call.first.pk, "Sharp.", base_rev=0)
        lead.hears(own=2)
        second.hears(own=2)
        browser.send("ask", call.first.pk, "now")
        jo.hears(shared=1)
        assert {frame["numbers"].get("own", 0) for frame in jo.frames if "numbers" in frame} == {0}

    def test_tick_in_a_fully_blind_interview_reaches_its_author_alone(self, call, listen):
        call.is_fully_blind = True
        call.save()
        lead, jo = listen(call.lead.user, call.pk), listen(call.jo.user, call.pk)
        sender(call.lead).send("tick", call.point.pk)
        lead.hears(own=1)
        sender(call.lead).send("ask", call.first.pk, "now")
        jo.hears(shared=1)
        assert {frame["numbers"].get("own", 0) for frame in jo.frames if "numbers" in frame} == {0}

    def test_number_comes_though_the_poke_was_lost(self, call, listen, monkeypatch):
        jo = listen(call.jo.user, call.pk)
        monkeypatch.setattr("interviews.streams.pokes.poke", lambda group, numbers: None)
        sender(call.lead).send("tick", call.point.pk)
        jo.hears(shared=1)


class TestPresence:
    def test_each_sees_who_is_here_and_on_which_question(self, call, listen):
        lead = listen(call.lead.user, call.pk)
        lead.says({"here": call.first.pk})
        jo = listen(call.jo.user, call.pk)
        jo.sees({call.lead.pk: call.first.pk, call.jo.pk: None})
        jo.says({"here": call.first.pk})
        lead.sees({call.lead.pk: call.first.pk, call.jo.pk: call.first.pk})
        jo.socket.close()
        lead.sees({call.lead.pk: call.first.pk})

    def test_who_says_nothing_for_long_is_not_here(self, call, listen, monkeypatch):
        monkeypatch.setattr("interviews.consumers.SILENT", 0.3)
        lead = listen(call.lead.user, call.pk)
        assert lead.is_closed() == 4408

    def test_shadow_is_seen_as_well(self, call, listen):
        sam = ShadowFactory(interview=call)
        lead = listen(call.lead.user, call.pk)
        listen(sam.user, call.pk)
        lead.sees({call.lead.pk: None, sam.pk: None})

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
        lead.sees({call.lead.pk: call.first.pk})


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
        jo.sees({call.lead.pk: None, call.jo.pk: None})
        getattr(self, how)(call, jo)
        assert jo.is_closed() == watching.OVER
        sender(call.lead).send("tick", call.point.pk)
        lead.hears(shared=1)


class TestWatching:
    def test_takes_two_queries_however_many_listen(self, call, live_site, django_assert_num_queries):
        seats = []
        for _ in range(30):
            panelist = PanelistFactory(interview=call)
            client = Client()
            client.force_login(panelist.user)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            seats.append(watching.seat_of(user=panelist.user, interview_id=call.pk, session_key=key)[0])
        for some in (seats[:1], seats):
            with django_assert_num_queries(2):
                assert set(watching.numbers_of(some)) == set(some)
