"""A migrated database to copy: migrating takes seven seconds, and each process of a test run needs one, as do faults
and benchmarks. On SQLite it is a file, on PostgreSQL a database of the same server."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django

from runner import ROOT

# The sources of the tables and triggers.
SOURCES = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "*/immutability.py", "*/triggers.py")


def migrated_database(folder: Path) -> Path:
    """The file in this folder that fits today's migrations. Made if missing; one made for others is deleted."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{_key()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first process makes it, the others wait
        if not file.exists():
            for old in folder.glob("*.sqlite3"):
                old.unlink()
            _make(file)
    return file


def put_copy(file: Path, place: Path) -> None:
    """Copy the database to this place, without what an ended run left beside it."""
    for end in ("-wal", "-shm", "-journal"):
        place.with_name(place.name + end).unlink(missing_ok=True)
    shutil.copyfile(file, place)


def _key() -> str:
    paths = sorted({path for pattern in SOURCES for path in ROOT.glob(pattern)})
    digest = hashlib.sha256(django.__version__.encode())
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _make(file: Path) -> None:
    with tempfile.TemporaryDirectory(dir=file.parent) as name:
        new = Path(name) / "new.sqlite3"
        migrate(f"sqlite:///{new}")
        new.rename(file)  # only a whole one has the name


def make_database(url: str, name: str) -> None:
    """On the PostgreSQL server of this DATABASE_URL, a migrated database of this name, instead of one that is there."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    whole, half, new = Identifier(f"migrated_{_key()}"), Identifier("half_migrated"), Identifier(name)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(1)")  # the first process makes it, the others wait
        found = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not server.execute(found, [f"migrated_{_key()}"]).fetchone():
            server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(half))
            server.execute(SQL("CREATE DATABASE {}").format(half))
            migrate(renamed(url, "half_migrated"))
            server.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(half, whole))  # only a whole one has the name
        server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(new))
        server.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(new, whole))


def renamed(url: str, database: str) -> str:
    """The DATABASE_URL of another database on the same server."""
    head, mark, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{database}{mark}{query}"


def migrate(url: str) -> None:
    """Apply every migration to this database."""
    with tempfile.TemporaryDirectory() as var:
        own = {"VAR_DIR": var, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(command, cwd=ROOT, env=os.environ | own, check=True)
