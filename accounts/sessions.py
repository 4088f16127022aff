"""The session engine: rows in the database, and copies in the cache."""

import re
from typing import Any

from django.contrib.sessions.backends import cached_db

_KEY = re.compile(r"[a-z0-9]{8,40}", re.ASCII)


class SessionStore(cached_db.SessionStore):
    """Django's sessions, but an impossible key counts as no session: PostgreSQL fails on a key with NUL."""

    def _validate_session_key(self, key: Any) -> bool:
        return bool(key and _KEY.fullmatch(key))
