"""A light HTTP client with persistent connections: sequential requests, or many clients at once."""

import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Request = bytes


def request(method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b"") -> Request:
    """One HTTP/1.1 request as bytes, prepared before the clock runs."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Connection:
    """One persistent connection to 127.0.0.1:`port`."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""
        self.received = 0  # bytes so far, heads included

    def send(self, sent: Request) -> tuple[int, bytes]:
        """Status and body of the answer; compressed, if the request accepts it."""
        self.socket.sendall(sent)
        while b"\r\n\r\n" not in self.rest:
            self._more()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        if b"content-length" in fields:
            length = int(fields[b"content-length"])
            while len(self.rest) < length:
                self._more()
            body, self.rest = self.rest[:length], self.rest[length:]
        else:
            body = b"".join(self._chunks())
        return int(head[9:12]), body

    def _chunks(self) -> Iterator[bytes]:
        while True:
            while b"\r\n" not in self.rest:
                self._more()
            size, _, self.rest = self.rest.partition(b"\r\n")
            length = int(size, 16)
            while len(self.rest) < length + 2:
                self._more()
            chunk, self.rest = self.rest[:length], self.rest[length + 2 :]
            if not length:
                return
            yield chunk

    def _more(self) -> None:
        got = self.socket.recv(65536)
        if not got:
            raise ConnectionError("the server closed the connection")
        self.received += len(got)
        self.rest += got

    def close(self) -> None:
        self.socket.close()


@dataclass(frozen=True)
class Times:
    """Milliseconds per request, requests per second, and the number of answers other than 200."""

    each: list[float]
    per_second: float
    errors: int

    @property
    def p50(self) -> float:
        return statistics.median(self.each)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.each, n=20)[-1]


def run(port: int, make: Callable[[int, int], Request], *, clients: int, each: int) -> Times:
    """`clients` connections, each sending `each` requests one after the other. `make(client, i)` is a request."""
    prepared = [[make(client, i) for i in range(each)] for client in range(clients)]
    times: list[list[float]] = [[] for _ in range(clients)]
    errors = [0] * clients
    ready = threading.Barrier(clients + 1)

    def client(number: int) -> None:
        connection = Connection(port)
        ready.wait()
        for sent in prepared[number]:
            begin = time.perf_counter()
            status, _ = connection.send(sent)
            times[number].append((time.perf_counter() - begin) * 1000)
            errors[number] += status != 200
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    ready.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begin
    return Times([t for row in times for t in row], clients * each / took, sum(errors))
