import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase

import pytest

from config.queue import HealingHuey

pytestmark = pytest.mark.sqlite_only


class HealingHueyTests(TestCase):
    def setUp(self):
        self.file = Path(self.enterContext(TemporaryDirectory())) / "queue.sqlite3"

    def open(self):
        huey = HealingHuey("test", filename=str(self.file), journal_mode="DELETE", immediate=False)
        self.addCleanup(huey.storage.close)
        return huey

    def assert_works(self, huey):
        huey.storage.enqueue(b"message")
        self.assertEqual(huey.storage.dequeue(), b"message")

    def test_sound_file_keeps_its_messages(self):
        self.open().storage.enqueue(b"message")

        self.assertEqual(self.open().storage.dequeue(), b"message")

    def test_file_that_is_no_database_is_made_anew_at_the_start(self):
        for damaged in (b"no database " * 500, b"\0" * 8192, b"SQLite format 3\0" + b"\xff" * 9000):
            with self.subTest(damaged=damaged[:20]):
                self.file.write_bytes(damaged)

                with self.assertLogs("config.queue", "WARNING") as logs:
                    huey = self.open()

                self.assertIn(f"{self.file} was damaged", logs.output[0])
                self.assert_works(huey)

    def test_damage_while_it_runs_costs_one_call_in_each_process(self):
        web, consumer = self.open(), self.open()
        web.storage.enqueue(b"message")
        consumer.storage.queue_size()
        self.file.write_bytes(b"no database " * 500)

        with self.assertLogs("config.queue", "WARNING") as logs:
            for huey in (web, consumer):
                with self.assertRaises(sqlite3.DatabaseError):
                    huey.storage.enqueue(b"lost")
            self.assert_works(web)

        self.assertEqual(len(logs.output), 1)
        web.storage.enqueue(b"for the consumer")
        self.assertEqual(consumer.storage.dequeue(), b"for the consumer")

    def test_page_that_is_damaged_in_the_middle_is_found(self):
        huey = self.open()
        for number in range(200):
            huey.storage.enqueue(b"%d" % number * 300)
        huey.storage.close()
        content = bytearray(self.file.read_bytes())
        content[4096 * 5 : 4096 * 9] = b"\xff" * 4096 * 4
        self.file.write_bytes(content)

        with self.assertLogs("config.queue", "WARNING"):
            self.assert_works(self.open())

        with closing(sqlite3.connect(self.file)) as connection:
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchone(), ("ok",))
