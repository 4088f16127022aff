import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase, mock, skipUnless

from runner import ROOT, serve
from runner.processes import Stop

ENV = {"PORT": "1"}  # nobody answers there


def child(program):
    return serve.start([sys.executable, "-c", program], dict(os.environ))


class OnlyOneServesTests(TestCase):
    def test_second_start_is_told_where_the_first_one_is(self):
        with TemporaryDirectory() as name, serve.only_one_serves(Path(name), port="8000"):
            with self.assertRaisesRegex(Stop, f"already: http://127.0.0.1:8000, process {os.getpid()}"):
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

            with self.assertRaisesRegex(Stop, f"Port {port} is in use.*PORT={port + 1} ./run serve"):
                serve.require_free(port)

        serve.require_free(port)


class AnswersTests(TestCase):
    def answers(self, status):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.end_headers()

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

    def test_nobody_there_is_none(self):
        self.assertFalse(serve.answers(1))


class WatchTests(TestCase):
    def test_child_that_ended_by_itself_is_named(self):
        children = {"The web server": child("import time; time.sleep(60)"), "The queue": child("")}
        self.addCleanup(serve.end, list(children.values()), [])

        with mock.patch.object(serve, "answers", return_value=False):
            self.assertEqual(serve.watch(children, [], env=ENV, logins=""), "The queue")

    def test_address_is_announced_once_when_it_answers(self):
        web = child("import time; time.sleep(60)")
        asked = []
        self.addCleanup(serve.end, [web], asked)

        with (
            mock.patch.object(serve, "answers", side_effect=[False, True]),
            mock.patch.object(serve, "announce", side_effect=lambda *_: asked.append(signal.SIGINT)) as announce,
        ):
            self.assertEqual(serve.watch({"The web server": web}, asked, env=ENV, logins="who"), "")

        announce.assert_called_once_with(ENV, "who")

    def test_server_that_never_answers_is_given_up(self):
        web = child("import time; time.sleep(60)")
        self.addCleanup(serve.end, [web], [])

        with (
            mock.patch.object(serve, "answers", return_value=False),
            mock.patch.object(serve, "START_LIMIT", 0.1),
        ):
            with self.assertRaisesRegex(Stop, "did not answer"):
                serve.watch({"The web server": web}, [], env=ENV, logins="")


class StartTests(TestCase):
    @skipUnless(sys.platform == "linux", "other systems leave the child alive")
    def test_child_ends_when_its_parent_is_killed(self):
        parent = (
            "import os, sys, time; from runner import ROOT, serve;"
            "print(serve.start([sys.executable, '-c', 'import time; time.sleep(60)'], os.environ).pid, flush=True);"
            "time.sleep(60)"
        )
        with subprocess.Popen([sys.executable, "-c", parent], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            child_pid = int(process.stdout.readline())
            process.kill()

        for _ in range(100):
            if not Path(f"/proc/{child_pid}").exists() or "(zombie)" in Path(f"/proc/{child_pid}/status").read_text():
                return
            time.sleep(0.05)
        self.fail("the child is still there")


@mock.patch.object(serve, "say", mock.Mock())
class EndTests(TestCase):
    def stubborn(self):
        """A child that ignores SIGTERM, as one in a long task does."""
        with TemporaryDirectory() as name:
            ready = Path(name) / "ready"
            process = child(
                "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
                f"pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
            )
            while not ready.exists():
                time.sleep(0.01)
        return process

    def test_child_that_ends_when_asked_is_clean(self):
        process = child("import time; time.sleep(60)")

        self.assertTrue(serve.end([process], []))
        self.assertEqual(process.returncode, -signal.SIGTERM)

    def test_second_signal_kills(self):
        process, asked = self.stubborn(), [signal.SIGINT]
        threading.Timer(0.3, asked.append, [signal.SIGINT]).start()

        self.assertFalse(serve.end([process], asked))
        self.assertEqual(process.returncode, -signal.SIGKILL)

    def test_child_that_never_ends_is_killed_at_the_limit(self):
        process, started_at = self.stubborn(), time.monotonic()

        with mock.patch.object(serve, "STOP_LIMIT", -4.8):
            self.assertFalse(serve.end([process], []))

        self.assertLess(time.monotonic() - started_at, 5)
