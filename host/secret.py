"""The key that signs sessions and links: generated once into a file that only its owner reads."""

import fcntl
import os
import secrets
import sys
from pathlib import Path


def secret_in(file: Path) -> str:
    """The key in the file. Made when there is none; made again when there is a file without a key in it.

    A new key ends all sessions and voids links to set a password, and nothing else.
    """
    if key := _read(file):
        return key
    with file.with_name(f"{file.name}.lock").open("a") as lock:  # two processes start together and need the same key
        fcntl.flock(lock, fcntl.LOCK_EX)
        if key := _read(file):
            return key
        if file.exists():
            sys.stderr.write(f"{file} holds no key. A new one is made: everyone signs in again.\n")
        key = secrets.token_urlsafe(64)
        half = file.with_name(f".{file.name}-{os.getpid()}")
        try:
            with os.fdopen(os.open(half, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as new:
                new.write(key)
                new.flush()
                os.fsync(new.fileno())
            half.replace(file)
        finally:
            half.unlink(missing_ok=True)
    return key


def _read(file: Path) -> str:
    """Empty when the file is missing, empty, or filled with zeros, as a power cut leaves it."""
    try:
        text = file.read_bytes().strip()
    except FileNotFoundError:
        return ""
    return text.decode() if text.isascii() and text.decode().isprintable() else ""
