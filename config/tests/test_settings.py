"""The product's processes as they start, in folders that other accounts could read or that are damaged."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from unittest import TestCase

import pytest
from django.conf import settings

from harness.forks import loaded
from harness.migrated import migrated_database, put_copy
from host.settings_file import NAMES

# Reads the settings with one database after the other.
QUEUES = """
import importlib, os, sys
from config import settings
for os.environ["DATABASE_URL"] in sys.argv[1:]:
    print(importlib.reload(settings).HUEY["filename"])
"""

pytestmark = [pytest.mark.sqlite_only, pytest.mark.worker]


class InFolder(TestCase):
    def setUp(self):
        self.var = Path(self.enterContext(TemporaryDirectory())) / "var"
        self.var.mkdir(mode=0o755)

    def environment(self):
        blank = dict.fromkeys(NAMES, "")
        return os.environ | blank | {"VAR_DIR": str(self.var), "DJANGO_SETTINGS_MODULE": "config.settings"}

    def manage(self, *arguments, **env):
        return self.python("manage.py", *arguments, **env)

    def python(self, *arguments, **env):
        return subprocess.run(
            [sys.executable, *arguments],
            check=False,
            cwd=settings.BASE_DIR,
            env=self.environment() | env,
            text=True,
            capture_output=True,
        )


class PrivateFilesTests(InFolder):
    def test_old_files_are_closed_and_new_ones_are_born_closed(self):
        (self.var / "exports").mkdir()
        put_copy(migrated_database(Path(settings.BUILD_DIR) / "test-database"), self.var / "db.sqlite3")
        (self.var / "exports/scorecard.pdf").touch()
        for name in ("db.sqlite3", "exports/scorecard.pdf"):
            (self.var / name).chmod(0o644)

        done = self.manage("migrate", "-v0")

        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        paths = [self.var, *self.var.rglob("*")]
        self.assertIn(self.var / "secret_key", paths)
        self.assertIn(self.var / "db.queue.sqlite3", paths)
        self.assertEqual({f"{path.stat().st_mode & 0o777:o}" for path in paths}, {"700", "600"})

    def test_each_database_has_a_queue_of_its_own(self):
        names = ("team.v1", "team.v2", "team.sqlite3")
        urls = [f"sqlite:///{self.var / name}" for name in names]
        done = self.python("-c", QUEUES, *urls)
        queues = {name: Path(queue).name for name, queue in zip(names, done.stdout.splitlines(), strict=True)}

        self.assertEqual(
            queues,
            {
                "team.v1": "team.v1.queue.sqlite3",
                "team.v2": "team.v2.queue.sqlite3",
                "team.sqlite3": "team.queue.sqlite3",
            },
        )

    def test_what_another_web_server_hands_out_is_readable(self):
        build = self.var.parent / "build"
        (build / "fonts").mkdir(mode=0o700, parents=True)
        (build / "fonts" / "inter.woff2").touch(mode=0o600)

        done = self.manage("collectstatic", "--noinput", "-v0", BUILD_DIR=str(build))

        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        modes = {f"{path.stat().st_mode & 0o777:o}" for path in [build, *build.rglob("*")]}
        self.assertEqual(modes, {"755", "644"})

    def test_folder_that_holds_the_code_is_refused(self):
        done = self.manage("check", VAR_DIR=str(Path(settings.BASE_DIR).parent))

        self.assertRegex(done.stderr, r"^VAR_DIR needs its own folder, but .* holds other files\. Choose another\.\n$")


class DamageTests(InFolder):
    def assert_one_sentence(self, done, pattern):
        self.assert_ends_with(done.returncode, done.stderr, pattern)

    def assert_ends_with(self, code, told, pattern):
        self.assertEqual(code, 1)
        self.assertRegex(told, f"^{pattern}\n$")

    def test_damaged_database_is_named_with_the_way_to_the_backup(self):
        (self.var / "db.sqlite3").write_text("no database " * 100)

        with loaded(self.environment()) as process:
            for command in ("migrate", "seed_question_bank", "load_demo"):
                with self.subTest(command=command), TemporaryFile("w+") as told:
                    done = process.fork(["manage.py", command], out=told.fileno(), errors=told.fileno())
                    code = done.wait(60)
                    told.seek(0)
                    damaged = r".*/db\.sqlite3 is damaged \(file is not a database\)\. Restore it .*"
                    self.assert_ends_with(code, told.read(), damaged)

    def test_damaged_queue_and_empty_key_are_made_again(self):
        (self.var / "db.queue.sqlite3").write_text("no queue " * 1000)
        (self.var / "secret_key").touch()

        done = self.manage("diffsettings")

        self.assertEqual(done.returncode, 0)
        self.assertIn("secret_key has no key in it. A new one was created", done.stderr)
        self.assertIn("db.queue.sqlite3 was damaged", done.stderr)
        self.assertEqual(self.manage("diffsettings").stderr, "")

    def test_setting_that_cannot_be_read_is_named(self):
        self.assert_one_sentence(self.manage("check", EMAIL_URL="mail.example"), r"EMAIL_URL must be an address, .*")

    def test_file_in_place_of_the_folder_is_named(self):
        self.var.rmdir()
        self.var.touch()

        self.assert_one_sentence(self.manage("check"), r".*/var is in the way: a folder is needed there\. .*")

    def test_server_that_does_not_answer_is_named(self):
        self.assert_one_sentence(
            self.manage("migrate", DATABASE_URL="postgres://interviews:hush@127.0.0.1:1/interviews"),
            r"PostgreSQL is not responding: .*\. Is it running, and is DATABASE_URL right\?",
        )
