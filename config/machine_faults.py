"""Ends a command with one sentence instead of a traceback if the machine is at fault."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from host import faults


@contextmanager
def ends_in_words() -> Iterator[None]:
    """Exit with 1 and a sentence for a full disk, missing rights or a damaged file; re-raise other errors."""
    try:
        yield
    except Exception as error:
        if words := faults.in_words(error, database=_database_file()):
            sys.exit(words)
        raise


def _database_file() -> str:
    """The SQLite file; its errors do not name it."""
    try:
        from django.conf import settings

        return str(settings.DATABASES["default"]["NAME"])
    except Exception:  # noqa: BLE001  the settings themselves may have failed
        return "The database"
