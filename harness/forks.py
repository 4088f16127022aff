"""Processes of the product, forked from one that has loaded it: loading takes more than a second of CPU each time.

A fork runs what `python` would run with the same arguments, and has served nobody before. Only modules are there."""

import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

import django

from host.settings_file import NAMES
from runner import ROOT

# What `uvicorn` and `manage.py run_huey` import by name, once they run.
USED = (
    "config.protocol_router",
    "huey.bin.huey_consumer",
    "huey.contrib.djhuey.management.commands.run_huey",
    "servestatic",
    "uvicorn.lifespan.off",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.main",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
    "websockets.asyncio.server",
)


class Fork:
    """A forked process, with those methods of a Popen that we use."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.pid = int(line.recv(16))
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code. Raises TimeoutExpired after so many seconds."""
        if self._code is None:
            self._line.settimeout(timeout)
            try:
                self._code = int(self._line.recv(16))
            except (BlockingIOError, TimeoutError):
                raise subprocess.TimeoutExpired("a fork", timeout or 0) from None
            self._line.close()
        return self._code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


Process = subprocess.Popen[bytes] | Fork


class Loaded:
    """The process that has loaded the product, in the environment that it was started in."""

    def __init__(self, line: socket.socket, environment: Mapping[str, str]) -> None:
        self._line, self._settings = line, _settings(environment)

    def fits(self, environment: Mapping[str, str]) -> bool:
        """Whether the product would read the same settings there."""
        return _settings(environment) == self._settings

    def fork(self, command: Sequence[str], *, out: int, errors: int) -> Fork:
        """Run Python with these arguments; `out` and `errors` are file descriptors."""
        ours, theirs = _pair()
        with theirs:
            socket.send_fds(self._line, [json.dumps(command).encode()], [theirs.fileno(), out, errors])
        return Fork(ours)


_here: list[Loaded] = []


def python(command: Sequence[str], *, out: int | None = None, errors: int | None = None) -> Process:
    """Start Python with these arguments in this environment: forked, if a process has loaded the product in it."""
    if _here and _here[-1].fits(os.environ):
        return _here[-1].fork(command, out=1 if out is None else out, errors=2 if errors is None else errors)
    return subprocess.Popen([sys.executable, *command], env=os.environ, stdout=out, stderr=errors)


@contextlib.contextmanager
def forking() -> Iterator[None]:
    """Load the product, and meanwhile fork what `python` starts from a copy of this process.

    Call it before there is any thread, connection or browser: a copy would have half of it."""
    load()
    sys.stdout.flush()
    ours, theirs = _pair()
    pid = os.fork()
    if not pid:
        ours.close()
        _end(_serve, theirs)
    theirs.close()
    _here.append(Loaded(ours, os.environ))
    try:
        yield
    finally:
        _here.pop()
        ours.close()
        os.waitpid(pid, 0)


@contextlib.contextmanager
def loaded(environment: Mapping[str, str]) -> Iterator[Loaded]:
    """A process of its own that loads the product in this environment."""
    ours, theirs = _pair()
    command = [sys.executable, "-m", "harness.forks", str(theirs.fileno())]
    with subprocess.Popen(command, env=environment, cwd=ROOT, pass_fds=[theirs.fileno()]), ours:
        theirs.close()
        yield Loaded(ours, environment)


def load() -> None:
    """Import what each process of the product imports, and connect to nothing."""
    django.setup()
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018
    for name in USED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def _serve(line: socket.socket) -> int:
    """Fork one process for each message until the other end is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for a fork
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            message, (*files,), _, _ = socket.recv_fds(line, 65536, 3)
            if not message:
                break
            if not os.fork():
                line.close()
                _end(_watch, json.loads(message), *files)
            for file in files:
                os.close(file)
    return 0


def _watch(command: list[str], teller: int, out: int, errors: int) -> int:
    """Fork it, and tell its number and then its exit code: it is not a child of those who asked for it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if not pid:
        os.close(teller)
        os.dup2(out, 1)
        os.dup2(errors, 2)
        _end(_run, command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=teller) as line, contextlib.suppress(BrokenPipeError):
        line.send(str(pid).encode())
        line.send(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
    return 0


def _run(command: list[str]) -> int:
    """What Python does with these arguments. Returns the exit code."""
    try:
        if command[0] in ("-m", "-c"):
            sys.argv = command[1:] if command[0] == "-m" else ["-c", *command[2:]]
        else:
            sys.argv = command
        if command[0] == "-m":
            runpy.run_module(command[1], run_name="__main__", alter_sys=True)
        elif command[0] == "-c":
            exec(command[1], {"__name__": "__main__"})
        else:
            runpy.run_path(command[0], run_name="__main__")
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        sys.stderr.write(f"{end.code}\n")
        return 1
    except BaseException:  # noqa: BLE001  as Python does at the end of any program
        traceback.print_exc()
        return 1
    return 0


def _end(run: Callable[..., int], *given: Any) -> NoReturn:
    """Run this, and end the process: neither a result nor an error returns to those who called the process that it was
    forked from, and who clean up after themselves."""
    code = 1
    try:
        code = run(*given)
    except BaseException:  # noqa: BLE001  whatever it is
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a line on which a message arrives as one."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment.get(name, "") for name in NAMES}


if __name__ == "__main__":
    load()
    _end(_serve, socket.socket(fileno=int(sys.argv[1])))
