"""The product's processes, started like `./run serve` does."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Web:
    """A running web server."""

    port: int
    pid: int

    def memory(self) -> float:
        """Its resident memory in KB."""
        (line,) = (line for line in Path(f"/proc/{self.pid}/status").read_text().splitlines() if "VmRSS" in line)
        return float(line.split()[1])


@contextmanager
def web(application: str) -> Iterator[Web]:
    """Start a web server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port), "--no-access-log"]
    command += ["--no-proxy-headers", "--ws-per-message-deflate", "false"]
    with subprocess.Popen([*command, "--log-level", "error"], env=os.environ) as server:
        try:
            _wait_for(port)
            yield Web(port, server.pid)
        finally:
            server.send_signal(signal.SIGTERM)


@contextmanager
def queue() -> Iterator[int]:
    """Start a queue consumer and yield its pid. At the end it finishes its running task only."""
    command = [sys.executable, "manage.py", "run_huey", "--quiet", "--graceful-signal=TERM"]
    # Discard its output: emails due meanwhile would be printed among the figures.
    with subprocess.Popen(command, env=os.environ, stdout=sys.stderr) as consumer:
        try:
            yield consumer.pid
        finally:
            consumer.send_signal(signal.SIGTERM)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")
