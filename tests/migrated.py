"""A migrated SQLite database as a file to copy: migrating takes seven seconds, and each process of a run needs one."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# What the tables and triggers are made of.
SOURCES = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "*/immutability.py")


def migrated_database(folder: Path) -> Path:
    """The file in this folder that fits today's migrations. Made if missing; one made for others is deleted."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{_key()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first process makes it, the others wait
        if not file.exists():
            for old in folder.glob("*.sqlite3"):
                old.unlink()
            _migrate(file)
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


def _migrate(file: Path) -> None:
    with tempfile.TemporaryDirectory(dir=file.parent) as name:
        new = Path(name) / "new.sqlite3"
        own = {"VAR_DIR": name, "DATABASE_URL": f"sqlite:///{new}", "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(command, cwd=ROOT, env=os.environ | own, check=True)
        new.rename(file)  # only a whole one has the name
