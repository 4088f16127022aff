"""The queue in a SQLite file. A damaged file is recreated; the sweep requeues tasks from their rows."""

import contextlib
import fcntl
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from huey import SqliteHuey
from huey.storage import SqliteStorage

from host.faults import is_damage
from host.files import SQLITE_BESIDE

logger = logging.getLogger(__name__)


class HealingStorage(SqliteStorage):
    """Huey's storage, on a file that may be damaged at any time."""

    def _create_connection(self) -> Any:
        with _one_by_one(Path(f"{self.filename}.lock")):
            try:
                return self._checked_connection()
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                logger.warning(
                    "%s was damaged (%s) and has been recreated. Requested files follow within three minutes.",
                    self.filename,
                    error,
                )
                for end in ("", *SQLITE_BESIDE):
                    Path(f"{self.filename}{end}").unlink(missing_ok=True)
                return self._checked_connection()

    def _checked_connection(self) -> Any:
        connection = super()._create_connection()
        try:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                error = sqlite3.DatabaseError(found)
                error.sqlite_errorname = "SQLITE_CORRUPT"
                raise error
            for statement in self.ddl:
                connection.execute(statement)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextlib.contextmanager
    def db(self, commit: bool = False, close: bool = False) -> Iterator[Any]:
        """After damage, the next call reopens and checks the file."""
        try:
            with super().db(commit, close) as cursor:
                yield cursor
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                self.close()
            raise


class HealingHuey(SqliteHuey):
    storage_class = HealingStorage


@contextlib.contextmanager
def _one_by_one(file: Path) -> Iterator[None]:
    """Web server and queue consumer may find the damage together: the second must not delete the first one's file."""
    with file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
