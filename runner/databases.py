"""Chooses the database of `./run serve` and checks its file, before anything is installed."""

import contextlib
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from host.faults import in_words, is_damage
from host.files import SQLITE_BESIDE
from runner import ROOT
from runner.environment import sqlite_url
from runner.processes import Stop


def choose(env: dict[str, str], *, wants_demo: bool, wants_setup: bool) -> bool:
    """Set DATABASE_URL if missing. Returns whether demo data are served.

    If var/db.sqlite3 has people, it is served, whatever was started before.
    """
    if "DATABASE_URL" in env:
        return wants_demo
    own = own_file(env)
    is_demo = wants_demo or not (wants_setup or has_people(own))
    file = demo_file(env) if is_demo else own
    if is_demo and is_damaged(file):
        put_aside(file)
    env["DATABASE_URL"] = sqlite_url(file)
    return is_demo


def own_file(env: Mapping[str, str]) -> Path:
    return Path(env["VAR_DIR"]) / "db.sqlite3"


def demo_file(env: Mapping[str, str]) -> Path:
    return Path(env["VAR_DIR"]) / "demo.sqlite3"


def has_people(file: Path) -> bool:
    """Whether the file has people. Raises Stop if it is unreadable: it may have real data."""
    try:
        return bool(_ask(file, "SELECT EXISTS (SELECT 1 FROM accounts_user)"))
    except sqlite3.Error as error:
        if "no such table" in str(error):
            return False
        raise Stop(in_words(error, database=str(file)) or f"{file} cannot be read: {error}.") from None


def require_sound(url: str) -> None:
    """Raises Stop if SQLite finds damage. Runs before migrations, which would make it worse."""
    if not url.startswith("sqlite:"):
        return
    file = ROOT / unquote(urlsplit(url).path[1:])
    try:
        found = _ask(file, "PRAGMA quick_check(1)")
    except sqlite3.Error as error:
        raise Stop(in_words(error, database=str(file)) or f"{file} cannot be read: {error}.") from None
    if found not in ("ok", None):
        raise Stop(in_words(_damage(found), database=str(file)))


def is_damaged(file: Path) -> bool:
    try:
        return _ask(file, "PRAGMA quick_check(1)") not in ("ok", None)
    except sqlite3.Error as error:
        return is_damage(error)


def put_aside(file: Path) -> None:
    """Rename a file that can be recreated, and its journals."""
    new = file.with_name(f"{file.stem}.damaged-{time.strftime('%Y%m%dT%H%M%S')}{file.suffix}")
    print(f"{file} is damaged and will be recreated; the old one is now {new.name}.", flush=True)
    for end in ("", *SQLITE_BESIDE):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{file}{end}").rename(f"{new}{end}")


def _ask(file: Path, question: str) -> object:
    """The first value of the result; None if the file is missing or empty."""
    if not file.exists() or not file.stat().st_size:
        return None
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=20)) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def _damage(found: object) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(str(found).partition("\n")[0])
    error.sqlite_errorname = "SQLITE_CORRUPT"
    return error
