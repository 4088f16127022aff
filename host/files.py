"""Restricts files to the account that runs the product."""

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

OTHERS = 0o077  # every right of group and others
UMASK = OTHERS
SQLITE_BESIDE = ("-journal", "-wal", "-shm")


class SharedFolder(Exception):
    """The folder has other content too; the message is one sentence."""


def refuse_shared(folder: Path, *, code: Path) -> None:
    """Raises SharedFolder for a folder with other content, where removing rights would break other programs."""
    shared = {Path("/"), Path.home(), Path(tempfile.gettempdir()).resolve()}
    is_for_all = folder.is_dir() and folder.stat().st_mode & stat.S_ISVTX
    if folder in shared or is_for_all or code.is_relative_to(folder):
        raise SharedFolder(f"VAR_DIR needs its own folder, but {folder} holds other files. Choose another.")


def close(folder: Path) -> None:
    """Remove all rights of group and others from the folder and everything in it, without following links.

    Errors are ignored: `loose` finds what could not be changed.
    """
    for path, mode in _entries(folder):
        if mode & OTHERS:
            with contextlib.suppress(OSError):
                path.chmod(mode & ~OTHERS)


def close_database(file: Path) -> None:
    """The same for one SQLite file and its journals, which may be outside that folder."""
    for path in (file, *(file.with_name(file.name + end) for end in SQLITE_BESIDE)):
        with contextlib.suppress(OSError):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)


def loose(folder: Path) -> list[Path]:
    """Paths that other accounts can still access; none below a closed folder."""
    if not folder.stat().st_mode & OTHERS:
        return []
    return [path for path, mode in _entries(folder) if mode & OTHERS]


def open_to_all(folder: Path) -> None:
    """Let all accounts read the folder, for static files served by another account's web server."""
    for path, mode in _entries(folder):
        path.chmod(mode | (0o755 if path.is_dir() else 0o644))


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> str:
    """Write a file, move it into place, and return its SHA-256. Raises OSError, and then no file is left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            write(file)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return digest


def _entries(folder: Path) -> Iterator[tuple[Path, int]]:
    """The folder and everything below it, with permission bits. Skips files that disappear meanwhile."""
    yield folder, stat.S_IMODE(folder.stat().st_mode)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(parent, name)
            with contextlib.suppress(FileNotFoundError):
                found = path.lstat().st_mode
                if not stat.S_ISLNK(found):
                    yield path, stat.S_IMODE(found)
