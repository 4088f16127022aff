"""After a migration that rebuilds a table on SQLite, all triggers are there."""

import pytest
from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.test import TransactionTestCase

from audit.triggers import triggers

GUARDED = ("audit.AuditEntry", "interviews.Decision", "interviews.EarlyDebrief", "interviews.ScorecardVersion")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL rebuilds no table.")
class TestRebuiltTables(TransactionTestCase):
    def test_every_trigger_is_there_again(self):
        before = triggers(connection)
        with connection.schema_editor() as editor:
            for name in GUARDED:
                editor._remake_table(apps.get_model(name))
        self.assertEqual(len(before - triggers(connection)), 2 * len(GUARDED))
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        self.assertEqual(triggers(connection), before)
