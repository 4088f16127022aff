"""A load of requests."""

import http.server
import threading

import pytest

from bench.figure import CannotMeasure
from bench.load import run
from harness.http import request


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(int(self.path[1:]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def port():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.sqlite_only
def test_each_request_has_its_time(port):
    times = run(port, lambda _client, _i: request("GET", "/200"), clients=2, each=5)
    assert len(times.each) == 10
    assert 0 < times.p50 <= times.p95


@pytest.mark.sqlite_only
def test_a_refusal_is_no_fast_answer(port):
    with pytest.raises(CannotMeasure, match="of 10 requests the server answered 429 2 times, 503 2 times"):
        run(port, lambda _client, i: request("GET", f"/{(200, 429, 200, 503, 200)[i]}"), clients=2, each=5)
