"""Times of requests: one client sends them one after the other, or many clients do at once."""

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bench.figure import CannotMeasure
from harness.http import Connection, Request


@dataclass(frozen=True)
class Times:
    """Milliseconds per request, and requests per second."""

    each: list[float]
    per_second: float

    @property
    def p50(self) -> float:
        return statistics.median(self.each)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.each, n=20)[-1]


def run(port: int, make: Callable[[int, int], Request], *, clients: int, each: int) -> Times:
    """`clients` connections, each sending `each` requests one after the other. `make(client, i)` is a request.

    Raises CannotMeasure if one is not answered with 200: the server refuses sooner than it works."""
    prepared = [[make(client, i) for i in range(each)] for client in range(clients)]
    times: list[list[float]] = [[] for _ in range(clients)]
    refused: Counter[int] = Counter()
    ready = threading.Barrier(clients + 1)

    def client(number: int) -> None:
        connection = Connection(port)
        ready.wait()
        for sent in prepared[number]:
            begin = time.perf_counter()
            status, _ = connection.send(sent)
            times[number].append((time.perf_counter() - begin) * 1000)
            if status != 200:
                refused[status] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    ready.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begin
    if refused:
        told = ", ".join(f"{status} {count} times" for status, count in sorted(refused.items()))
        raise CannotMeasure(f"of {clients * each} requests the server answered {told}")
    return Times([t for row in times for t in row], clients * each / took)
