"""A page that listens to a call, over the web socket of a real server."""

import contextlib
import json
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory
from interviews.streams import socket_monitor

SOON = 15  # seconds; the machine may be busy


@pytest.fixture(autouse=True)
def _often(monkeypatch):
    """Every two seconds is slow for a test."""
    monkeypatch.setattr(socket_monitor, "EVERY", 0.1)


@pytest.fixture
def call(live_site):
    interview = InterviewFactory(live=True)
    interview.lead = LeadFactory(interview=interview)
    interview.jo = PanelistFactory(interview=interview)
    interview.first = interview.questions.order_by("position").first()
    interview.point = interview.first.points.first()
    return interview


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
            max_queue=None,  # else a page that reads nothing does not hear that the server closes, for ten seconds
        )
        return Listener(sockets.enter_context(opening), session)

    with sockets:
        yield open_socket
    live_site.settle()
