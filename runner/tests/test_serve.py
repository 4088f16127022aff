import http.server
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase, mock

from runner import serve
from runner.processes import Stop
from runner.workers import Worker, end

ENV = {"PORT": "1"}  # nobody answers there


class OnlyOneServesTests(TestCase):
    def test_second_start_is_told_where_the_first_one_is(self):
        with TemporaryDirectory() as name, serve.only_one_serves(Path(name), port="8000"):
            with self.assertRaisesRegex(Stop, f"already running on .*: http://127.0.0.1:8000, process {os.getpid()}"):
                with serve.only_one_serves(Path(name), port="8001"):
                    pass

    def test_after_the_first_one_has_ended_the_next_may_start(self):
        with TemporaryDirectory() as name:
            with serve.only_one_serves(Path(name), port="8000"):
                pass
            with serve.only_one_serves(Path(name), port="8001"):
                self.assertIn(":8001", (Path(name) / "serve.lock").read_text())


class RequireFreeTests(TestCase):
    def test_port_in_use_is_told_with_the_way_out(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]

            with self.assertRaisesRegex(Stop, f"Port {port} is in use.*PORT={port + 1} ./run serve --demo"):
                serve.require_free(port, again="./run serve --demo")

        serve.require_free(port)


class AnswersTests(TestCase):
    def answers(self, status):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(b"its disk is full\n")

            def log_message(self, *arguments):
                pass

        with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.handle_request)
            thread.start()
            found = serve.answers(server.server_port)
            thread.join()
        return found

    def test_answer_is_one_unless_the_server_failed(self):
        self.assertTrue(self.answers(200))
        self.assertTrue(self.answers(400))
        self.assertFalse(self.answers(500))

    def test_server_that_cannot_save_yet_is_one_and_says_why(self):
        with mock.patch.object(serve, "say") as said:
            self.assertTrue(self.answers(503))
        said.assert_called_once_with("its disk is full")

    def test_nobody_there_is_none(self):
        self.assertFalse(serve.answers(1))


class WatchTests(TestCase):
    def worker(self, program="import time; time.sleep(60)"):
        worker = Worker("The web server", [sys.executable, "-c", program], dict(os.environ))
        self.addCleanup(lambda: end([worker.child], []))
        return worker

    def test_address_is_announced_once_when_it_answers(self):
        asked = []

        with (
            mock.patch.object(serve, "answers", side_effect=[False, True]),
            mock.patch.object(serve, "announce", side_effect=lambda *_: asked.append(signal.SIGINT)) as announce,
        ):
            serve.watch([self.worker()], asked, env=ENV, logins="who")

        announce.assert_called_once_with(ENV, "who")

    def test_server_that_never_answers_is_given_up(self):
        with (
            mock.patch.object(serve, "answers", return_value=False),
            mock.patch.object(serve, "START_LIMIT", 0.1),
        ):
            with self.assertRaisesRegex(Stop, "did not respond"):
                serve.watch([self.worker()], [], env=ENV, logins="")
