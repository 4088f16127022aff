import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from harness.http import Connection, request


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """A server that sends one of the answers after each request of its one connection, then closes it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            near, _ = server.accept()
            with near:
                for answer in answers:
                    near.recv(65536)
                    near.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


class TestRequest:
    def test_has_the_length_of_its_body(self):
        sent = request("POST", "/x", headers={"Cookie": "a=b"}, body="é".encode())
        assert sent == b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nCookie: a=b\r\n\r\n\xc3\xa9"


class TestConnection:
    def test_reads_answers_of_known_length_and_in_chunks(self):
        known = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"
        chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"
        with answering(known, chunks) as port:
            connection = Connection(port)
            assert connection.send(request("GET", "/")) == (404, b"no")
            assert connection.send(request("GET", "/")) == (200, b"abcd")
            assert connection.received == len(known) + len(chunks)
            connection.close()

    def test_answer_that_is_cut_off_is_an_error(self):
        with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf") as port:
            connection = Connection(port)
            with pytest.raises(ConnectionError):
                connection.send(request("GET", "/"))
            connection.close()
