"""Triggers that outlive a rebuilt table: SQLite rebuilds a table to change a column, and drops its triggers."""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import post_migrate


def restore_after_migrations(
    config: AppConfig,
    statements: Callable[[], Iterable[str]],
    then: Callable[[BaseDatabaseWrapper], None] | None = None,
) -> None:
    """After each `migrate`, create those of an app's triggers that a migration lost, and do `then`. No migration has to
    remember it. `statements`: a CREATE TRIGGER for each, as SQLite takes it."""

    def restore(using: str, **_: Any) -> None:
        connection = connections[using]
        # PostgreSQL changes a column in place.
        if connection.vendor != "sqlite":
            return
        there = triggers(connection)
        lost = [statement for statement in statements() if statement.split()[2] not in there]
        if not lost or not _is_newest(connection, config.label):
            return
        with connection.cursor() as cursor:
            for statement in lost:
                cursor.execute(statement)
        if then is not None:
            then(connection)

    post_migrate.connect(restore, sender=config, weak=False, dispatch_uid=f"triggers of {config.label}")


def triggers(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of all triggers in a database of SQLite."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


def _is_newest(connection: BaseDatabaseWrapper, app: str) -> bool:
    """Whether every migration of the app has run. Before that, its tables and triggers are older ones."""
    loader = MigrationLoader(connection)
    return all(node in loader.applied_migrations for node in loader.graph.leaf_nodes(app))
