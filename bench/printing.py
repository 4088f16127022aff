"""Building a PDF: alone, and by the worker beside a busy web server."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator

from bench.figure import CannotMeasure, Figure
from bench.load import run
from bench.world import World
from harness.site import consuming
from interviews.exports.document_types import InterviewDocument

ROUNDS = 3


def alone(world: World, *, is_quick: bool) -> Iterator[Figure]:
    """Documents: the demo's scorecards, and those of 3 panelists on 12 questions."""
    yield _alone("pdf_warm", world.document, is_quick=is_quick)
    yield _alone("pdf_3x12", world.large_document, is_quick=is_quick)


def _alone(name: str, make: Callable[[], InterviewDocument], *, is_quick: bool) -> Figure:
    """From rows to bytes, like the worker; the floor is WeasyPrint alone on the same HTML with the same fonts."""
    import weasyprint

    from interviews.exports import pdf, scorecard_json

    html = pdf.html(make())
    fetcher = pdf.fetcher()  # the same fonts

    def product() -> object:
        document = make()
        return pdf.render_apart(document, scorecard_json.attachments(document), seconds=60)

    def floor() -> object:
        page = weasyprint.HTML(string=html, base_url=None, url_fetcher=fetcher)
        return page.write_pdf(pdf_variant="pdf/ua-1")

    gc.set_threshold(50_000, 20, 20)  # the floor at its best
    product()
    rounds = [(_seconds(product), _seconds(floor)) for _ in range(1 if is_quick else ROUNDS)]
    ours, bare = (min(times) for times in zip(*rounds, strict=True))
    return Figure(name, ours, "s", bare)


def queue(world: World, port: int, *, is_quick: bool) -> Iterator[Figure]:
    """Delay until an idle worker starts, and delay of a tick while it is busy."""
    count = 2 if is_quick else 20
    ticks = 20 if is_quick else 300
    with consuming():
        world.order_pdf().wait("ready")  # warm up the worker
        waits = []
        for number in range(count):
            time.sleep(0.3 + 0.05 * (number % 5))  # long enough for it to go idle, and out of phase with its polling
            begin = time.perf_counter()
            order = world.order_pdf()
            order.wait("running", "ready")
            waits.append((time.perf_counter() - begin) * 1000)
            order.wait("ready")
        yield Figure("queue_start_p95", statistics.quantiles(waits, n=20)[-1], "ms")
        idle = run(port, world.tick, clients=1, each=ticks)
        orders = [world.order_pdf() for _ in range(4 if is_quick else 60)]
        orders[0].wait("running", "ready")
        busy = run(port, world.tick, clients=1, each=ticks)
        if orders[-1].state() == "ready":
            raise CannotMeasure("the PDFs were made before the ticks were counted: order more")
    yield Figure("tick_p95_while_printing", busy.p95, "ms", idle.p95)


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
