"""`./run serve`: prepares everything, then runs web server and queue consumer until stopped."""

import argparse
import contextlib
import fcntl
import http.client
import os
import socket
import subprocess
import textwrap
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from host.files import UMASK, refuse_shared
from runner import ROOT, databases, machine
from runner.environment import PYTHON, install, variables
from runner.processes import Stop, call, signals
from runner.workers import STOP_LIMIT, Worker, end, say

HOST = "127.0.0.1"
START_LIMIT = 60  # seconds for the web server to answer
MANAGE = [PYTHON, "manage.py"]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run serve")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--setup", action="store_true", help="your own data, in var/db.sqlite3, for the first time")
    choice.add_argument("--empty", dest="setup", action="store_true", help=argparse.SUPPRESS)  # old name of --setup
    choice.add_argument("--demo", action="store_true", help="demo data; with DATABASE_URL, in that database")
    options = parser.parse_args(arguments)

    env = variables()
    var = Path(env["VAR_DIR"])
    refuse_shared(var, code=ROOT)
    with only_one_serves(var, port=env["PORT"]):
        require_free(int(env["PORT"]), again=" ".join(["./run serve", *arguments]))
        is_demo = databases.choose(env, wants_demo=options.demo, wants_setup=options.setup)
        databases.require_sound(env["DATABASE_URL"])
        machine.install_fonts()
        install(dev=False)
        os.umask(UMASK)  # files written by children are for this account only
        logins = prepare(env, is_demo=is_demo)
        return run(env, logins=logins)


@contextlib.contextmanager
def only_one_serves(var: Path, *, port: str) -> Iterator[None]:
    """Only one `./run serve` per var/. The children inherit the lock, so it is held while any of them lives."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(var / "serve.lock", "a+", opener=only_ours) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Stop(
                f"Interview Script is already running on {var}: {file.read().strip() or 'it is starting'}."
            ) from None
        file.truncate(0)
        file.write(f"http://{HOST}:{port}, process {os.getpid()}")
        file.flush()
        os.set_inheritable(file.fileno(), True)
        yield


def only_ours(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def require_free(port: int, *, again: str = "./run serve") -> None:
    """Raises Stop with the command `again` on another port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Stop(f"Port {port} is reserved for root. Choose another: PORT=8000 {again}") from None
        except OSError:
            other = port + 1 if port < 65535 else 8000
            raise Stop(f"Port {port} is in use by another program. Choose another: PORT={other} {again}") from None


def prepare(env: Mapping[str, str], *, is_demo: bool) -> str:
    """Bring everything up to date (idempotent). Returns the demo logins, or ""."""
    print("Database …", flush=True)
    manage(["migrate", "-v0"], env=env)
    print("Fonts …", flush=True)
    manage(["build_fonts"], env=env)
    print("Static files …", flush=True)
    collect_static(env)
    print("Question bank …", flush=True)
    manage(["seed_question_bank"], env=env)
    if not is_demo:
        manage(["create_first_administrator"], env=env)  # does nothing if someone exists already
        return ""
    print("Demo data …", flush=True)
    demo = subprocess.run([*MANAGE, "load_demo"], env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE)
    if demo.returncode:
        raise Stop(f"{demo.stdout}The demo data could not be loaded; see above for why.")
    return demo.stdout


def collect_static(env: Mapping[str, str]) -> None:
    """Collect static files. Half-written files of an interrupted run look current to Django: start empty then."""
    build = Path(env.get("BUILD_DIR") or Path(env["VAR_DIR"]) / "build")
    mark = ROOT / build / "static.unfinished"
    again = ["--clear"] if mark.exists() else []
    mark.touch()
    manage(["collectstatic", "--noinput", "-v0", *again], env=env)
    mark.unlink()


def manage(command: list[str], *, env: Mapping[str, str]) -> None:
    if call([*MANAGE, *command], env=env):
        raise Stop(f"`manage.py {command[0]}` failed; see above for why.")


def run(env: Mapping[str, str], *, logins: str) -> int:
    """Start both, announce them, restart either, and stop both when asked."""
    web = [PYTHON, "-m", "uvicorn", "config.asgi:application", "--host", HOST, "--port", env["PORT"]]
    web += ["--log-level", "warning", "--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "30"]
    web += ["--no-proxy-headers"]  # Django reads them, and believes TRUSTED_PROXIES only
    # Socket messages are small: no compression (half the memory), and a limit on frames.
    web += ["--ws-per-message-deflate", "false", "--ws-max-size", "16384"]
    queue = [*MANAGE, "run_huey", "--quiet", "--graceful-signal=TERM", f"--shutdown-timeout={STOP_LIMIT}"]
    asked: list[int] = []  # every signal that asked us to end
    with signals(to=lambda number, _frame: asked.append(number)):
        workers = [Worker("The web server", web, env), Worker("The queue consumer", queue, env)]
        try:
            watch(workers, asked, env=env, logins=logins)
        finally:
            is_clean = end([worker.child for worker in workers], asked)
    return 0 if is_clean else 1


def watch(workers: Sequence[Worker], asked: list[int], *, env: Mapping[str, str], logins: str) -> None:
    """Loop until asked to stop. Raises Stop if a child never starts."""
    started_at, is_announced = time.monotonic(), False
    while not asked:
        for worker in workers:
            worker.supervise()
        if not is_announced:
            if is_announced := answers(int(env["PORT"])):
                announce(env, logins)
            elif time.monotonic() - started_at > START_LIMIT:
                raise Stop(f"The web server did not respond within {START_LIMIT} seconds, so both were stopped.")
        time.sleep(0.2)


def answers(port: int) -> bool:
    """Whether the server answers. A 4xx counts; so does a 503, whose sentence says why it cannot save yet."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        if response.status == 503:
            say(response.read().decode(errors="replace").strip())
        return response.status < 500 or response.status == 503
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(env: Mapping[str, str], logins: str) -> None:
    address = f"http://{HOST}:{env['PORT']}"
    if (site := env.get("SITE_URL", address)) != address:
        address = f"{site} (behind your proxy; here {address})"
    say(f"\n{'─' * 72}\n  Interview Script: {address}\n  Press Ctrl-C to stop it.")
    if logins:
        say("\n" + textwrap.indent(logins.strip(), "  "))
        say("\n  This is demo data. For your team: ./run serve --setup")
    say("─" * 72)
