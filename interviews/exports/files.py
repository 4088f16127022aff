"""The files of exports: written completely or not at all, deleted when they expire."""

import datetime as dt
import errno
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.core.files.storage import storages

from host.files import write_whole
from interviews.models import Export

# A new file exists for a moment before its row says so.
ORPHAN_AFTER = dt.timedelta(hours=1)
DISK_FULL = {errno.ENOSPC, errno.EDQUOT}


def keep(name: str, write: Callable[[IO[bytes]], object]) -> str:
    """Write a file, move it into place, and return its SHA-256. Raises OSError, and then no file is left."""
    return write_whole(Path(storages["exports"].path(name)), write)


def delete(export: Export) -> None:
    storages["exports"].delete(export.storage_name)


def delete_expired(*, at: dt.datetime) -> int:
    """Delete expired files; return how many."""
    count = 0
    for export in Export.objects.expired(at):
        # The file first: a row that still says ready is not built again meanwhile.
        delete(export)
        count += export.expire(at=at)
    return count


def delete_orphans(*, at: dt.datetime) -> int:
    """Delete files without a finished export, left by an erasure or a crash; return how many."""
    root = Path(storages["exports"].path(""))
    kept = {
        export.storage_name
        for export in Export.objects.filter(state=Export.State.READY).only("interview", "candidate", "opening", "key")
    }
    count = 0
    for path in root.rglob("*") if root.exists() else ():
        is_old = path.is_file() and path.stat().st_mtime < (at - ORPHAN_AFTER).timestamp()
        if is_old and path.relative_to(root).as_posix() not in kept:
            path.unlink(missing_ok=True)
            count += 1
    return count
