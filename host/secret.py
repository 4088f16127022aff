"""The key that signs sessions and links: generated once, in a file only its owner can read."""

import fcntl
import os
import secrets
import sys
from pathlib import Path


def secret_in(file: Path) -> str:
    """The key in the file; generated if the file is missing or has no key.

    A new key ends all sessions and invalidates password links, nothing else.
    """
    if key := _read(file):
        return key
    with file.with_name(f"{file.name}.lock").open("a") as lock:  # two processes start together and need the same key
        fcntl.flock(lock, fcntl.LOCK_EX)
        if key := _read(file):
            return key
        if file.exists():
            sys.stderr.write(f"{file} has no key in it. A new one was created, so everyone must sign in again.\n")
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
    """Empty if the file is missing, empty, or filled with zeros after a power cut."""
    try:
        text = file.read_bytes().strip()
    except FileNotFoundError:
        return ""
    return text.decode() if text.isascii() and text.decode().isprintable() else ""
