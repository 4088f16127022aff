"""How cost grows with the number of calls at once: `./run bench --growth`, for docs/cost.md."""

import asyncio
import resource
from collections.abc import Iterable, Iterator

from bench import panel
from bench.figure import Figure
from bench.world import panel_seats
from harness.site import Site

CALLS = (1, 10, 100, 400)
# The figures of each number of calls, as docs/cost.md names them.
COLUMNS = {
    "p95": "until the others have a tick, p95",
    "cpu_per_tick": "server’s processor time per tick, idle pages included",
    "memory": "memory of the web process",
    "lost": "deliveries lost",
}


def growth(web: Site, *, is_quick: bool) -> Iterator[Figure]:
    """Panels of four, a tick of each person every two seconds: delay, the server's own time per tick, its memory."""
    for calls in (1, 3) if is_quick else CALLS:
        seats = panel_seats(calls)
        log, memory, _, cpu = asyncio.run(panel.calls(web, seats, 1 if is_quick else 10))
        yield Figure(f"growth_{calls}_p95", panel.delay(log, 95), "ms")
        yield Figure(f"growth_{calls}_cpu_per_tick", cpu * 1000 / len(log), "ms")
        yield Figure(f"growth_{calls}_memory", memory / 1024, "MB")
        yield Figure(f"growth_{calls}_lost", panel.lost(log), f"of_{3 * len(log)}")


def table(figures: Iterable[Figure]) -> str:
    """The table of docs/cost.md, one row for each number of calls."""
    named = {figure.name: figure for figure in figures}
    lines = [f"| Calls at once | {' | '.join(COLUMNS.values())} |", "|---" * (1 + len(COLUMNS)) + "|"]
    for calls in CALLS:
        cells = (named.get(f"growth_{calls}_{name}") for name in COLUMNS)
        lines.append(f"| {calls} | {' | '.join(one.words if one else 'not measured' for one in cells)} |")
    return "\n".join(lines)


def allow_many_connections() -> None:
    """As many as the machine permits, here and in the servers that are started from here."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
