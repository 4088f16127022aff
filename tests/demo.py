"""The question bank and the demo data for tests: loaded once in a run, and copied by its other processes."""

import fcntl
import functools
import os
import pickle
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from interviews.exports import tasks
from question_bank.models import QuestionText

# Rows that each migrated database has.
MIGRATED = {"auth_group", "auth_permission", "django_content_type", "django_migrations"}
# Rows that triggers write.
TRIGGERED = {QuestionText._meta.db_table}


def load_demo() -> None:
    """Fill the empty tables of SQLite. The first row of each table has the number 1, whatever other tests had."""
    file = Path(settings.BUILD_DIR) / f"demo-{_run()}.pickle"
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first process loads it, the others wait
        if file.exists():
            _put(pickle.loads(file.read_bytes()))
            return
        for older in file.parent.glob("demo-*"):
            if older.stem != file.stem:
                older.unlink(missing_ok=True)
        _number_from_one()
        with tempfile.TemporaryDirectory() as folder:
            load_commands(Path(folder))
        file.write_bytes(pickle.dumps(_taken()))


def load_commands(folder: Path) -> None:
    """As the two commands load them, with the password of the demo people in this folder, and without their PDFs."""
    with override_settings(VAR_DIR=folder), mock.patch.object(tasks, "build_after_submission"):
        call_command("seed_question_bank", verbosity=0)
        call_command("load_demo", verbosity=0)


@functools.cache
def _run() -> str:
    return os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())


def _tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - MIGRATED - TRIGGERED)


def _number_from_one() -> None:
    with connection.cursor() as cursor:
        names = ", ".join(f"'{table}'" for table in _tables())
        cursor.execute(f"DELETE FROM sqlite_sequence WHERE name IN ({names})")


def _taken() -> dict[str, list[tuple[Any, ...]]]:
    rows = {}
    with connection.cursor() as cursor:
        for table in _tables():
            rows[table] = cursor.execute(f"SELECT * FROM {table}").fetchall()
    return rows


def _put(rows: dict[str, list[tuple[Any, ...]]]) -> None:
    # Its keys are checked at the end, so that their order does not matter.
    with transaction.atomic(), connection.cursor() as cursor:
        for table, found in rows.items():
            if found:
                places = ", ".join(["%s"] * len(found[0]))
                cursor.executemany(f"INSERT INTO {table} VALUES ({places})", found)
