import asyncio
from concurrent.futures import ThreadPoolExecutor

from config.buffering import ANSWER_BYTES, Buffered


class Line:
    """An ASGI connection in memory: says what it was told to, remembers what it was sent."""

    def __init__(self, *messages, hangs=False):
        self.messages, self.hangs, self.sent = list(messages), hangs, []

    async def receive(self):
        if self.messages:
            return self.messages.pop(0)
        if self.hangs:
            await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)


def part(body, more=False):
    return {"type": "http.request", "body": body, "more_body": more}


class Echo:
    """Answers with the body it was given; keeps what had been sent by the time it was done."""

    def __init__(self, line, size=0):
        self.line, self.size, self.bodies = line, size, []
        self.sent_while_working = 0

    async def __call__(self, scope, receive, send):
        message = await receive()
        self.bodies.append(message["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": message["body"] + b"x" * self.size})
        self.sent_while_working = len(self.line.sent)


def run(line, seconds=5.0, most=100, size=0, scope="http"):
    echo = Echo(line, size)
    served = Buffered(echo, seconds=seconds, most=most)({"type": scope}, line.receive, line.send)
    with ThreadPoolExecutor(1) as pool:  # this thread's own loop is Playwright's once a browser test ran here
        pool.submit(asyncio.run, served).result()
    return echo


class TestBuffered:
    def test_a_request_in_parts_is_given_whole(self):
        line = Line(part(b"one ", more=True), part(b"two"))
        assert run(line).bodies == [b"one two"]
        assert line.sent[1]["body"] == b"one two"

    def test_an_answer_is_sent_when_it_is_done(self):
        line = Line(part(b"x"))
        assert run(line).sent_while_working == 0
        assert [message["type"] for message in line.sent] == ["http.response.start", "http.response.body"]

    def test_an_answer_too_large_to_keep_is_sent_as_it_is_made(self):
        line = Line(part(b"x"))
        assert run(line, size=ANSWER_BYTES).sent_while_working == 2
        assert len(line.sent) == 2

    def test_a_request_that_does_not_arrive_is_answered_408_and_reaches_nobody(self):
        line = Line(part(b"half", more=True), hangs=True)
        assert run(line, seconds=0.02).bodies == []
        assert line.sent[0]["status"] == 408

    def test_a_request_that_is_too_large_is_answered_413_and_reaches_nobody(self):
        line = Line(part(b"x" * 60, more=True), part(b"x" * 60))
        assert run(line).bodies == []
        assert line.sent[0]["status"] == 413

    def test_a_browser_that_leaves_half_way_reaches_nobody(self):
        line = Line(part(b"half", more=True))
        assert run(line).bodies == []
        assert line.sent == []

    def test_what_is_not_http_passes_through(self):
        line = Line({"type": "websocket.connect", "body": b"ws"})
        assert run(line, scope="websocket").sent_while_working == 2
