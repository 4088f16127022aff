"""Machine faults as one sentence: full disk, missing rights, damaged file, unreachable server."""

import errno
import getpass
import sqlite3
from collections.abc import Iterator

from host.files import SharedFolder
from host.settings_file import WrongSetting

NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
NO_RIGHTS = {errno.EACCES, errno.EPERM, errno.EROFS}
NOT_A_FOLDER = {errno.ENOTDIR, errno.EEXIST}
BACKUP = "Restore it from a backup: see “Backup” in docs/running.md."


def in_words(error: BaseException, *, database: str = "The database") -> str | None:
    """One sentence with the cause and the remedy, or None for a bug.

    `database` is the SQLite file, which its errors do not name.
    """
    for cause in _causes(error):
        if isinstance(cause, SharedFolder | WrongSetting):
            return str(cause)
        if isinstance(cause, sqlite3.Error):
            return _of_sqlite(cause, database)
        if isinstance(cause, OSError) and (words := _of_system(cause)):
            return words
        if words := _of_server(cause):
            return words
    return None


def is_damage(error: BaseException) -> bool:
    """Whether SQLite reports a damaged file, or one that is no database."""
    name = getattr(error, "sqlite_errorname", "")
    return name == "SQLITE_NOTADB" or name.startswith("SQLITE_CORRUPT")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _of_sqlite(error: sqlite3.Error, file: str) -> str | None:
    name = getattr(error, "sqlite_errorname", "")
    if is_damage(error):
        return f"{file} is damaged ({error}). {BACKUP}"
    if name == "SQLITE_FULL":
        return f"The disk is full: {file} cannot be written. Free some space, then start again."
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return f"{file} cannot be opened for writing ({error}). {_give_rights()}"
    if name.startswith("SQLITE_IOERR"):
        return f"The disk fails on {file} ({error}). Is it full, or broken?"
    if name.startswith("SQLITE_BUSY"):
        return f"{file} is locked by another program. End that program, then start again."
    return None


def _of_system(error: OSError) -> str | None:
    file = error.filename or "a file"
    if error.errno in NO_ROOM:
        return f"The disk is full: {file} cannot be written. Free some space, then start again."
    if error.errno in NO_RIGHTS:
        return f"{file} cannot be opened ({error.strerror}). {_give_rights()}"
    if error.errno in NOT_A_FOLDER:
        return f"{file} is in the way: a folder is needed there. Move it, then start again."
    if error.errno == errno.EIO:
        return f"The disk fails on {file} ({error.strerror})."
    return None


def _of_server(error: BaseException) -> str | None:
    module, reason = type(error).__module__, str(error).strip().partition("\n")[0]
    name = type(error).__name__
    if module.startswith("psycopg") and name == "OperationalError" and getattr(error, "sqlstate", "") is None:
        return f"PostgreSQL is not responding: {reason}. Is it running, and is DATABASE_URL right?"
    if module.startswith("redis") and name in ("ConnectionError", "TimeoutError"):
        return f"Redis is not responding: {reason}. Is it running, and is REDIS_URL right?"
    return None


def _give_rights() -> str:
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # accounts in containers may have no name
        account = "this one"
    return f"Let the account {account} write there, or set VAR_DIR to another folder."
