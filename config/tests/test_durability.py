from unittest import mock

from django.db import connection
from django.test import TestCase

from config import durability


class TestDurability(TestCase):
    def told(self, **answers):
        """The ids of what is found where the database answers so."""
        known = {
            "synchronous": "2",
            "foreign_keys": "1",
            "journal_mode": "persist",
            "synchronous_commit": "on",
        } | answers

        def ask(_connection, question):
            return known[question.split()[-1]]

        with mock.patch.object(durability, "_ask", ask):
            return [error.id for error in durability.durability(databases=["default"])]

    def test_a_database_that_keeps_what_it_says_is_fine(self):
        self.assertEqual(self.told(), [])

    def test_a_database_that_does_not_wait_for_the_disk_is_refused(self):
        expected = {"sqlite": ["config.E001"], "postgresql": ["config.E004"]}
        self.assertEqual(self.told(synchronous="1", synchronous_commit="off"), expected[connection.vendor])

    def test_sqlite_without_foreign_keys_is_refused(self):
        expected = {"sqlite": ["config.E002"], "postgresql": []}
        self.assertEqual(self.told(foreign_keys="0"), expected[connection.vendor])

    def test_a_write_ahead_log_is_refused_where_sqlite_can_corrupt_it(self):
        with mock.patch.object(durability.sqlite3, "sqlite_version_info", (3, 51, 2)):
            expected = {"sqlite": ["config.E003"], "postgresql": []}
            self.assertEqual(self.told(journal_mode="wal"), expected[connection.vendor])
        with mock.patch.object(durability.sqlite3, "sqlite_version_info", (3, 51, 3)):
            self.assertEqual(self.told(journal_mode="wal"), [])

    def test_a_journal_whose_deletion_is_not_waited_for_is_refused(self):
        expected = {"sqlite": ["config.E005"], "postgresql": []}
        self.assertEqual(self.told(journal_mode="delete"), expected[connection.vendor])
        self.assertEqual(self.told(journal_mode="delete", synchronous="3"), [])

    def test_the_connection_of_the_tests_checks_foreign_keys(self):
        ids = [error.id for error in durability.durability(databases=["default"])]
        # Tests do without durability, and without nothing else.
        self.assertLessEqual(set(ids), {"config.E001"})
