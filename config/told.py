"""A fault of the machine ends a command, or the start of the server, with one sentence instead of a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from host import faults


@contextmanager
def ends_in_words() -> Iterator[None]:
    """Exit with 1 and a sentence for a full disk, missing rights, a damaged file; other errors pass."""
    try:
        yield
    except Exception as error:
        if words := faults.in_words(error, database=_database_file()):
            sys.exit(words)
        raise


def _database_file() -> str:
    """SQLite does not say which file it means."""
    try:
        from django.conf import settings

        return str(settings.DATABASES["default"]["NAME"])
    except Exception:  # noqa: BLE001  the settings may be what failed
        return "The database"
