import datetime as dt
import shutil
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock, skipUnless

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import AdministratorFactory, CuratorFactory
from config import health as health_module
from config import outages
from config.health import Health, find_outage
from mail.models import Mail

FULL = "The server cannot save right now: its disk is full."


def found(outage):
    return mock.patch.object(health_module, "find_outage", return_value=outage)


class HealthCase(TestCase):
    def setUp(self):
        # What other tests have found is not known here.
        self.enterContext(mock.patch.object(health_module, "health", Health()))
        self.enterContext(mock.patch("config.urls.health", health_module.health))


class HealthzTests(HealthCase):
    def test_all_is_well_and_nothing_was_written(self):
        response = self.client.get("/healthz")
        self.assertEqual((response.status_code, response.content), (200, b"ok\n"))
        self.assertEqual(Session.objects.count(), 0)

    def test_what_is_wrong_is_said_in_words(self):
        with found(outages.DISK_FULL):
            response = self.client.get("/healthz")
        self.assertEqual((response.status_code, response.content.decode()), (503, f"{FULL}\n"))
        self.assertEqual(response.headers["Retry-After"], "2")

    def test_however_many_ask_it_looks_once_in_a_while(self):
        with found(None) as look:
            for _ in range(5):
                self.client.get("/healthz")
        self.assertEqual(look.call_count, 1)

    def test_a_queue_that_is_down_is_told_and_keeps_nobody_from_working(self):
        with mock.patch.object(health_module, "HUEY") as huey:
            huey.pending_count.side_effect = ConnectionError
            response = self.client.get("/healthz")
        self.assertEqual(response.status_code, 200)
        self.assertIn("PDFs and emails wait", response.content.decode())

    def test_a_queue_consumer_that_does_not_run_is_told(self):
        due = timezone.now() - dt.timedelta(minutes=11)
        row = Mail.objects.create(kind="plan", to="jo@example.org", subject="Hi", text="Hi", created_at=due, try_at=due)
        response = self.client.get("/healthz")
        self.assertEqual(response.status_code, 200)
        self.assertIn("does the queue consumer run?", response.content.decode())
        # A mail server that is down is another matter: the next attempt is later, or there is none.
        for later in ({"try_at": timezone.now()}, {"try_at": due, "given_up_at": due}):
            Mail.objects.filter(pk=row.pk).update(**later)
            health_module.health.looked_at = float("-inf")
            self.assertEqual(self.client.get("/healthz").content, b"ok\n")


class NoticeTests(HealthCase):
    def page(self, factory=CuratorFactory):
        self.client.force_login(factory())
        return self.client.get(reverse("question-list"))

    def test_nobody_looks_while_all_is_well(self):
        with found(outages.DISK_FULL) as look:
            self.assertNotContains(self.page(), FULL)
        look.assert_not_called()

    def test_everybody_is_told_until_it_is_over(self):
        health_module.health.note(outages.DISK_FULL)
        with found(outages.DISK_FULL):
            self.assertContains(self.page(), FULL)
            self.assertNotContains(self.page(), "The data is in")
            self.assertContains(self.page(AdministratorFactory), "The data is in")
        health_module.health.looked_at = float("-inf")
        self.assertNotContains(self.page(), FULL)

    def test_administrators_are_told_before_the_disk_is_full(self):
        with mock.patch.object(health_module, "free_bytes", return_value=12_000_000):
            self.assertContains(self.page(AdministratorFactory), "Only 12 MB is free")
            self.assertNotContains(self.page(), "is free")


class FindOutageTests(TransactionTestCase):
    def test_a_locked_database_is_found_in_about_a_second(self):
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
                other.execute("BEGIN IMMEDIATE")
                began = time.monotonic()
                self.assertEqual(find_outage(), outages.LOCKED)
                self.assertLess(time.monotonic() - began, 4)
                other.rollback()
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout")
                self.assertEqual(cursor.fetchone(), (5000,))
        else:
            held, may_end = threading.Event(), threading.Event()

            def hold():
                other = connection.copy()
                with other.cursor() as cursor:
                    cursor.execute("BEGIN")
                    cursor.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
                    held.set()
                    may_end.wait(30)
                other.close()

            holding = threading.Thread(target=hold)
            holding.start()
            held.wait(10)
            self.assertEqual(find_outage(), outages.LOCKED)
            may_end.set()
            holding.join()
        self.assertIsNone(find_outage())

    @pytest.mark.sqlite_only
    @skipUnless(shutil.which("mount"), "mount is missing")
    def test_a_full_disk_is_found(self):
        with TemporaryDirectory() as folder:
            mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]
            if subprocess.run(mount, check=False, capture_output=True).returncode:
                self.skipTest("only root can mount a small disk")
            try:
                (Path(folder) / "rest").write_bytes(bytes(60 * 1024))
                with self.settings(VAR_DIR=Path(folder)):
                    self.assertEqual(find_outage(), outages.DISK_FULL)
                    (Path(folder) / "rest").unlink()
                with self.settings(VAR_DIR=Path(folder)), mock.patch.object(health_module, "FILE_BYTES", 1024):
                    self.assertIsNone(find_outage())
            finally:
                subprocess.run(["umount", folder], check=True)
