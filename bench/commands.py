"""Round trip of a command, as a panelist sees it."""

from collections.abc import Callable, Iterator

from bench.figure import Figure
from bench.load import Times, run
from bench.world import CLIENTS, World
from harness.http import Request, request

ROUNDS = 3


def bare_write(client: int, i: int) -> Request:
    """One write on the floor."""
    return request("POST", f"/write/{client}", body=str(i).encode())


def ticks(world: World, port: int, floor_port: int, *, is_quick: bool) -> Iterator[Figure]:
    """A signed-in tick with event and receipt; the floor is a bare write on the same server."""

    rounds = 1 if is_quick else ROUNDS
    alone = _best(
        rounds,
        floor=lambda: run(floor_port, bare_write, clients=1, each=30 if is_quick else 300),
        tick=lambda: run(port, world.tick, clients=1, each=30 if is_quick else 300),
        note=lambda: run(port, world.note, clients=1, each=30 if is_quick else 300),
    )
    yield Figure("tick_p50", alone["tick"].p50, "ms", alone["floor"].p50)
    yield Figure("tick_p95", alone["tick"].p95, "ms", alone["floor"].p95)
    yield Figure("note_p50", alone["note"].p50, "ms", alone["floor"].p50)
    together = _best(
        rounds,
        floor=lambda: run(floor_port, bare_write, clients=CLIENTS, each=3 if is_quick else 50),
        tick=lambda: run(port, world.tick, clients=CLIENTS, each=3 if is_quick else 50),
    )
    name = f"tick_{CLIENTS}_clients"
    yield Figure(name, together["tick"].per_second, "per_s", together["floor"].per_second)


def _best(rounds: int, **measured: Callable[[], Times]) -> dict[str, Times]:
    """The fastest round of each, interleaved, after a warm-up round."""
    best = {name: measure() for name, measure in measured.items()}
    for number in range(rounds):
        for name, measure in measured.items():
            times = measure()
            if number == 0 or times.per_second > best[name].per_second:
                best[name] = times
    return best
