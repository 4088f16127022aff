"""`./run serve`: everything prepared, then web server and queue consumer, until one is told to end."""

import argparse
import contextlib
import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from runner import ROOT
from runner.environment import PYTHON, install, sqlite_url, variables
from runner.processes import Stop, call, kill_group, signals

Child = subprocess.Popen[bytes]
HOST = "127.0.0.1"
START_LIMIT = 60  # seconds until the web server must have answered
STOP_LIMIT = 60  # seconds that a running task has to finish
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
MANAGE = [PYTHON, "manage.py"]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run serve")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--empty", action="store_true", help="var/db.sqlite3 with the question bank alone")
    choice.add_argument("--demo", action="store_true", help="demo data in the database of DATABASE_URL too")
    options = parser.parse_args(arguments)

    env = variables()
    is_demo = options.demo or not (options.empty or "DATABASE_URL" in env)
    if is_demo and "DATABASE_URL" not in env:
        env["DATABASE_URL"] = sqlite_url(Path(env["VAR_DIR"]) / "demo.sqlite3")
    with only_one_serves(Path(env["VAR_DIR"]), port=env["PORT"]):
        require_free(int(env["PORT"]))
        install(dev=False)
        logins = prepare(env, is_demo=is_demo)
        return run(env, logins=logins)


@contextlib.contextmanager
def only_one_serves(var: Path, *, port: str) -> Iterator[None]:
    """Two queue consumers and two web servers on one var/ would get in each other's way.

    The children inherit the lock, so it is held for as long as any of them lives.
    """
    var.mkdir(parents=True, exist_ok=True)
    with (var / "serve.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Stop(
                f"Interview Script is running on {var} already: {file.read().strip() or 'it is starting'}."
            ) from None
        file.truncate(0)
        file.write(f"http://{HOST}:{port}, process {os.getpid()}")
        file.flush()
        os.set_inheritable(file.fileno(), True)
        yield


def require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Stop(f"Port {port} is reserved for root. Choose another: PORT=8000 ./run serve") from None
        except OSError:
            raise Stop(
                f"Port {port} is in use by another program. Choose another: PORT={port + 1} ./run serve"
            ) from None


def prepare(env: Mapping[str, str], *, is_demo: bool) -> str:
    """Bring everything up to date, however often; give what there is to say about signing in."""
    for step, *command in (
        ("Database", "migrate", "-v0"),
        ("Fonts", "build_fonts"),
        ("Static files", "collectstatic", "--noinput", "-v0"),
        ("Question bank", "seed_question_bank"),
    ):
        print(f"{step} …", flush=True)
        manage(command, env=env)
    if not is_demo:
        manage(["create_first_administrator"], env=env)  # says nothing when there is somebody already
        return ""
    print("Demo data …", flush=True)
    demo = subprocess.run([*MANAGE, "load_demo"], env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE)
    if demo.returncode:
        raise Stop(f"{demo.stdout}The demo data could not be loaded; the reason stands above.")
    return demo.stdout


def manage(command: list[str], *, env: Mapping[str, str]) -> None:
    if call([*MANAGE, *command], env=env):
        raise Stop(f"`manage.py {' '.join(command)}` failed; the reason stands above.")


def run(env: Mapping[str, str], *, logins: str) -> int:
    """Start both, announce them, and end both once we are told to or one has ended by itself."""
    web = [PYTHON, "-m", "uvicorn", "config.asgi:application", "--host", HOST, "--port", env["PORT"]]
    web += ["--log-level", "warning", "--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "30"]
    web += ["--no-proxy-headers"]  # Django reads them, and believes TRUSTED_PROXIES only
    web += ["--ws-per-message-deflate", "false"]  # a socket says little; half the memory
    queue = [*MANAGE, "run_huey", "--quiet", "--graceful-signal=TERM", f"--shutdown-timeout={STOP_LIMIT}"]
    asked: list[int] = []  # every signal that asked us to end
    with signals(to=lambda number, _frame: asked.append(number)):
        children = {"The web server": start(web, env), "The queue consumer": start(queue, env)}
        try:
            ended = watch(children, asked, env=env, logins=logins)
        finally:
            is_clean = end(list(children.values()), asked)
    if ended:
        raise Stop(f"{ended} ended by itself, so the other one was ended too.")
    return 0 if is_clean else 1


def start(command: list[str], env: Mapping[str, str]) -> Child:
    """In a process group of its own: Ctrl-C is ours to pass on. It inherits the lock and nothing else."""
    return Child(
        command,
        env=env,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        process_group=0,
        close_fds=False,
        preexec_fn=end_with_parent,
    )


def end_with_parent() -> None:
    """Runs in the child. Where the system can, it is ended when we are killed and can end it no more."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def watch(children: Mapping[str, Child], asked: list[int], *, env: Mapping[str, str], logins: str) -> str:
    """Give the name of the child that ended by itself, or nothing when we were asked to end."""
    started_at, is_announced = time.monotonic(), False
    while not asked:
        for name, child in children.items():
            if child.poll() is not None:
                return name
        if not is_announced:
            if is_announced := answers(int(env["PORT"])):
                announce(env, logins)
            elif time.monotonic() - started_at > START_LIMIT:
                raise Stop(f"The web server did not answer within {START_LIMIT} seconds, so both were ended.")
        time.sleep(0.2)
    return ""


def answers(port: int) -> bool:
    """A refusal (a host that is not allowed, say) is an answer too; a server error is none."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(env: Mapping[str, str], logins: str) -> None:
    address = f"http://{HOST}:{env['PORT']}"
    if (site := env.get("SITE_URL", address)) != address:
        address = f"{site} (behind your proxy; here {address})"
    say(f"\n{'─' * 72}\n  Interview Script: {address}\n  Ctrl-C ends it.")
    if logins:
        say("\n" + textwrap.indent(logins.strip(), "  "))
    say("─" * 72)


def end(children: list[Child], asked: list[int]) -> bool:
    """Ask the children to finish, and wait; a second Ctrl-C does not wait. True: none was killed."""
    before, deadline = len(asked), time.monotonic() + STOP_LIMIT + 5
    living = [child for child in children if child.poll() is None]
    if living:
        say("\nEnding, as soon as the running requests and task are done. Ctrl-C again ends at once.")
    for child in living:
        child.terminate()
    while living and len(asked) == before and time.monotonic() < deadline:
        time.sleep(0.1)
        living = [child for child in living if child.poll() is None]
    for child in living:
        kill_group(child, signal.SIGKILL)
        child.wait()
    return not living


def say(text: str) -> None:
    """The terminal may be gone: that must not keep us from ending the children."""
    with contextlib.suppress(OSError):
        print(text, flush=True)
