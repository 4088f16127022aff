"""The shipped nginx configuration in front of the running product: each client counts by its own address."""

import contextlib
import re
import shutil
import socket
import ssl
import subprocess
import time
import uuid
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import override_settings

from accounts.throttling import FAILURES_MAX
from runner import machine

ROOT = Path(__file__).resolve().parent.parent
CSRF = "a" * 32
pytestmark = [
    pytest.mark.sqlite_only,
    pytest.mark.skipif(machine.nginx() is None, reason="nginx is missing: apt-get install nginx-light"),
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is missing"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def nginx(folder: Path, target: int, *, static: Path | None = None, port: int = 0) -> Iterator[int]:
    """deploy/nginx.conf with a certificate of our own, in front of this port; gives its https port."""
    key, certificate, port = folder / "key.pem", folder / "cert.pem", port or free_port()
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    shipped = (ROOT / "deploy" / "nginx.conf").read_text()
    for old, new in (
        ("server 127.0.0.1:8000", f"server 127.0.0.1:{target}"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("/etc/ssl/interviews.example.pem", str(certificate)),
        ("/etc/ssl/interviews.example.key", str(key)),
        ("/srv/interview-script/build/static/", f"{static or folder}/"),
        ("/var/log/nginx/access.log", str(folder / "access.log")),
    ):
        assert old in shipped, old
        shipped = shipped.replace(old, new)
    shipped = re.sub(r"listen \[::\].*;", "", shipped)
    temporary = "".join(
        f"{name}_temp_path {folder / name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"daemon off; user root; pid {folder / 'pid'}; error_log stderr;\nevents {{}}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{temporary}{shipped}\n}}\n"
    )
    check = [machine.nginx() or "", "-t", "-p", folder, "-c", configuration]
    checked = subprocess.run(check, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    server = subprocess.Popen([machine.nginx() or "", "-p", folder, "-c", configuration], stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert server.poll() is None, server.stderr and server.stderr.read()
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.communicate(timeout=10)


def sign_in(port: int, *, source: str, email: str, forged: str = "") -> int:
    connection = HTTPSConnection(
        "127.0.0.1", port, timeout=10, source_address=(source, 0), context=ssl._create_unverified_context()
    )
    body = urlencode({"username": email, "password": "wrong", "csrfmiddlewaretoken": CSRF})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={CSRF}",
        "Referer": f"https://127.0.0.1:{port}/sign-in/",
    }
    if forged:
        headers["X-Forwarded-For"] = forged
    with contextlib.closing(connection):
        connection.request("POST", "/sign-in/", body, headers)
        return connection.getresponse().status


def get(port: int, path: str) -> None:
    connection = HTTPSConnection("127.0.0.1", port, timeout=10, context=ssl._create_unverified_context())
    with contextlib.closing(connection):
        connection.request("GET", path)
        connection.getresponse().read()


class TestNginx:
    def test_a_client_is_slowed_down_by_its_own_address_and_a_forged_header_changes_nothing(
        self, live_site, tmp_path
    ) -> None:
        email = f"{uuid.uuid4()}@example.org"
        with override_settings(TRUSTED_PROXIES=1), nginx(tmp_path, live_site.port) as port:
            statuses = [
                sign_in(port, source="127.0.0.2", email=email, forged=f"10.0.0.{number}")
                for number in range(FAILURES_MAX + 1)
            ]
            assert statuses == [422] * FAILURES_MAX + [429]
            # Another client behind the same nginx, and one that takes the name of the first.
            assert sign_in(port, source="127.0.0.3", email=email) == 422
            assert sign_in(port, source="127.0.0.3", email=email, forged="127.0.0.2") == 422
            for path in ("/calendar/secret-token.ics", "/welcome/MQ/secret-token/"):
                get(port, path)
        logged = (tmp_path / "access.log").read_text()
        assert "/sign-in/" in logged
        assert "secret-token" not in logged
