"""The product as processes, as `./run serve` starts them: web server and queue, on the engine of the environment."""

import contextlib
import functools
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from harness.collected import collect_static
from harness.engine import usual_build
from harness.forks import Process, python
from harness.http import HOST

START_LIMIT = 30  # seconds; the machine may be busy


class Site:
    """A web server, optionally with a queue consumer, that can be killed and restarted on the same port."""

    def __init__(self, application: str = "config.asgi:application") -> None:
        self.application = application
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port: int = probe.getsockname()[1]
        self.web: Process | None = None
        self.queue: Process | None = None

    def start(self) -> None:
        """Start the web server, and return once it accepts connections: it has loaded the application by then."""
        command = ["-m", "uvicorn", self.application, "--port", str(self.port), "--no-access-log"]
        command += ["--no-proxy-headers", "--ws-per-message-deflate", "false", "--log-level", "error"]
        self.web = python(command)
        deadline = time.monotonic() + START_LIMIT
        while self.web.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                socket.create_connection((HOST, self.port), timeout=1).close()
                return
            time.sleep(0.05)
        raise SystemExit("the web server did not start")

    def memory(self) -> float:
        """Resident memory of the web server in KB."""
        assert self.web
        status = Path(f"/proc/{self.web.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if "VmRSS" in line)
        return float(line.split()[1])

    def cpu(self) -> float:
        """The CPU seconds that the web server has used."""
        assert self.web
        fields = Path(f"/proc/{self.web.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """Kill with -9, like a power cut."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop with SIGTERM, like a deployment: it drains."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        assert self.web
        self.web.send_signal(number)
        self.web.wait(60)

    def start_queue(self) -> None:
        # Its children print a broken pipe when it is killed; the rows are what counts.
        with Path(os.devnull).open("w") as nowhere:
            self.queue = _consumer(output=nowhere.fileno())

    def kill_queue(self) -> None:
        assert self.queue
        self.queue.kill()
        self.queue.wait(10)

    def close(self) -> None:
        for process in (self.web, self.queue):
            if process and process.poll() is None:
                process.kill()
                process.wait(10)


@contextlib.contextmanager
def serving(application: str = "config.asgi:application") -> Iterator[Site]:
    """A running web server, which drains at the end."""
    site = Site(application)
    try:
        site.start()
        yield site
        site.stop()
    finally:
        site.close()


@contextlib.contextmanager
def consuming() -> Iterator[int]:
    """Start a queue consumer and yield its pid. At the end it finishes its running task only."""
    # What it prints goes to the errors: emails due meanwhile would appear among the figures.
    consumer = _consumer(output=sys.stderr.fileno())
    try:
        yield consumer.pid
    finally:
        consumer.send_signal(signal.SIGTERM)
        consumer.wait()


def _consumer(*, output: int) -> Process:
    return python(["manage.py", "run_huey", "--quiet", "--graceful-signal=TERM"], out=output, errors=output)


@functools.cache
def build_static() -> None:
    """The fonts and static files that pages need, in the folders of the settings."""
    collect_static(usual_build() / "test-static")
