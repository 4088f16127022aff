"""A light HTTP client with persistent connections. A request is bytes, prepared before any clock runs."""

import socket
from collections.abc import Iterator

HOST = "127.0.0.1"
Request = bytes


def request(method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b"") -> Request:
    """One HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Connection:
    """One persistent connection to `port` of this machine; `timeout` in seconds, for each wait."""

    def __init__(self, port: int, timeout: float = 30) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""
        self.received = 0  # bytes so far, heads included

    def send(self, sent: Request) -> tuple[int, bytes]:
        """Status and body of the answer; compressed, if the request accepts it.

        Raises an OSError if the connection breaks or times out. The next request then needs a new Connection."""
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
