"""Delay of a panelist's tick until the others have it as data."""

import asyncio
import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from bench.commands import bare_write
from bench.figure import CannotMeasure, Figure
from bench.load import run
from bench.world import CLIENTS, Seat, panel_seats
from harness.site import Site

EVERY = 2.0  # seconds between two ticks of one panelist
QUICK = 0.2  # seconds of each stage, and between its ticks, where it is only tried
LONGER = 60.0  # seconds of the call of four
KEPT = 3.0  # seconds that the server keeps an idle connection open
SAID = 3.0  # seconds between presence messages of a page
# (interview, number in the shared stream): when the tick was sent, and when each of the others had it.
Log = dict[tuple[str, int], list[float]]


@dataclass
class Browser:
    """A live page without rendering: a socket, a persistent connection, and its latest numbers."""

    seat: Seat
    port: int
    sent: Log
    had: Log
    shared: int = 0
    said_at: float = 0
    socket_bytes: int = 0
    http_bytes: int = 0
    asked_at: float = 0
    asked: int = 0
    answers: "dict[int, asyncio.Future[dict[str, Any]]]" = field(default_factory=dict)
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open(self) -> None:
        headers = {"Cookie": self.seat.headers["Cookie"]}
        address = f"ws://127.0.0.1:{self.port}{self.seat.socket}"
        origin = Origin(f"http://127.0.0.1:{self.port}")
        self.socket: ClientConnection = await connect(
            address, additional_headers=headers, origin=origin, compression=None, ping_interval=None
        )
        self.line = await asyncio.open_connection("127.0.0.1", self.port)
        self.listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        self.listening.cancel()
        await self.socket.close()
        self.line[1].close()

    async def tick(self) -> None:
        """Tick once; the answer has the event's number."""
        begin = time.perf_counter()
        answer = await self.command(self.seat.tick())
        self.sent[self.seat.socket, answer["shared"]] = [begin]

    async def command(self, body: bytes) -> dict[str, Any]:
        """Send over the socket, or over HTTP if the server says so. Raises CannotMeasure if it is refused."""
        self.asked += 1
        answer = self.answers[self.asked] = asyncio.get_running_loop().create_future()
        await self.socket.send(f'{{"request":{self.asked},"body":{body.decode()}}}')
        frame = await answer
        if "status" not in frame:
            return await self._ask(self.seat.request(body))
        _require_ok(frame["status"])
        body_of_answer: dict[str, Any] = frame["body"]
        return body_of_answer

    async def _listen(self) -> None:
        async for frame in self.socket:
            self.socket_bytes += len(frame) + 2
            told = json.loads(frame)
            if "request" in told:
                self.answers.pop(told["request"]).set_result(told)
            if "events" not in told:
                continue
            self._take(told["events"])
            if told["shared"] > self.shared:
                self._take((await self._ask(self.seat.events(self.shared, 0)))["events"])
            if time.perf_counter() - self.said_at > SAID:
                self.said_at = time.perf_counter()
                await self.socket.send('{"here": null}')

    def _take(self, events: list[dict[str, Any]]) -> None:
        now = time.perf_counter()
        for event in events:
            if event["stream"] == "shared" and event["seq"] == self.shared + 1:
                self.shared += 1
                if event["actor"] != self.seat.user:
                    self.had.setdefault((self.seat.socket, event["seq"]), []).append(now)

    async def _ask(self, request: bytes) -> dict[str, Any]:
        async with self.one_at_a_time:
            if time.perf_counter() - self.asked_at > KEPT:
                self.line[1].close()
                self.line = await asyncio.open_connection("127.0.0.1", self.port)
            self.asked_at = time.perf_counter()
            reader, writer = self.line
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            body = await reader.readexactly(length)
        _require_ok(int(head[9:12]))
        self.http_bytes += len(request) + len(head) + length
        answer: dict[str, Any] = json.loads(body)
        return answer


def _require_ok(status: int) -> None:
    if status != 200:
        raise CannotMeasure(f"the server answered {status}")


def figures(web: Site, fanout: Site, floor_port: int, *, is_quick: bool) -> Iterator[Figure]:
    """With one interview of four, and with a hundred; the server's own time per tick; memory per socket; bytes per
    tick; the most ticks a second, whose floor is a bare write over HTTP; and a long-idle socket."""
    alone = panel_seats(1)
    many = panel_seats(3 if is_quick else 100)
    for seats in (alone, many):
        count = len(seats)
        seconds = QUICK if is_quick else 10
        floor = asyncio.run(_bare(fanout.port, count, seconds))
        before = web.memory()
        # Four people tick twenty times in ten seconds: p95 would be the slowest of all.
        is_few = count == len(alone) and not is_quick
        log, memory, browsers, cpu = asyncio.run(calls(web, seats, LONGER if is_few else seconds))
        yield Figure(f"panel_{count}_p50", delay(log, 50), "ms", percentile(floor, 50))
        yield Figure(f"panel_{count}_p95", delay(log, 95), "ms", percentile(floor, 95))
        ticks = len(log)
        yield Figure(f"panel_{count}_lost", lost(log), f"of_{3 * ticks}")
        # With its receipt and three deliveries. Unlike delays, it hardly depends on what else the machine does.
        yield Figure(f"panel_{count}_cpu_per_tick", cpu * 1000 / ticks, "ms")
        if count == len(many):
            yield Figure("socket_memory", (memory - before) / count, "KB")
            yield Figure("socket_bytes_per_tick", sum(b.socket_bytes for b in browsers) / ticks, "B")
            yield Figure("http_bytes_per_tick", sum(b.http_bytes for b in browsers) / ticks, "B")
    seats = panel_seats(3 if is_quick else 20)
    floor_rate = run(floor_port, bare_write, clients=CLIENTS, each=3 if is_quick else 50).per_second
    rate, cpu = asyncio.run(_rate(web, seats, QUICK if is_quick else 10))
    yield Figure(f"sockets_{len(seats)}_rate", rate, "per_s", floor_rate)
    yield Figure(f"sockets_{len(seats)}_cpu_per_tick", cpu, "ms")
    yield Figure("after_idle", asyncio.run(_after_idle(web, alone, QUICK if is_quick else 30)), "ms")


async def calls(web: Site, seats: Sequence[Seat], seconds: float) -> tuple[Log, float, list[Browser], float]:
    """Everybody ticks every two seconds, or once. Returns the delays of each tick, the server's memory (KB) when idle,
    the browsers, and the server's CPU seconds."""
    every = min(EVERY, seconds)
    sent: Log = {}
    had: Log = {}
    browsers = [Browser(seat, web.port, sent, had) for seat in seats]
    for browser in browsers:
        await browser.open()
    # The first request of each of the server's threads opens its database connection.
    await asyncio.gather(*(browser.tick() for browser in browsers[:20]))
    await asyncio.sleep(min(3, seconds))
    sent.clear()
    memory, cpu = web.memory(), web.cpu()
    for browser in browsers:
        browser.socket_bytes = browser.http_bytes = 0

    async def person(browser: Browser) -> None:
        await asyncio.sleep(random.random() * every)
        for _ in range(round(seconds / every)):
            begin = time.perf_counter()
            await browser.tick()
            await asyncio.sleep(max(0, every - (time.perf_counter() - begin)))

    await asyncio.gather(*map(person, browsers))
    await asyncio.sleep(1)
    cpu = web.cpu() - cpu
    for browser in browsers:
        await browser.close()
    return {key: times + had.get(key, []) for key, times in sent.items()}, memory, browsers, cpu


async def _rate(web: Site, seats: Sequence[Seat], seconds: float) -> tuple[float, float]:
    """Ticks a second if each page sends the next one once it has the receipt; and the server's CPU (ms) for each."""
    browsers = [Browser(seat, web.port, {}, {}) for seat in seats]
    for browser in browsers:
        await browser.open()
    await asyncio.gather(*(browser.tick() for browser in browsers))
    begin, cpu = time.perf_counter(), web.cpu()

    async def person(browser: Browser) -> int:
        count = 0
        while time.perf_counter() - begin < seconds:
            await browser.tick()
            count += 1
        return count

    count = sum(await asyncio.gather(*map(person, browsers)))
    took, cpu = time.perf_counter() - begin, web.cpu() - cpu
    for browser in browsers:
        await browser.close()
    return count / took, cpu * 1000 / count


async def _after_idle(web: Site, seats: Sequence[Seat], seconds: float) -> float:
    """Milliseconds until a socket that was idle for this long has the next tick as data."""
    sent: Log = {}
    had: Log = {}
    one, other = (Browser(seat, web.port, sent, had) for seat in seats[:2])
    await one.open()
    await other.open()
    await asyncio.sleep(seconds)
    await one.tick()
    await asyncio.sleep(1)
    await one.close()
    await other.close()
    (key, (begin,)), *_ = sent.items()
    return (had[key][0] - begin) * 1000


async def _bare(port: int, sockets: int, seconds: float) -> list[float]:
    """The same number of sockets on the floor, four per room: milliseconds until the other three have a message."""
    every = min(EVERY, seconds)
    times: list[float] = []

    async def listen(socket: ClientConnection, number: int) -> None:
        async for frame in socket:
            sender, begin = json.loads(frame)
            if sender != number:
                times.append((time.perf_counter() - begin) * 1000)

    async def talk(socket: ClientConnection, number: int) -> None:
        await asyncio.sleep(random.random() * every)
        for _ in range(round(seconds / every)):
            await socket.send(json.dumps([number, time.perf_counter()]))
            await asyncio.sleep(every)

    open_sockets = [
        await connect(f"ws://127.0.0.1:{port}/{number // 4}", compression=None, ping_interval=None)
        for number in range(sockets)
    ]
    listening = [asyncio.create_task(listen(socket, number)) for number, socket in enumerate(open_sockets)]
    await asyncio.gather(*(talk(socket, number) for number, socket in enumerate(open_sockets)))
    await asyncio.sleep(0.2)
    for task, socket in zip(listening, open_sockets, strict=True):
        task.cancel()
        await socket.close()
    return times


def lost(log: Log) -> int:
    """Deliveries to others that never came."""
    return sum(3 - len(times) + 1 for times in log.values())


def delay(log: Log, percent: int) -> float:
    return percentile([(had - times[0]) * 1000 for times in log.values() for had in times[1:]], percent)


def percentile(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]
