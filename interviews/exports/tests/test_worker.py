"""The consumer as a process of its own, on the database and the queue that this run uses."""

import os
import shutil
import signal
import tempfile
import time
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from accounts.factories import HiringManagerFactory
from harness.forks import loaded
from interviews.factories import CandidateFactory, NoteFactory, OpeningFactory
from interviews.models import Export
from interviews.tests.submitting import ended_interview, questions, seat, submit

PATIENCE = 120  # seconds; a machine that runs several suites at once is slow
REQUEST = """
from django.utils import timezone
from accounts.models import User
from interviews.exports import requests as exports
from interviews.models import Interview
target = Interview.objects.get(pk={0})
exports.request_export(target=target{2}, reader=User.objects.get(pk={1}), at=timezone.now())
"""


@pytest.mark.slow
@pytest.mark.worker
class WorkerTests(TransactionTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.var = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        # Workers and those who ask them are processes of their own, forked from one that has loaded the product.
        cls.loaded = cls.enterClassContext(loaded(cls.environment()))

    def setUp(self):
        shutil.rmtree(self.var / "exports", ignore_errors=True)
        # Before and after its workers run: a killed one leaves the files of its log, too.
        self._remove_queue()
        self.addCleanup(self._remove_queue)
        self.hana = HiringManagerFactory()
        self.interview = ended_interview(
            candidate=CandidateFactory(opening=OpeningFactory(managers=[self.hana]), name="Ada Okafor")
        )
        self.mira = seat(self.interview, "Mira Rahman", "lead")
        [self.slow] = questions(self.interview, 1)

    @classmethod
    def environment(cls):
        """The product's own settings on this run's engines, with files and a queue of its own."""
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": str(cls.var)}
        name = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite":
            env["DATABASE_URL"] = f"sqlite:///{name}"
        else:
            env["DATABASE_URL"] = urlsplit(env["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        if settings.REDIS_URL:
            number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
            env["REDIS_URL"] = f"{settings.REDIS_URL}?db={32 + number}"
        return env

    def _remove_queue(self):
        """The queue is a file beside the database."""
        if connection.vendor == "sqlite":
            queue = f"{str(connection.settings_dict['NAME']).removesuffix('.sqlite3')}.queue.sqlite3"
            for end in ("", "-wal", "-shm"):
                Path(f"{queue}{end}").unlink(missing_ok=True)

    def fork(self, *command):
        with (self.var / "worker.log").open("a") as log:
            process = self.loaded.fork(command, out=log.fileno(), errors=log.fileno())
        self.addCleanup(self.stop, process)
        return process

    def start(self):
        return self.fork("manage.py", "run_huey", "--quiet", "--graceful-signal=TERM")

    def stop(self, worker):
        if worker.poll() is None:
            worker.terminate()
            worker.wait(PATIENCE)

    def request(self, of=""):
        """As the web process does, from a process of its own; the interview's PDF, or with ".opening" its zip."""
        code = REQUEST.format(self.interview.pk, self.hana.pk, of)
        self.assertEqual(self.fork("-c", code).wait(PATIENCE), 0, self.log())

    def wait_until(self, state, among=None):
        deadline = time.monotonic() + PATIENCE
        among = Export.objects.all() if among is None else among
        while not among.filter(state=state).exists():
            assert time.monotonic() < deadline, (list(Export.objects.values("state", "failure")), self.log())
            time.sleep(0.02)

    def log(self):
        return (self.var / "worker.log").read_text()[-4000:]

    def files(self):
        return [path for path in (self.var / "exports").rglob("*") if path.is_file()]

    def test_what_is_asked_for_is_made(self):
        submit(self.mira)
        worker = self.start()
        self.request()
        self.wait_until("ready")
        [file] = self.files()
        self.assertEqual(file, self.var / "exports" / Export.objects.get().storage_name)
        self.assertTrue(file.read_bytes().startswith(b"%PDF-1.7"))
        worker.terminate()
        self.assertEqual(worker.wait(PATIENCE), 0)

    def test_what_was_asked_for_while_no_worker_ran_is_made_when_one_starts(self):
        submit(self.mira)
        self.request()
        self.assertEqual(Export.objects.get().state, "queued")
        self.start()
        self.wait_until("ready")
        self.assertEqual(len(self.files()), 1)

    def test_killed_in_mid_zip_and_started_again_there_is_one_with_every_pdf_in_it(self):
        NoteFactory(panelist=self.mira, question=self.slow, text="Measured first, then queries. " * 300)
        submit(self.mira)
        for _ in range(3):
            submit(seat(ended_interview(candidate=self.interview.candidate), "Jo Tanaka", "lead"))
        zip_of = Export.objects.filter(kind="zip")
        self.request(of=".opening")
        first = self.start()
        self.wait_until("running", zip_of.filter(made__gt=0))
        os.kill(first.pid, signal.SIGKILL)
        first.wait(PATIENCE)
        made = zip_of.get().made
        self.start()
        self.wait_until("ready", zip_of)
        export = zip_of.get()
        self.assertEqual((export.made, export.total, made < 4), (4, 4, True))
        with zipfile.ZipFile(self.var / "exports" / export.storage_name) as archive:
            self.assertIsNone(archive.testzip())
            self.assertEqual(len(archive.namelist()), 9)
        self.assertEqual(len(self.files()), 5)

    def test_killed_in_mid_pdf_and_started_again_there_is_one(self):
        NoteFactory(panelist=self.mira, question=self.slow, text="Measured first, then queries. " * 1000)
        submit(self.mira)
        self.request()
        first = self.start()
        self.wait_until("running")
        os.kill(first.pid, signal.SIGKILL)
        first.wait(PATIENCE)
        self.assertEqual((Export.objects.get().state, self.files()), ("running", []))
        # The next one sees that its holder is dead, and does not wait for the lease.
        self.assertGreater(Export.objects.get().lease_until, timezone.now())
        self.start()
        self.wait_until("ready")
        self.assertEqual(Export.objects.get().attempts, 2)
        self.assertEqual(self.files(), [self.var / "exports" / Export.objects.get().storage_name])
