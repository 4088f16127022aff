"""Hashes passwords on one thread of its own, at low priority: calls go on while people sign in, and others guess."""

import contextlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import PBKDF2PasswordHasher

# Lower than everything else in this process: a hash takes half a second of a whole core, and may take longer.
NICE = 10


def _step_back() -> None:
    """Lower this thread's priority, where the system has one for each thread (Linux)."""
    with contextlib.suppress(OSError):
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, min(19, os.getpriority(os.PRIO_PROCESS, thread) + NICE))


# One at a time, whoever asks. The thread runs OpenSSL and hardly any Python, so it never holds up the others.
_pool = ThreadPoolExecutor(1, thread_name_prefix="hashing", initializer=_step_back)


class PasswordHasher(PBKDF2PasswordHasher):
    """Django's default; the hashes are the same."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        return _pool.submit(super().encode, password, salt, iterations).result()
