"""System checks at the start of each command that opens the database: a commit that was answered must be on disk.

They ask the database, not the settings."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from config.sqlite import WAL_IS_SAFE_FROM

SYNCHRONOUS_FULL, SYNCHRONOUS_EXTRA = 2, 3


@register(Tags.database)
def durability(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse a database that may lose commits it has confirmed."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        told = _sqlite(connection) if connection.vendor == "sqlite" else _postgresql(connection)
        found += [Error(words, hint=hint, obj=alias, id=f"config.{number}") for number, words, hint in told]
    return found


def _sqlite(connection: BaseDatabaseWrapper) -> list[tuple[str, str, str]]:
    found = []
    synchronous, journal_mode = int(_ask(connection, "PRAGMA synchronous")), _ask(connection, "PRAGMA journal_mode")
    if synchronous < SYNCHRONOUS_FULL:
        found.append(("E001", "SQLite does not wait for the disk.", "Open it with PRAGMA synchronous=FULL."))
    if not int(_ask(connection, "PRAGMA foreign_keys")):
        found.append(("E002", "SQLite does not check foreign keys.", "Open it with PRAGMA foreign_keys=ON."))
    if journal_mode == "wal" and sqlite3.sqlite_version_info < WAL_IS_SAFE_FROM:
        hint = "Open it with PRAGMA journal_mode=PERSIST, or update SQLite to 3.51.3."
        found.append(("E003", "This SQLite can corrupt a write-ahead log that two processes write.", hint))
    if journal_mode == "delete" and synchronous == SYNCHRONOUS_FULL:
        hint = "Open it with PRAGMA journal_mode=PERSIST."
        found.append(("E005", "A power cut can undo the last commit: its journal may come back.", hint))
    return found


def _postgresql(connection: BaseDatabaseWrapper) -> list[tuple[str, str, str]]:
    if _ask(connection, "SHOW synchronous_commit") == "off":
        return [("E004", "PostgreSQL confirms a commit before it is on disk.", "Set synchronous_commit = on.")]
    return []


def _ask(connection: BaseDatabaseWrapper, question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])
