"""A zip of many PDFs: its time and memory, and the delay of ticks meanwhile."""

import statistics
import time
from collections.abc import Iterator

from bench import memory
from bench.figure import CannotMeasure, Figure
from bench.load import run
from bench.world import Order, World
from harness.site import consuming


def zipped(world: World, port: int, *, is_quick: bool) -> Iterator[Figure]:
    """One zip of 100 PDFs of 3 panelists × 12 questions, built by one worker, with sequential ticks beside it.

    The floor of a tick is the same tick before and after; the floor of memory is the worker after its first PDF."""
    count, ticks = (3, 20) if is_quick else (100, 300)

    def tick_p95() -> float:
        return run(port, world.tick, clients=1, each=ticks).p95

    with consuming() as pid:
        world.order_pdf().wait("ready")  # warm up the worker
        before, idle = memory.megabytes(pid), [tick_p95()]
        watch = memory.Watch(pid)
        watch.start()
        begin = time.perf_counter()
        order = world.order_zip(count)
        busy: list[float] = []
        order.wait("running", "ready")
        while order.state() != "ready" and len(busy) < count:
            busy.append(tick_p95())
        _patiently(order)
        seconds = time.perf_counter() - begin
        yield Figure("zip_seconds", seconds, "s")
        yield Figure("zip_seconds_a_pdf", seconds / count, "s")
        yield Figure("zip_peak_with_layout", watch.stop(), "MB")
        yield Figure("zip_worker_memory", memory.megabytes(pid), "MB", before)
        idle.append(tick_p95())
    yield Figure("tick_p95_while_zipping", statistics.median(busy), "ms", statistics.mean(idle))


def _patiently(order: Order) -> None:
    deadline = time.monotonic() + 600
    while order.state() != "ready":
        if time.monotonic() > deadline:
            raise CannotMeasure("the worker made no zip")
        time.sleep(0.05)
