"""Connection options of SQLite: durable commits, and writers that wait for each other."""

import sqlite3

# Before this, a write and a checkpoint at the same instant can corrupt a WAL file, so we use the rollback journal.
WAL_IS_SAFE_FROM = (3, 51, 3)
# With FULL, a commit that was answered survives a power cut. Not DELETE: SQLite does not wait until the deletion of the
# journal, which makes the commit, is on disk. PERSIST overwrites its beginning instead, and waits.
JOURNAL_MODE = "WAL" if sqlite3.sqlite_version_info >= WAL_IS_SAFE_FROM else "PERSIST"
# Bytes of the file that remain after a large change.
JOURNAL_BYTES = 1_000_000

# Shorter than a live page waits: it gets the reason instead of a timeout.
TIMEOUT = 5  # seconds

OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": TIMEOUT,
    "init_command": (
        f"PRAGMA journal_mode={JOURNAL_MODE}; PRAGMA journal_size_limit={JOURNAL_BYTES};"
        " PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    ),
}
