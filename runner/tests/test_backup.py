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
    def test_archive_holds_committed_rows_and_secret_and_no_exports(self):
        with TemporaryDirectory() as name:
            var, target = Path(name) / "my var", Path(name) / "backups"
            (var / "exports").mkdir(parents=True)
            (var / "exports" / "scorecard.pdf").touch()
            (var / "secret_key").write_text("secret")
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
                self.assertEqual(sorted(members.getnames()), ["db.sqlite3", "secret_key"])
                self.assertEqual(members.extractfile("secret_key").read(), b"secret")
                copy = Path(name) / "copy.sqlite3"
                copy.write_bytes(members.extractfile("db.sqlite3").read())
            with closing(sqlite3.connect(copy)) as restored:
                self.assertEqual(restored.execute("SELECT text FROM note").fetchall(), [("kept",)])
