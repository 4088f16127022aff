"""A temporary environment for the product, on a database that nobody else uses."""

import contextlib
import functools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from harness.migrated import make_database, migrate, migrated_database, put_copy, renamed
from runner.engines import postgresql, redis, socket_folder
from runner.environment import isolated, sqlite_url, variables
from runner.machine import BROWSERS, FIREFOXES, NGINX, missing_test_tools, require


@contextlib.contextmanager
def engine(name: str) -> Iterator[dict[str, str]]:
    """Variables for SQLite in a temporary folder, or for a temporary PostgreSQL and Redis, with every migration."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = isolated(Path(folder)) | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        copy_fonts(Path(folder) / "build")
        if name == "sqlite":
            put_copy(migrated_database(usual_build() / "test-database"), Path(folder) / "db.sqlite3")
            yield environment
            return
        others = {*BROWSERS, *FIREFOXES, NGINX}
        require(lambda: [tool for tool in missing_test_tools() if tool not in others], purpose="--engine postgresql")
        with socket_folder() as sockets, postgresql(sockets, is_durable=True) as database, redis(sockets) as queue:
            migrate(database)
            yield environment | {"DATABASE_URL": database, "REDIS_URL": queue}


@contextlib.contextmanager
def own_database() -> Iterator[None]:
    """Point the environment at a temporary, migrated database without rows: on the server of DATABASE_URL, else a
    file; and where it has a REDIS_URL, at a Redis that no other run uses: its worker would take tasks of this one."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        made = usual_build()
        copy_fonts(folder / "build")
        os.environ.update(VAR_DIR=name, BUILD_DIR=str(folder / "build"))
        os.environ.update(DJANGO_SETTINGS_MODULE="config.settings")
        url = os.environ.get("DATABASE_URL", "")
        if not url.startswith("postgres"):
            put_copy(migrated_database(made / "test-database"), folder / "faults.sqlite3")
            os.environ["DATABASE_URL"] = sqlite_url(folder / "faults.sqlite3")
            yield
            return
        import psycopg

        database = f"faults_{os.getpid()}"
        make_database(url, database)
        os.environ["DATABASE_URL"] = renamed(url, database)
        if queue := os.environ.get("REDIS_URL"):
            os.environ["REDIS_URL"] = stack.enter_context(redis(stack.enter_context(socket_folder())))
        try:
            yield
        finally:
            os.environ.update(DATABASE_URL=url, REDIS_URL=queue or "")
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(f"DROP DATABASE {database} WITH (FORCE)")


def copy_fonts(build: Path) -> None:
    """Copy existing fonts, which saves twenty seconds; build missing ones."""
    made = usual_build()
    for name in ("fonts", "pdf"):
        if (made / name).is_dir():
            shutil.copytree(made / name, build / name)
    if (made / "fonts.stamp").exists():
        shutil.copy(made / "fonts.stamp", build)


@functools.cache
def usual_build() -> Path:
    """Where the fonts of this machine are, and what one process of a test run has made for the others.

    Call it before the environment changes."""
    usual = variables()
    return Path(usual.get("BUILD_DIR") or Path(usual["VAR_DIR"]) / "build")
