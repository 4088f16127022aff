import asyncio
import itertools
import threading

import pytest

from config import wsgi_in_asgi
from config.wsgi_in_asgi import ANSWER_BYTES, HASHING_THREADS, HASHING_WAITING, WsgiInAsgi
from tests.own_loop import in_own_loop


class Line:
    """An ASGI connection in memory: says what it was told to, remembers what it was sent."""

    def __init__(self, *messages, hangs=False, pause=0.0):
        self.messages, self.hangs, self.sent = list(messages), hangs, []
        # The first part comes at once.
        self.pauses = itertools.chain([0], itertools.repeat(pause))
        self.began, self.read = asyncio.Event(), asyncio.Event()
        self.read.set()

    async def receive(self):
        await asyncio.sleep(next(self.pauses))
        if self.messages:
            return self.messages.pop(0)
        if self.hangs:
            await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)
        self.began.set()
        await self.read.wait()

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent)


def part(body, more=False):
    return {"type": "http.request", "body": body, "more_body": more}


class Echo:
    """Answers with the body it was given, and a rest of zeros; remembers what became of it."""

    def __init__(self, chunks=()):
        self.chunks, self.bodies, self.threads, self.is_closed = chunks, [], set(), False

    def __call__(self, environ, start_response):
        self.environ = environ
        # As Django reads it: what the length says, and no more.
        self.bodies.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start_response("200 OK", [("X-Name", "Zoë")])
        return self

    def __iter__(self):
        for chunk in (self.bodies[-1], *(bytes(size) for size in self.chunks)):
            self.threads.add(threading.get_ident())
            yield chunk

    def close(self):
        self.is_closed = True


SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/caf\u00e9",
    "query_string": b"",
    "http_version": "1.1",
    "headers": [],
    "client": ("127.0.0.1", 5),
}


def run(line, seconds=5.0, most=100, chunks=(), **options):
    echo = Echo(chunks)
    served = WsgiInAsgi(echo, seconds=seconds, most=most, **options)(SCOPE, line.receive, line.send)
    in_own_loop(served)
    return echo


class TestWsgiInAsgi:
    def test_a_request_in_parts_is_given_whole(self):
        line = Line(part(b"one ", more=True), part(b"two"))
        assert run(line).bodies == [b"one two"]
        assert line.body == b"one two"

    def test_an_answer_is_sent_at_once_when_it_is_done(self):
        line = Line(part(b"x"))
        echo = run(line, chunks=(5, 5))
        assert echo.is_closed
        assert [message["type"] for message in line.sent] == ["http.response.start", "http.response.body"]
        assert line.sent[0]["status"] == 200
        assert line.sent[0]["headers"] == [(b"x-name", "Zoë".encode("latin-1"))]
        assert line.body == b"x" + bytes(10)

    def test_a_large_answer_goes_out_in_pieces(self):
        line = Line(part(b"x"))
        echo = run(line, chunks=[ANSWER_BYTES // 2] * 5)
        assert echo.is_closed
        assert [message.get("more_body", False) for message in line.sent] == [False, True, True, False]
        assert line.body == b"x" + bytes(ANSWER_BYTES // 2 * 5)

    def test_an_answer_that_breaks_off_is_closed(self):
        line, echo = Line(part(b"x")), Echo([-1])
        with pytest.raises(ValueError, match="negative"):
            in_own_loop(WsgiInAsgi(echo)(SCOPE, line.receive, line.send))
        assert echo.is_closed

    def test_downloads_that_nobody_reads_keep_no_thread(self):
        slow = [Line(part(b"x")) for _ in range(8)]
        quick = Line(part(b"y"))

        def answer(environ, start_response):
            return Echo([ANSWER_BYTES] * 3)(environ, start_response)

        async def all_of_them():
            threads = WsgiInAsgi(answer)
            for line in slow:
                line.read = asyncio.Event()
            waiting = [asyncio.create_task(threads(SCOPE, line.receive, line.send)) for line in slow]
            await asyncio.gather(*(line.began.wait() for line in slow))
            await threads(SCOPE, quick.receive, quick.send)
            assert not any(task.done() for task in waiting)
            for line in slow:
                line.read.set()
            await asyncio.gather(*waiting)

        in_own_loop(all_of_them())
        assert quick.body[:1] == b"y"
        assert {len(line.body) for line in slow} == {3 * ANSWER_BYTES + 1}

    def test_requests_that_hash_wait_for_each_other_and_hold_up_nobody(self):
        may_end = threading.Event()

        def answer(environ, start_response):
            if environ["PATH_INFO"] == "/sign-in/":
                may_end.wait(10)
            return Echo()(environ, start_response)

        def busy(environ, start_response):
            start_response("503 Service Unavailable", [("Retry-After", "5")])
            return [b"busy"]

        room = HASHING_THREADS + HASHING_WAITING
        signing_in = [Line(part(b"x")) for _ in range(room + 1)]
        calls = [Line(part(b"y")) for _ in range(8)]

        async def all_of_them():
            threads = WsgiInAsgi(answer, hashes=lambda scope: scope["path"] == "/sign-in/", busy=busy)
            scope = SCOPE | {"path": "/sign-in/"}
            waiting = [asyncio.create_task(threads(scope, line.receive, line.send)) for line in signing_in]
            await waiting[-1]
            await asyncio.gather(*(threads(SCOPE, line.receive, line.send) for line in calls))
            assert not any(task.done() for task in waiting[:-1])
            may_end.set()
            await asyncio.gather(*waiting)
            # There is room again.
            after = Line(part(b"z"))
            await threads(scope, after.receive, after.send)
            return after

        after = in_own_loop(all_of_them())
        assert {line.body for line in calls} == {b"y"}
        assert (signing_in[-1].sent[0]["status"], signing_in[-1].body) == (503, b"busy")
        assert {line.body for line in signing_in[:-1]} == {b"x"}
        assert after.body == b"z"

    def test_a_request_that_does_not_arrive_is_answered_408_and_reaches_nobody(self):
        line = Line(part(b"half", more=True), hangs=True)
        assert run(line, seconds=0.02).bodies == []
        assert line.sent[0]["status"] == 408

    def test_a_slow_line_gets_more_time_while_bytes_arrive(self, monkeypatch):
        monkeypatch.setattr(wsgi_in_asgi, "SLOWEST", 10)
        line = Line(part(b"x" * 90, more=True), part(b"."), pause=0.2)
        assert run(line, seconds=0.15).bodies == [b"x" * 90 + b"."]
        assert line.sent[0]["status"] == 200

    def test_one_that_stops_is_given_up_however_much_has_arrived(self, monkeypatch):
        monkeypatch.setattr(wsgi_in_asgi, "SLOWEST", 1)
        monkeypatch.setattr(wsgi_in_asgi, "IDLE", 0.05)
        line = Line(part(b"x" * 90, more=True), hangs=True)
        assert run(line).bodies == []
        assert line.sent[0]["status"] == 408

    def test_a_header_with_an_underscore_does_not_pass_for_the_one_that_a_proxy_sets(self):
        headers = [(b"x_forwarded_for", b"6.6.6.6"), (b"x-forwarded-for", b"1.2.3.4"), (b"x_forwarded_proto", b"https")]
        echo, line = Echo(), Line(part(b""))
        in_own_loop(WsgiInAsgi(echo)(SCOPE | {"headers": headers}, line.receive, line.send))
        assert echo.environ["HTTP_X_FORWARDED_FOR"] == "1.2.3.4"
        assert "HTTP_X_FORWARDED_PROTO" not in echo.environ

    def test_a_request_that_is_too_large_is_answered_413_and_reaches_nobody(self):
        line = Line(part(b"x" * 60, more=True), part(b"x" * 60))
        assert run(line).bodies == []
        assert line.sent[0]["status"] == 413

    def test_an_upload_may_be_larger(self, monkeypatch):
        monkeypatch.setattr(wsgi_in_asgi, "UPLOAD_BYTES", 150)
        for size, status in ((120, 200), (160, 413)):
            line = Line(part(b"x" * size))
            run(line, uploads=lambda scope: True)
            assert line.sent[0]["status"] == status

    def test_a_browser_that_leaves_half_way_reaches_nobody(self):
        line = Line(part(b"half", more=True))
        assert run(line).bodies == []
        assert line.sent == []

    def test_large_requests_of_strangers_do_not_fill_the_memory(self, monkeypatch):
        monkeypatch.setattr(wsgi_in_asgi, "MOST_HELD", 150)
        monkeypatch.setattr(wsgi_in_asgi, "SMALL", 10)
        held = Line(part(b"x" * 100, more=True), hangs=True)
        refused, small, later = (Line(part(b"x" * size)) for size in (60, 9, 60))
        served = WsgiInAsgi(Echo(), seconds=0.2)

        async def all_of_them():
            waiting = asyncio.create_task(served(SCOPE, held.receive, held.send))
            await asyncio.sleep(0)
            for line in (refused, small):
                await served(SCOPE, line.receive, line.send)
            await waiting
            await served(SCOPE, later.receive, later.send)

        in_own_loop(all_of_them())
        assert [line.sent[0]["status"] for line in (held, refused, small, later)] == [408, 503, 200, 200]
        assert (b"retry-after", b"60") in refused.sent[0]["headers"]
        assert served.held == 0
