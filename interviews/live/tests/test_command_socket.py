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
from interviews.streams import events, socket_monitor
from interviews.tests.commanding import Sender

SOON = 15  # seconds; the machine may be busy


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

    def hears(self, **numbers):
        """These numbers, now or soon."""
        while not all(self.frames[-1].get(stream) == number for stream, number in numbers.items()):
            self.next()

    def events(self):
        return [
            (event["stream"], event["seq"], event["kind"]) for frame in self.frames for event in frame.get("events", [])
        ]


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
        page.own_stream = panelist.own_stream
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


class TestDelivery:
    """The events of a command reach this process's pages without another look at the database for them."""

    @pytest.fixture(autouse=True)
    def _no_other_way(self, monkeypatch):
        monkeypatch.setattr(socket_monitor, "EVERY", 60)
        monkeypatch.setattr(events, "_since", lambda numbers: 1 / 0)

    def test_the_panel_hears_what_it_would_read_in_the_same_bytes(self, call, open_page_of):
        lead, second, jo = open_page_of(call.lead), open_page_of(call.lead), open_page_of(call.jo)
        bodies = [lead.body("tick", call.point.pk), lead.body("note", call.first.pk, "Sharp.", base_rev=0)]
        bodies += [lead.body("rate", call.first.pk, 3), lead.body("ask", call.first.pk, "now")]
        for body in bodies:
            assert lead.post(body)["status"] == 200
        both = [("shared", 1, "tick"), ("own", 1, "note"), ("own", 2, "rate"), ("shared", 2, "ask")]
        second.hears(shared=2, own=2)
        jo.hears(shared=2)
        # The sender's own come with the receipts.
        assert lead.events() == second.events() == both
        assert jo.events() == [both[0], both[3]] and jo.frames[-1]["own"] == 0
        assert [bool(frame.get("events")) for frame in lead.frames if "request" in frame] == [True] * 4
        rows = Event.objects.order_by("pk")
        for page in (lead, second, jo):
            told = [event for frame in page.frames for event in frame.get("events", [])]
            mine = [row for row in rows if row.stream in ("shared", page.own_stream)]
            read = json.loads(
                json.dumps([events._line(one["stream"], row) for one, row in zip(told, mine, strict=True)])
            )
            for event in read:
                event["payload"].pop("note", None)
                event["payload"] |= {"text": "Sharp."} if event["kind"] == "note" else {}
            assert json.dumps(told) == json.dumps(read, sort_keys=True)

    def test_who_has_lost_access_hears_nothing_and_is_closed(self, call, open_page_of):
        lead, jo = open_page_of(call.lead), open_page_of(call.jo)
        Session.objects.filter(session_key=jo.session).delete()
        lead.post(lead.body("tick", call.point.pk))
        with pytest.raises(ConnectionClosed) as closed:
            jo.hears(shared=-1)
        assert (closed.value.rcvd.code, jo.events()) == (socket_monitor.OVER, [])

    def test_a_refused_command_is_not_delivered_and_the_others_are(self, call, open_page_of):
        lead, jo = open_page_of(call.lead), open_page_of(call.jo)
        sent = [lead.body("tick", 999_999), lead.body("tick", call.point.pk), lead.body("rate", call.first.pk, 9)]
        lead.post({"commands": sent})
        jo.hears(shared=1)
        assert jo.events() == [("shared", 1, "tick")]


class TestReading:
    """What can't be delivered is read at once, without a round of the socket monitor."""

    @pytest.fixture(autouse=True)
    def _no_rounds(self, monkeypatch):
        monkeypatch.setattr(socket_monitor, "EVERY", 60)

    @pytest.mark.parametrize("broken", ["by_stream", "numbers_of"])
    def test_events_that_could_not_be_delivered_are_read(self, call, open_page_of, monkeypatch, broken, caplog):
        lead, jo = open_page_of(call.lead), open_page_of(call.jo)
        where = events if broken == "by_stream" else socket_monitor
        usual, calls = getattr(where, broken), []

        def fails_once(some):
            calls.append(some)
            return usual(some) if len(calls) > 1 else 1 / 0

        monkeypatch.setattr(where, broken, fails_once)
        assert lead.post(lead.body("tick", call.point.pk))["status"] == 200
        jo.hears(shared=1)
        assert jo.events() == [("shared", 1, "tick")]
        assert "Events were not delivered" in caplog.text

    def test_events_of_other_processes_that_came_before_are_read_first(self, call, open_page_of, monkeypatch):
        lead, jo = open_page_of(call.lead), open_page_of(call.jo)
        monkeypatch.setattr("interviews.streams.notify.notify_group", lambda group, numbers: None)
        Sender(call.jo.user, call).send("tick", call.point.pk)
        lead.post(lead.body("ask", call.first.pk, "now"))
        jo.hears(shared=2)
        assert jo.events() == [("shared", 1, "tick"), ("shared", 2, "ask")]


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
