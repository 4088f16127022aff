"""How SQLite is opened: durable, with one writer at a time that waits its turn."""

import sqlite3

# Before 3.51.3 two connections that write and checkpoint in the same instant can corrupt a WAL file;
# there the rollback journal is used instead. FULL: a commit that was answered survives a power cut.
JOURNAL_MODE = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "DELETE"

# Less than a live page waits for an answer: it hears that the database is locked, rather than nothing.
TIMEOUT = 5  # seconds

OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": TIMEOUT,
    "init_command": f"PRAGMA journal_mode={JOURNAL_MODE}; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
