"""The figures, one function a group. Django is set up here, on the environment that `__main__` made."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import django

from bench.figure import Figure
from bench.load import Request, Times, request, run

if TYPE_CHECKING:
    from bench.world import World

ROUNDS = 3


def measure(*, is_quick: bool) -> Iterator[Figure]:
    """All figures, in the order in which they are printed."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (id integer PRIMARY KEY, n integer, body text)")
    yield from seeding()
    call_command("build_fonts", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from bench.world import World

    world = World()
    with served("config.asgi:application") as port, served("bench.floor:application") as floor_port:
        yield from ticks(world, port, floor_port, each=30 if is_quick else 300)
        yield from pages(world, port, each=5 if is_quick else 40)
    yield from queries(world)
    yield from printing(world)


@contextmanager
def served(application: str) -> Iterator[int]:
    """The port of a server of our own, run as `./run serve` runs it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        application,
        "--port",
        str(port),
        "--no-access-log",
        "--log-level",
        "error",
    ]
    with subprocess.Popen(command, env=os.environ) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def seeding() -> Iterator[Figure]:
    from django.core.management import call_command

    for name in ("seeding, first", "seeding, again"):
        begin = time.perf_counter()
        call_command("seed_question_bank", verbosity=0)
        yield Figure(name.replace(", ", "_"), time.perf_counter() - begin, "s")


def ticks(world: "World", port: int, floor_port: int, *, each: int) -> Iterator[Figure]:
    """A tick, signed in, with event and receipt, against the same server's bare write."""

    def bare(client: int, i: int) -> Request:
        return request("POST", f"/write/{client}", body=str(i).encode())

    for clients, count in ((1, each), (20, max(5, each // 6))):
        best: dict[str, Times] = {}
        run(floor_port, bare, clients=clients, each=5)
        run(port, world.tick, clients=clients, each=5)
        for _ in range(ROUNDS):
            _keep_best(best, "floor", run(floor_port, bare, clients=clients, each=count))
            _keep_best(best, "tick", run(port, world.tick, clients=clients, each=count))
        if clients == 1:
            yield Figure("tick_p50", best["tick"].p50, "ms", best["floor"].p50)
            yield Figure("tick_p95", best["tick"].p95, "ms", best["floor"].p95)
            note = run(port, world.note, clients=1, each=count)
            yield Figure("note_p50", note.p50, "ms", best["floor"].p50)
        else:
            yield Figure("tick_20_clients", best["tick"].per_second, "per_s", best["floor"].per_second)
            yield Figure("tick_20_clients_errors", best["tick"].errors, "of_all")


def _keep_best(best: dict[str, Times], name: str, times: Times) -> None:
    if name not in best or times.per_second > best[name].per_second:
        best[name] = times


def pages(world: "World", port: int, *, each: int) -> Iterator[Figure]:
    """Rendering of the pages that people wait for, against the health check on the same server."""

    def get(path: str) -> Callable[[int, int], Request]:
        return lambda _client, _i: request("GET", path, headers=world.cookies)

    floor = run(port, get("/healthz"), clients=1, each=each)
    for name, path in world.pages.items():
        times = run(port, get(path), clients=1, each=each)
        assert times.errors == 0, path
        yield Figure(f"page_{name}", times.p50, "ms", floor.p50)


def queries(world: "World") -> Iterator[Figure]:
    """How many queries a page takes; BEGIN, COMMIT and SAVEPOINT are not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def counted(captured: CaptureQueriesContext) -> int:
        control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        return sum(not query["sql"].startswith(control) for query in captured.captured_queries)

    for name, path in world.pages.items():
        with CaptureQueriesContext(connection) as captured:
            assert world.http.get(path).status_code == 200
        yield Figure(f"queries_{name}", counted(captured), "queries")
    with CaptureQueriesContext(connection) as captured:
        world.tick_here()
    yield Figure("queries_tick", counted(captured), "queries")


def printing(world: "World") -> Iterator[Figure]:
    """The PDF of the demo's scorecards, from the rows to the bytes, against WeasyPrint alone on the same HTML."""
    import weasyprint

    from interviews import pdf

    best, floor = 9e9, 9e9
    html = pdf.html(world.document())
    pdf.render(world.document())
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        pdf.render(world.document())
        best = min(best, time.perf_counter() - begin)
        begin = time.perf_counter()
        weasyprint.HTML(string=html, base_url=None).write_pdf(pdf_variant="pdf/ua-1")
        floor = min(floor, time.perf_counter() - begin)
    yield Figure("pdf_warm", best, "s", floor)
