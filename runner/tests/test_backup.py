import os
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase

from runner import ROOT


class BackupTests(TestCase):
    def test_archive_holds_committed_rows_secret_and_files_and_no_exports(self):
        with TemporaryDirectory() as name:
            var, target = Path(name) / "my var", Path(name) / "backups"
            (var / "exports").mkdir(parents=True)
            (var / "exports" / "scorecard.pdf").touch()
            (var / "secret_key").write_text("secret")
            (var / "files" / "candidates" / "7").mkdir(parents=True)
            (var / "files" / "candidates" / "7" / "0a1b").write_bytes(b"%PDF-")
            with closing(sqlite3.connect(var / "db.sqlite3")) as writer:
                writer.execute("CREATE TABLE note (text)")
                writer.execute("INSERT INTO note VALUES ('kept')")
                writer.commit()
                writer.execute("INSERT INTO note VALUES ('not committed yet')")

                env = {**os.environ, "VAR_DIR": str(var), "DATABASE_URL": ""}
                command = [sys.executable, ROOT / "deploy" / "backup", target]
                printed = subprocess.run(command, env=env, text=True, capture_output=True, check=True).stdout

            archive = Path(printed.strip())
            self.assertEqual(list(target.iterdir()), [archive])
            self.assertEqual(archive.stat().st_mode & 0o077, 0)
            with tarfile.open(archive) as members:
                files = [name for name in members.getnames() if not members.getmember(name).isdir()]
                self.assertEqual(
                    sorted(files),
                    ["db.sqlite3", "files/candidates/7/0a1b", "secret_key"],
                )
                self.assertEqual(members.extractfile("files/candidates/7/0a1b").read(), b"%PDF-")
                self.assertEqual(members.extractfile("secret_key").read(), b"secret")
                copy = Path(name) / "copy.sqlite3"
                copy.write_bytes(members.extractfile("db.sqlite3").read())
            with closing(sqlite3.connect(copy)) as restored:
                self.assertEqual(restored.execute("SELECT text FROM note").fetchall(), [("kept",)])


class DumpTests(TestCase):
    """With a pg_dump of our own, which writes down how it was called."""

    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory()))
        program = self.folder / "bin" / "pg_dump"
        program.parent.mkdir()
        program.write_text(f"""#!/bin/sh
tr '\\0' ' ' < /proc/$$/cmdline > {self.folder}/ps
printf %s "$PGPASSWORD" > {self.folder}/password
for argument; do case $argument in --file=*) echo dump > "${{argument#--file=}}";; esac; done
""")
        program.chmod(0o755)

    def backup(self, url, path=None):
        env = {
            "PATH": path or f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "VAR_DIR": str(self.folder / "var"),
            "DATABASE_URL": url,
        }
        command = [sys.executable, ROOT / "deploy" / "backup", self.folder / "backups"]
        return subprocess.run(command, env=env, text=True, capture_output=True)

    def test_password_is_in_no_command_line(self):
        for url in (
            "postgres://interviews:hu%40sh@127.0.0.1:5432/interviews",
            "psql://interviews@127.0.0.1:5432/interviews?password=hu%40sh&sslmode=require",
        ):
            with self.subTest(url=url):
                done = self.backup(url)

                self.assertEqual((done.returncode, done.stderr), (0, ""))
                shown = (self.folder / "ps").read_text()
                self.assertNotIn("hu", shown.partition("--dbname")[2])
                self.assertIn("--dbname=postgresql://interviews@127.0.0.1:5432/interviews", shown)
                self.assertEqual((self.folder / "password").read_text(), "hu@sh")

    def test_folder_and_archive_are_for_their_owner_alone(self):
        self.backup("postgres://interviews@/interviews?host=/run/postgresql")

        backups = self.folder / "backups"
        modes = {path.name[:6]: path.stat().st_mode & 0o777 for path in [backups, *backups.iterdir()]}
        self.assertEqual(modes, {"backup": 0o700, "interv": 0o600})
        self.assertIn("host=%2Frun%2Fpostgresql", (self.folder / "ps").read_text())

    def test_failures_are_one_sentence_and_leave_nothing(self):
        no_program = self.backup("postgres://interviews@127.0.0.1/interviews", path=str(self.folder))
        self.assertIn("pg_dump is missing", no_program.stderr)
        nothing_there = self.backup(f"sqlite:///{self.folder}/db.sqlite3")
        self.assertEqual(nothing_there.stderr, f"No backup was made: there is no {self.folder}/db.sqlite3.\n")
        (self.folder / "db.sqlite3").write_text("no database " * 100)
        damaged = self.backup(f"sqlite:///{self.folder}/db.sqlite3")
        self.assertRegex(damaged.stderr, r"^No backup was made: .*/db\.sqlite3 is damaged \(.*\)\. Your backups until")
        (self.folder / "backups").rmdir()  # empty
        (self.folder / "backups").touch()
        self.assertIn("backups is in the way", self.backup("").stderr)
