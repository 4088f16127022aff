"""Everybody on many panels writes notes at once: how long until a change has its receipt."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence

from bench.figure import Figure
from bench.panel import Browser, percentile
from bench.world import Seat, panel_seats
from harness.site import Site

EVERY = 1.0  # seconds between two changes of one note
CHARACTERS = 80


def typing(web: Site, *, is_quick: bool) -> Iterator[Figure]:
    seats = panel_seats(3 if is_quick else 100)
    times, cpu = asyncio.run(_typed(web, seats, 1 if is_quick else 10))
    yield Figure(f"typing_{len(seats)}_p50", percentile(times, 50), "ms")
    yield Figure(f"typing_{len(seats)}_p95", percentile(times, 95), "ms")
    yield Figure(f"typing_{len(seats)}_cpu_per_change", cpu * 1000 / len(times), "ms")


async def _typed(web: Site, seats: Sequence[Seat], seconds: float) -> tuple[list[float], float]:
    """Milliseconds until each receipt, and the server's CPU seconds."""
    browsers = [Browser(seat, web.port, {}, {}) for seat in seats]
    for browser in browsers:
        await browser.open()
    await asyncio.gather(*(browser.command(browser.seat.words(CHARACTERS)) for browser in browsers[:20]))
    await asyncio.sleep(1)
    times: list[float] = []
    cpu = web.cpu()

    async def person(browser: Browser) -> None:
        await asyncio.sleep(random.random() * EVERY)
        for _ in range(max(2, round(seconds / EVERY))):
            begin = time.perf_counter()
            await browser.command(browser.seat.words(CHARACTERS))
            times.append((time.perf_counter() - begin) * 1000)
            await asyncio.sleep(max(0, EVERY - (time.perf_counter() - begin)))

    await asyncio.gather(*map(person, browsers))
    cpu = web.cpu() - cpu
    for browser in browsers:
        await browser.close()
    return times, cpu
