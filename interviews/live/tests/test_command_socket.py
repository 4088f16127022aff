"""Commands over a live page's socket: the same answers as over HTTP, as long as the session lasts."""

import contextlib
import json

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from accounts.roles import Role
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory
from interviews.live import dispatch, rate_limits
from interviews.models import Event, LateCommand, Note, Receipt, Tick
from interviews.streams import socket_monitor
from interviews.tests.commanding import Sender

SOON = 5


class Page(Sender):
    """A live page that sends over its socket; `post` answers like HTTP, or by None where the page asks over HTTP."""

    def __init__(self, user, interview) -> None:
        super().__init__(user, interview)
        self.session = self.http.cookies[settings.SESSION_COOKIE_NAME].value
        self.asked = 0
        self.frames: list[dict] = []

    def connect(self, url):
        return connect(
            f"{url.replace('http', 'ws')}/ws/interviews/{self.interview.pk}/",
            origin=url,
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"},
            compression=None,
        )

    def post(self, body):
        self.asked += 1
        try:
            self.socket.send(json.dumps({"request": self.asked, "body": body}))
            while (frame := self.next()).get("request") != self.asked:
                pass
        except ConnectionClosed as closed:
            # The socket monitor was quicker.
            if closed.rcvd is None or closed.rcvd.code != socket_monitor.OVER:
                raise
            return None
        return frame if "status" in frame else None

    def next(self) -> dict:
        self.frames.append(json.loads(self.socket.recv(timeout=SOON)))
        return self.frames[-1]

    def events(self):
        return [(event["seq"], event["kind"]) for frame in self.frames for event in frame.get("events", [])]


@pytest.fixture
def call(live_site):
    interview = InterviewFactory(live=True)
    interview.lead = LeadFactory(interview=interview)
    interview.jo = PanelistFactory(interview=interview)
    interview.first = interview.questions.order_by("position").first()
    interview.point = interview.first.points.first()
    return interview


@pytest.fixture
def open_page_of(live_site):
    sockets = contextlib.ExitStack()

    def opened(panelist):
        page = Page(panelist.user, panelist.interview)
        page.socket = sockets.enter_context(page.connect(live_site.url))
        while "takes" not in page.next():  # the socket monitor's first look
            pass
        return page

    with sockets:
        yield opened
    live_site.settle()


def over_http(page, body):
    return Sender.post(page, body)


class TestAnswers:
    def test_a_receipt_is_the_one_over_http(self, call, open_page_of):
        page = open_page_of(call.lead)
        tick, note = page.body("tick", call.point.pk), page.body("note", call.first.pk, "Sharp.", base_rev=0)
        both = {"commands": [tick, note, page.body("tick", 999_999)], "receipts": []}
        told = page.post(both)
        assert (told["status"], told["retry_after"]) == (200, None)
        again = over_http(page, both).json()
        assert told["body"]["answers"] == again["answers"]
        assert over_http(page, tick).json() == page.post(tick)["body"] == told["body"]["answers"][0]
        assert page.post({"receipts": [note["id"]]})["body"]["receipts"] == told["body"]["answers"][1:2]
        assert (Tick.objects.count(), Note.objects.get().text) == (1, "Sharp.")
        assert Receipt.objects.count() == Event.objects.count() == 2

    @pytest.mark.parametrize("what", ["another person's", "no command", "not there", "too late", "shadow’s", "used id"])
    def test_a_refusal_is_the_one_over_http(self, call, open_page_of, what):
        page = open_page_of(call.jo)
        used = page.body("tick", call.point.pk)
        page.post(used)
        body = {
            "another person's": page.body("tick", call.point.pk, sender=call.lead.user_id),
            "no command": page.body("tock", 1),
            "not there": page.body("rate", 999_999, 3),
            "too late": page.body("start", None, False),
            "shadow’s": page.body("gate", 1),
            "used id": used | {"value": False},
        }[what]
        told, answer = page.post(body), over_http(page, body)
        assert (told["status"], told["body"]) == (answer.status_code, answer.json())
        assert told["status"] != 200

    def test_too_many_at_once_wait(self, call, open_page_of, monkeypatch):
        page = open_page_of(call.lead)
        monkeypatch.setattr(rate_limits, "BURST", 1)
        monkeypatch.setattr(rate_limits, "PER_SECOND", 0.01)
        bodies = [page.body("rate", call.first.pk, 3) for _ in range(3)]
        assert len(page.post({"commands": bodies})["body"]["answers"]) == 1
        told = page.post(bodies[1])
        assert (told["status"], told["body"]["code"], told["retry_after"]) == (429, "too-many", 100)

    def test_one_page_s_commands_stay_in_order(self, call, open_page_of):
        page = open_page_of(call.lead)
        for number in range(20):
            page.socket.send(
                json.dumps({"request": number + 1, "body": page.body("tick", call.point.pk, number % 2 == 0)})
            )
        while page.next().get("request") != 20:
            pass
        assert [frame["request"] for frame in page.frames if "request" in frame] == list(range(1, 21))
        told = Event.objects.order_by("seq").values_list("payload__on", flat=True)
        assert list(told) == [True, False] * 10
        assert not Tick.objects.exists()

    @pytest.mark.parametrize(
        "frame",
        ['{"request": 1}', '{"request": "1", "body": {}}', '{"request": 1, "body": [', '{"request":0,"body":{}}'],
    )
    def test_what_is_no_request_is_ignored(self, call, open_page_of, frame):
        page = open_page_of(call.lead)
        page.socket.send(frame)
        assert page.post(page.body("tick", call.point.pk))["status"] == 200

    def test_the_page_is_told_once_how_much_is_taken(self, call, open_page_of):
        page = open_page_of(call.lead)
        page.post(page.body("tick", call.point.pk))
        while not any(frame.get("shared") == 1 for frame in page.frames):
            page.next()
        assert [frame["takes"] for frame in page.frames if "takes" in frame] == [8_000]

    def test_the_largest_request_fits(self, call, open_page_of):
        page = open_page_of(call.lead)
        text = "x" * 7_500
        assert page.post(page.body("note", call.first.pk, text, base_rev=0))["status"] == 200
        assert Note.objects.get().text == text

    def test_an_error_sends_the_page_to_http(self, call, open_page_of, monkeypatch, caplog):
        page = open_page_of(call.lead)
        with monkeypatch.context() as broken:
            broken.setattr(dispatch.rate_limits, "check", lambda user: 1 / 0)
            assert page.post(page.body("tick", call.point.pk)) is None
        assert "ZeroDivisionError" in caplog.text
        assert page.post(page.body("tick", call.point.pk))["status"] == 200


class TestAccess:
    """Looked up anew for each request: no round of the socket monitor is needed."""

    def sign_out(self, call, page):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = page.session
        client.post("/sign-out/")

    def end_the_session(self, call, page):
        Session.objects.filter(session_key=page.session).update(expire_date=timezone.now())

    def deactivate(self, call, page):
        call.jo.user.is_active = False
        call.jo.user.save()

    def change_the_password(self, call, page):
        call.jo.user.set_password("another long one")
        call.jo.user.save()

    @pytest.mark.parametrize("how", ["sign_out", "end_the_session", "deactivate", "change_the_password"])
    def test_after_the_session_nothing_is_taken(self, call, open_page_of, how, monkeypatch):
        monkeypatch.setattr("interviews.streams.socket_monitor.EVERY", 60)
        page = open_page_of(call.jo)
        assert page.post(page.body("rate", call.first.pk, 3))["status"] == 200
        getattr(self, how)(call, page)
        assert page.post(page.body("tick", call.point.pk)) is None
        assert not Tick.objects.exists()

    def test_without_the_role_it_is_404(self, call, open_page_of, monkeypatch):
        monkeypatch.setattr("interviews.streams.socket_monitor.EVERY", 60)
        page = open_page_of(call.jo)
        call.jo.user.groups.remove(Group.objects.get(name=Role.INTERVIEWER))
        assert page.post(page.body("tick", call.point.pk))["status"] == 404

    def test_who_has_left_saves_for_themselves_alone(self, call, open_page_of, monkeypatch):
        monkeypatch.setattr("interviews.streams.socket_monitor.EVERY", 60)
        page = open_page_of(call.jo)
        call.jo.left_at = timezone.now()
        call.jo.save()
        assert page.post(page.body("tick", call.point.pk))["body"]["result"] == {"left": True}
        assert not Tick.objects.exists() and LateCommand.objects.count() == 1
        assert page.post(page.body("ask", call.first.pk, "now"))["status"] == 404

    def test_a_socket_serves_its_own_interview_alone(self, call, open_page_of):
        other = LeadFactory(interview=InterviewFactory(live=True), user=call.lead.user)
        page = open_page_of(other)
        assert page.post(page.body("tick", call.point.pk))["status"] == 404
