"""Pages: rendering time, number of queries, and bytes of the live page's first load."""

import gzip
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from bench.figure import CannotMeasure, Figure
from bench.load import Times, run
from bench.world import World
from harness.http import Connection, request

# References to files that the browser loads next; a comment that imports a type is none.
LINKS = re.compile(
    rb"""(?:\b(?:href|src)="|\burl\(["']?|\bfrom "|\bimport ")(/static/[^"')]++|\.{1,2}/[^"')]++)(?!" \*/)"""
)


def rendering(world: World, port: int, *, is_quick: bool) -> Iterator[Figure]:
    """Time of pages; the floor is the health check on the same server."""
    each = 3 if is_quick else 40

    def get(path: str, cookie: str, each: int) -> Times:
        sent = request("GET", path, headers={"Cookie": cookie})
        return run(port, lambda _client, _i: sent, clients=1, each=each)

    floor = get("/healthz", "", each)
    for page in world.pages:
        get(page.path, page.cookie, 2)
        times = get(page.path, page.cookie, each)
        yield Figure(f"page_{page.name}", times.p50, "ms", floor.p50)


def queries(world: World) -> Iterator[Figure]:
    """Queries of each page and of a tick, without BEGIN, COMMIT and SAVEPOINT."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def counted(captured: CaptureQueriesContext) -> int:
        control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        return sum(not query["sql"].startswith(control) for query in captured.captured_queries)

    for page in world.pages:
        with CaptureQueriesContext(connection) as captured:
            answer = page.http.get(page.path)
        if answer.status_code != 200:
            raise CannotMeasure(f"{page.path} was answered with {answer.status_code}")
        yield Figure(f"queries_{page.name}", counted(captured), "queries")
    with CaptureQueriesContext(connection) as captured:
        world.tick_here()
    yield Figure("queries_tick", counted(captured), "queries")


def first_load(world: World, port: int) -> Iterator[Figure]:
    """Bytes of the live page with an empty cache: every file, compressed, headers included."""
    connection = Connection(port)
    page = next(page for page in world.pages if page.name == "live")
    paths = [page.path]
    for path in paths:
        headers = {"Cookie": page.cookie, "Accept-Encoding": "gzip"}
        status, body = connection.send(request("GET", path, headers=headers))
        if status != 200:
            raise CannotMeasure(f"{path} was answered with {status}")
        text = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
        found = [urljoin(path, link.decode()) for link in LINKS.findall(text)]
        paths += [link for link in dict.fromkeys(found) if link not in paths]
    connection.close()
    yield Figure("live_first_load", connection.received / 1000, "kB")
    yield Figure("live_first_load_requests", len(paths), "requests")
