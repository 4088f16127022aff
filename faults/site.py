"""The real product in child processes: web server and queue, on the engine of the environment."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path


class Site:
    """A web server, optionally with a queue consumer, that can be killed and restarted on the same port."""

    def __init__(self, application: str = "config.asgi:application") -> None:
        self.application = application
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.web: subprocess.Popen[bytes] | None = None
        self.queue: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "uvicorn", self.application, "--port", str(self.port)]
        self.web = subprocess.Popen(
            [*command, "--no-access-log", "--no-proxy-headers", "--log-level", "error"], env=os.environ
        )
        self.wait()

    def wait(self, limit: float = 30) -> None:
        """Wait until the health check answers."""
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.05)
        raise SystemExit("the web server did not come up")

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
        command = [sys.executable, "manage.py", "run_huey", "--quiet"]
        self.queue = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

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
def own_database() -> Iterator[None]:
    """Point the environment at a temporary, migrated database: a new one on the server of DATABASE_URL, else a file."""
    fonts = Path(os.environ.get("VAR_DIR") or "var").resolve() / "build" / "fonts"
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        if fonts.is_dir():
            # Building them takes a while.
            (Path(folder) / "build").mkdir()
            (Path(folder) / "build" / "fonts").symlink_to(fonts)
        os.environ.update(VAR_DIR=folder, DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="CRITICAL")
        url = os.environ.get("DATABASE_URL", "")
        if not url.startswith("postgres"):
            os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'faults.sqlite3'}"
            yield
            return
        import psycopg

        name = f"faults_{os.getpid()}"
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        os.environ["DATABASE_URL"] = _renamed(url, name)
        try:
            yield
        finally:
            os.environ["DATABASE_URL"] = url
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _renamed(url: str, name: str) -> str:
    head, mark, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}{mark}{query}"
