"""Hashes passwords on a separate low-priority thread, so that sign-ins and guessing do not slow down calls."""

import contextlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import PBKDF2PasswordHasher

# Lowest priority in this process: a hash occupies a whole core for half a second.
NICE = 10


def _step_back() -> None:
    """Lower this thread's priority, if the system supports it per thread (Linux)."""
    with contextlib.suppress(OSError):
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, min(19, os.getpriority(os.PRIO_PROCESS, thread) + NICE))


# One hash at a time. OpenSSL releases the GIL, so other threads keep running.
_pool = ThreadPoolExecutor(1, thread_name_prefix="hashing", initializer=_step_back)


class PasswordHasher(PBKDF2PasswordHasher):
    """Django's default hasher; it produces the same hashes."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        return _pool.submit(super().encode, password, salt, iterations).result()
