"""The copied test database, and that a changed migration makes another one."""

import sqlite3
from pathlib import Path
from unittest import mock

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import migrated

pytestmark = pytest.mark.sqlite_only


def make(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE made (id)")
    database.close()


@pytest.mark.django_db
def test_the_database_of_this_run_has_every_migration():
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_one_is_made_for_all_until_a_source_of_it_changes(tmp_path):
    with mock.patch.object(migrated, "_migrate", side_effect=make) as migrate:
        first = migrated.migrated_database(tmp_path)
        assert migrated.migrated_database(tmp_path) == first
        assert migrate.call_count == 1
        with mock.patch.object(migrated, "SOURCES", ("*/migrations/*.py",)):
            other = migrated.migrated_database(tmp_path)
        assert (migrate.call_count, other.exists(), first.exists()) == (2, True, False)


def test_every_migration_and_trigger_is_a_source_of_it():
    named = {path.name for pattern in migrated.SOURCES for path in migrated.ROOT.glob(pattern)}
    assert {"0001_initial.py", "immutability.py", "scorecards.py"} <= named


def test_a_copy_has_nothing_of_the_run_before(tmp_path):
    make(tmp_path / "new.sqlite3")
    for end in ("", "-wal", "-shm"):
        (tmp_path / f"test.sqlite3{end}").write_text("of the run before")
    migrated.put_copy(tmp_path / "new.sqlite3", tmp_path / "test.sqlite3")
    assert [path.name for path in sorted(tmp_path.glob("test*"))] == ["test.sqlite3"]
    assert (tmp_path / "test.sqlite3").read_bytes() == (tmp_path / "new.sqlite3").read_bytes()
