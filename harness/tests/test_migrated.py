"""The copied test database, and that a changed migration makes another one."""

import sqlite3
from pathlib import Path
from unittest import mock

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from harness import migrated
from runner.environment import variables

of_sqlite = pytest.mark.sqlite_only


def make(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE made (id)")
    database.close()


@pytest.mark.django_db
def test_the_database_of_this_run_has_every_migration():
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


@of_sqlite
def test_one_is_made_for_all_until_a_source_of_it_changes(tmp_path):
    with mock.patch.object(migrated, "_make", side_effect=make) as migrate:
        first = migrated.migrated_database(tmp_path)
        assert migrated.migrated_database(tmp_path) == first
        assert migrate.call_count == 1
        with mock.patch.object(migrated, "SOURCES", ("*/migrations/*.py",)):
            other = migrated.migrated_database(tmp_path)
        assert (migrate.call_count, other.exists(), first.exists()) == (2, True, False)


@of_sqlite
def test_every_migration_and_trigger_is_a_source_of_it():
    named = {path.name for pattern in migrated.SOURCES for path in migrated.ROOT.glob(pattern)}
    assert {"0001_initial.py", "immutability.py", "scorecards.py"} <= named


@of_sqlite
def test_a_copy_has_nothing_of_the_run_before(tmp_path):
    make(tmp_path / "new.sqlite3")
    for end in ("", "-wal", "-shm"):
        (tmp_path / f"test.sqlite3{end}").write_text("of the run before")
    migrated.put_copy(tmp_path / "new.sqlite3", tmp_path / "test.sqlite3")
    assert [path.name for path in sorted(tmp_path.glob("test*"))] == ["test.sqlite3"]
    assert (tmp_path / "test.sqlite3").read_bytes() == (tmp_path / "new.sqlite3").read_bytes()


@pytest.mark.parametrize("query", ["", "?host=/tmp/socket"])
def test_only_the_name_of_the_database_is_another(query):
    assert migrated.renamed(f"postgres://me@host/usual{query}", "other") == f"postgres://me@host/other{query}"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="On SQLite, it is a file.")
@pytest.mark.django_db
def test_on_postgresql_a_copy_is_made_anew_each_time():
    import psycopg

    url = variables()["DATABASE_URL"]
    try:
        for _ in range(2):
            migrated.make_database(url, "copied")
            with psycopg.connect(migrated.renamed(url, "copied")) as copy:
                assert copy.execute("SELECT count(*) FROM accounts_user").fetchone() == (0,)
                copy.execute("CREATE TABLE of_the_run_before ()")
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("DROP DATABASE IF EXISTS copied WITH (FORCE)")
