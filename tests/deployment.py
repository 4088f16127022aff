"""The product as it is deployed: nginx, supervisor, two web processes, a queue consumer, PostgreSQL and Redis, from the
files of `deploy/`, in folders and on ports of their own."""

import contextlib
import getpass
import json
import os
import pwd
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any

from django.conf import settings

from harness.sessions import CSRF
from runner import machine
from runner.engines import postgresql, socket_folder
from tests.test_nginx import free_port, nginx

ROOT = Path(__file__).resolve().parent.parent
WEB = "interview-script:interview-script-web"
PATIENCE = 60  # seconds
# The rows of the call, and the sessions of its panel, made by the deployed product's own settings.
WORLD = """
import json, datetime as dt
import django; django.setup()
from django.conf import settings
from django.utils import timezone
from harness.sessions import signed_in
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory
from interviews.tests.live_page import call_script
at = timezone.now() - dt.timedelta(minutes=5)
call = InterviewFactory(live=True, script=call_script(), scheduled_for=at)
panel = [LeadFactory(interview=call), PanelistFactory(interview=call), PanelistFactory(interview=call)]
cookies = [signed_in(seat.user).cookies[settings.SESSION_COOKIE_NAME].value for seat in panel]
question = call.questions.order_by("position").first().pk
print(json.dumps({"interview": call.pk, "cookie": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME,
                  "sessions": cookies, "panel": [seat.pk for seat in panel], "question": question}))
"""


def until(holds: Any, what: str, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


class Redis:
    """A Redis that keeps what it holds when it is restarted, as in compose.yaml."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--appendonly", "yes"]
        self.server = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        self.server.terminate()
        self.server.wait(PATIENCE)


@dataclass
class Deployment:
    """The running product; the address is nginx's."""

    folder: Path
    port: int
    environment: dict[str, str]
    redis: Redis
    database: Path
    world: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def run(self, *command: str) -> str:
        """Run a command of the product; returns its output."""
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def count(self, code: str) -> Any:
        """The value of an expression on the deployed database."""
        setup = "import json, django; django.setup(); from interviews.models import *"
        return json.loads(self.run("-c", f"{setup}; print(json.dumps({code}))"))

    def control(self, *words: str) -> str:
        command = ["supervisorctl", "-c", str(self.folder / "supervisor.conf"), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    def web_processes(self) -> set[int]:
        """The processes that serve requests: children of uvicorn's manager."""
        manager = self.control("pid", WEB).strip()
        children = Path(f"/proc/{manager}/task/{manager}/children").read_text().split()
        return {int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()}

    def restart_web_one_by_one(self) -> None:
        before = self.web_processes()
        self.control("signal", "HUP", WEB)
        until(lambda: len(now := self.web_processes()) == 2 and not now & before, "the web processes are the old ones")

    def kill_a_web_process(self) -> None:
        one = min(self.web_processes())
        os.kill(one, signal.SIGKILL)
        until(lambda: len(now := self.web_processes()) == 2 and one not in now, "no other took its place")

    def restart_redis(self) -> None:
        self.redis.stop()
        time.sleep(1)
        self.redis.start()

    def restart_postgresql(self) -> None:
        programs, owner = machine.postgresql_folder(), self.database.stat().st_uid
        assert programs
        options: dict[str, Any] = {"user": owner, "group": pwd.getpwuid(owner).pw_gid, "extra_groups": []}
        command = [str(programs / "pg_ctl"), "-D", "data", "restart", "--wait", "--mode=fast"]
        with (self.folder / "restart.log").open("w") as log:
            subprocess.run(
                [*command, "--log=log"], cwd=self.database, stdout=log, stderr=log, check=True,
                **(options if os.geteuid() == 0 else {}),
            )  # fmt: skip

    def is_up(self) -> bool:
        connection = HTTPSConnection("127.0.0.1", self.port, timeout=5, context=ssl._create_unverified_context())
        with contextlib.closing(connection), contextlib.suppress(OSError, HTTPException):
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        return False

    def said(self) -> str:
        """The last lines that the processes printed."""
        logs = sorted((self.folder / "log").glob("*.log"))
        return "".join(f"\n{log.name}:\n{log.read_text()[-2_000:]}" for log in logs)


class Robot:
    """A panelist whose page sends one rating after the other over HTTP, each until it has its receipt."""

    def __init__(self, site: Deployment, session: str) -> None:
        self.site, self.sent, self.failures = site, 0, list[str]()
        self.is_over = threading.Event()
        world = site.world
        self.path = f"/interviews/{world['interview']}/commands/"
        self.headers = {
            "Cookie": f"{world['cookie']}={session}; {world['csrf']}={CSRF}",
            "X-CSRFToken": CSRF,
            "Origin": site.url,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        self.thread = threading.Thread(target=self.work)
        self.connection: HTTPSConnection | None = None

    def work(self) -> None:
        while not self.is_over.is_set():
            self.sent += 1
            body = {"id": str(uuid.uuid4()), "client": "robot", "n": self.sent, "kind": "rate", "age": 0}
            body |= {"target": self.site.world["question"], "value": self.sent % 4 + 1}
            while (answer := self.post(json.dumps(body))) != "200":
                self.failures.append(answer)
                time.sleep(0.2)
            time.sleep(0.05)

    def post(self, body: str) -> str:
        if self.connection is None:
            context = ssl._create_unverified_context()
            self.connection = HTTPSConnection("127.0.0.1", self.site.port, timeout=30, context=context)
        try:
            self.connection.request("POST", self.path, body, self.headers)
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, HTTPException) as error:
            self.connection.close()
            self.connection = None
            return repr(error)
        return str(answer.status)

    def __enter__(self) -> "Robot":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.is_over.set()
        self.thread.join()
        if self.connection:
            self.connection.close()


@contextlib.contextmanager
def deployment() -> Iterator[Deployment]:
    with (
        socket_folder() as folder,
        postgresql(folder) as database,
        contextlib.ExitStack() as ending,
    ):
        port, web_port, redis = free_port(), free_port(), Redis(folder / "redis")
        redis.start()
        ending.callback(redis.stop)
        environment = dict(os.environ) | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database,
            "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
            "SITE_URL": f"https://127.0.0.1:{port}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECRET_KEY": uuid.uuid4().hex * 2,
            "VAR_DIR": str(folder / "var"),
            "BUILD_DIR": str(folder / "build"),
            "EMAIL_URL": "consolemail://",
            "TRUSTED_PROXIES": "1",
        }
        site = Deployment(folder, port, environment, redis, folder / "pg")
        # Fonts take half a minute to make, and much longer on a busy machine.
        shutil.copytree(settings.BUILD_DIR, folder / "build")
        for command in ("migrate -v0", "build_fonts", "collectstatic --noinput -v0"):
            site.run("manage.py", *command.split())
        site.world = json.loads(site.run("-c", WORLD).splitlines()[-1])
        ending.enter_context(_supervisor(site, web_port))
        (folder / "nginx").mkdir()
        ending.enter_context(nginx(folder / "nginx", web_port, static=folder / "build" / "static", port=port))
        try:
            until(site.is_up, "the product did not start")
            yield site
        except BaseException as error:
            error.add_note(site.said())
            raise


@contextlib.contextmanager
def _supervisor(site: Deployment, port: int) -> Iterator[None]:
    """deploy/supervisor.conf with our names, ports and paths, and two web processes."""
    folder, shipped = site.folder, (ROOT / "deploy" / "supervisor.conf").read_text()
    (folder / "log").mkdir()
    for old, new in (
        ("/srv/interview-script/.venv/bin/python", sys.executable),
        ("directory = /srv/interview-script", f"directory = {ROOT}"),
        ("user = interviews", f"user = {getpass.getuser()}"),
        ("--port 8000", f"--port {port}"),
        ("--workers 1", "--workers 2"),
        ("/var/log/interview-script", str(folder / "log")),
    ):
        assert old in shipped, old
        shipped = shipped.replace(old, new)
    configuration = folder / "supervisor.conf"
    configuration.write_text(
        f"[unix_http_server]\nfile = {folder}/supervisor.sock\n"
        f"[supervisord]\nlogfile = {folder}/log/supervisord.log\npidfile = {folder}/supervisord.pid\n"
        "[rpcinterface:supervisor]\n"
        "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n"
        f"[supervisorctl]\nserverurl = unix://{folder}/supervisor.sock\n{shipped}"
    )
    program = shutil.which("supervisord")
    assert program
    server = subprocess.Popen(
        [program, "--nodaemon", "-c", configuration], env=site.environment, stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        server.terminate()
        server.wait(2 * PATIENCE)
