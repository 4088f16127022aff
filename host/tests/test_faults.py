import contextlib
import errno
import os
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase

from host import faults


class InWordsTests(TestCase):
    def of(self, number, file="/srv/var/x"):
        return faults.in_words(OSError(number, os.strerror(number), file))

    def test_full_disk_names_the_file(self):
        for number in (errno.ENOSPC, errno.EDQUOT):
            self.assertEqual(
                self.of(number), "The disk is full: /srv/var/x cannot be written. Free some space, then start again."
            )

    def test_missing_rights_name_the_file_and_the_account(self):
        for number in (errno.EACCES, errno.EPERM, errno.EROFS):
            self.assertRegex(self.of(number), r"^/srv/var/x cannot be opened \(.*\)\. Let the account \w+ write there")

    def test_file_where_a_folder_is_needed(self):
        self.assertIn("/srv/var/x is in the way", self.of(errno.ENOTDIR))

    def test_cause_is_found_below_what_wraps_it(self):
        try:
            try:
                raise OSError(errno.ENOSPC, "No space left on device", "/srv/var/x")
            except OSError as error:
                raise RuntimeError("wrapped") from error
        except RuntimeError as error:
            self.assertIn("The disk is full", faults.in_words(error))

    def test_fault_of_ours_has_no_words(self):
        for error in (ZeroDivisionError(), OSError(errno.EBADF, "Bad file descriptor"), sqlite3.ProgrammingError("no")):
            self.assertIsNone(faults.in_words(error))

    def test_file_that_is_no_database_names_the_way_to_the_backup(self):
        with TemporaryDirectory() as name:
            file = Path(name) / "db.sqlite3"
            file.write_text("no database " * 100)
            with contextlib.closing(sqlite3.connect(file)) as connection:
                with self.assertRaises(sqlite3.DatabaseError) as raised:
                    connection.execute("SELECT * FROM sqlite_master")

        self.assertTrue(faults.is_damage(raised.exception))
        self.assertEqual(
            faults.in_words(raised.exception, database="/srv/db.sqlite3"),
            "/srv/db.sqlite3 is damaged (file is not a database). "
            "Restore it from a backup: see “Backup” in docs/running.md.",
        )

    def test_servers_that_do_not_answer_are_named(self):
        import psycopg
        import redis

        with self.assertRaises(psycopg.OperationalError) as raised:
            psycopg.connect("postgres://interviews:hush@127.0.0.1:1/interviews", connect_timeout=2)
        words = faults.in_words(raised.exception)
        self.assertIn("PostgreSQL is not responding", words)
        self.assertNotIn("hush", words)
        with self.assertRaises(redis.ConnectionError) as raised:
            redis.Redis(port=1).ping()
        self.assertIn("Redis is not responding", faults.in_words(raised.exception))
