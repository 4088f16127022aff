import contextlib
import io
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase

from runner import databases
from runner.environment import sqlite_url
from runner.processes import Stop


class InFolder(TestCase):
    def setUp(self):
        self.var = Path(self.enterContext(TemporaryDirectory()))
        self.own, self.demo = self.var / "db.sqlite3", self.var / "demo.sqlite3"

    def make(self, file, *people):
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE accounts_user (name)")
            connection.executemany("INSERT INTO accounts_user VALUES (?)", [(name,) for name in people])
            connection.commit()

    def damage(self, file):
        """As a disk does: the head is sound, a page in the middle is not."""
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS filler (text)")
            connection.executemany("INSERT INTO filler VALUES (?)", [("x" * 3000,)] * 20)
            connection.commit()
        content = bytearray(file.read_bytes())
        content[8192:12288] = b"\xff" * 4096
        file.write_bytes(content)


class ChooseTests(InFolder):
    def choose(self, *, demo=False, setup=False, **env):
        env = {"VAR_DIR": str(self.var), **env}
        is_demo = databases.choose(env, wants_demo=demo, wants_setup=setup)
        return env["DATABASE_URL"].rpartition("/")[2], is_demo

    def test_empty_machine_gets_the_demo(self):
        self.assertEqual(self.choose(), ("demo.sqlite3", True))

    def test_setup_gets_the_own_database(self):
        self.assertEqual(self.choose(setup=True), ("db.sqlite3", False))

    def test_own_database_with_people_is_served_plainly(self):
        self.make(self.own, "Ada")

        self.assertEqual(self.choose(), ("db.sqlite3", False))
        self.assertEqual(self.choose(setup=True), ("db.sqlite3", False))
        self.assertEqual(self.choose(demo=True), ("demo.sqlite3", True))

    def test_own_database_that_nobody_uses_yet_leaves_the_demo(self):
        self.own.touch()
        self.assertEqual(self.choose(), ("demo.sqlite3", True))
        with closing(sqlite3.connect(self.own)) as half_migrated:
            half_migrated.execute("CREATE TABLE django_migrations (name)")
        self.assertEqual(self.choose(), ("demo.sqlite3", True))
        self.own.unlink()
        self.make(self.own)
        self.assertEqual(self.choose(), ("demo.sqlite3", True))

    def test_database_url_is_never_replaced(self):
        self.make(self.own, "Ada")
        url = "postgres://interviews@127.0.0.1/interviews"

        self.assertEqual(self.choose(DATABASE_URL=url), ("interviews", False))
        self.assertEqual(self.choose(DATABASE_URL=url, demo=True), ("interviews", True))

    def test_damaged_own_database_is_told_instead_of_serving_the_demo(self):
        self.own.write_text("this was a database " * 100)

        with self.assertRaisesRegex(Stop, r"db\.sqlite3 is damaged .*see “Backup” in docs/running\.md") as stop:
            self.choose()

        self.assertNotIn("\n", str(stop.exception))

    def test_damaged_demo_is_put_aside_and_made_again(self):
        self.make(self.demo, "Demo person")
        self.damage(self.demo)

        with contextlib.redirect_stdout(io.StringIO()) as printed:
            self.assertEqual(self.choose(), ("demo.sqlite3", True))

        self.assertFalse(self.demo.exists())
        (aside,) = self.var.glob("demo.damaged-*.sqlite3")
        self.assertIn(aside.name, printed.getvalue())


class RequireSoundTests(InFolder):
    def test_sound_missing_empty_and_other_engines_pass(self):
        self.make(self.own, "Ada")
        databases.require_sound(sqlite_url(self.own))
        databases.require_sound(sqlite_url(self.demo))
        self.assertFalse(self.demo.exists(), "looking makes nothing")
        self.demo.touch()
        databases.require_sound(sqlite_url(self.demo))
        self.assertEqual(self.demo.stat().st_size, 0)
        databases.require_sound("postgres://127.0.0.1/db")

    def test_damage_in_the_middle_is_found_and_told_in_one_sentence(self):
        self.make(self.own, "Ada")
        self.damage(self.own)
        before = self.own.read_bytes()

        with self.assertRaisesRegex(Stop, r"db\.sqlite3 is damaged .*Restore it from a backup") as stop:
            databases.require_sound(sqlite_url(self.own))

        self.assertNotIn("\n", str(stop.exception))
        self.assertEqual(self.own.read_bytes(), before)
