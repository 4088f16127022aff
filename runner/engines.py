"""Temporary PostgreSQL and Redis servers on unix sockets, so that they never clash with others."""

import contextlib
import os
import pwd
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runner.machine import postgresql_folder
from runner.processes import Stop

PATH_LIMIT = 60  # a unix socket's path is limited to about 100 characters; we add some
START_LIMIT = 10  # seconds


@contextlib.contextmanager
def socket_folder() -> Iterator[Path]:
    """A temporary folder with a short path. Others may pass through it, but not list it."""
    usual = tempfile.gettempdir()
    place = usual if len(usual) < PATH_LIMIT else "/tmp"  # noqa: S108  its folder gets a random name
    with tempfile.TemporaryDirectory(prefix="suite-", dir=place) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@contextlib.contextmanager
def postgresql(folder: Path, *, is_durable: bool = False) -> Iterator[str]:
    """Start a server and yield its DATABASE_URL. As root, it runs as the user postgres.

    Tests need no durability; benchmarks request it."""
    programs, place = postgresql_folder(), folder / "pg"
    assert programs
    place.mkdir(mode=0o700)
    options: dict[str, Any] = {
        "cwd": place,
        "text": True,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
    }
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(place, owner.pw_uid, owner.pw_gid)
        options |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    def do(program: str, arguments: str) -> None:
        done = subprocess.run([programs / program, "-D", "data", *arguments.split()], **options)
        if done.returncode:
            raise Stop(f"{program} failed:\n{done.stdout}")

    do("initdb", "--username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync")
    with (place / "data" / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"listen_addresses = ''\nunix_socket_directories = '{place}'\n")
        if not is_durable:
            settings.write("fsync = off\nfull_page_writes = off\nautovacuum = off\njit = off\n")
    try:
        do("pg_ctl", "start --wait --log=log")
        yield f"postgres://postgres@/postgres?host={place}"
    finally:
        subprocess.run([programs / "pg_ctl", "-D", "data", "stop", "--wait", "--mode=immediate"], **options)


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Start a server without persistence and yield its REDIS_URL."""
    socket, log = folder / "redis.sock", folder / "redis.log"
    command = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--databases", "64"]
    with log.open("w") as file, subprocess.Popen(command, cwd=folder, stdout=file, start_new_session=True) as server:
        try:
            deadline = time.monotonic() + START_LIMIT
            while not socket.exists():
                if server.poll() is not None or time.monotonic() > deadline:
                    raise Stop(f"redis-server did not start:\n{log.read_text()}")
                time.sleep(0.05)
            yield f"unix://{socket}"
        finally:
            server.kill()
