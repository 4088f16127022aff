import errno
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import psycopg
from django.db import DatabaseError, InternalError, OperationalError
from django.test import RequestFactory, SimpleTestCase, TestCase, override_settings
from django.urls import include, path

from accounts.factories import CuratorFactory
from config import outages
from config.outages import outage_of


def wrapped(cause, kind=OperationalError):
    """As Django raises it."""
    error = kind(str(cause))
    error.__cause__ = cause
    return error


class OutageOfTests(SimpleTestCase):
    def sqlite_error(self, begin, statement, **how):
        with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "db", timeout=0)) as first:
            first.execute("CREATE TABLE note (text)")
            first.execute("PRAGMA user_version = 1")
            first.commit()
            with closing(sqlite3.connect(f"file:{folder}/db{how.get('query', '')}", uri=True, timeout=0)) as second:
                (first if how.get("in_first") else second).execute(begin)
                with self.assertRaises(sqlite3.OperationalError) as caught:
                    second.execute(statement)
                first.rollback()
                return wrapped(caught.exception)

    def test_of_sqlite_by_what_it_really_raises(self):
        big = "INSERT INTO note VALUES (randomblob(1000000))"
        for outage, arguments in (
            (outages.LOCKED, {"begin": "BEGIN IMMEDIATE", "statement": "BEGIN IMMEDIATE", "in_first": True}),
            (outages.DISK_FULL, {"begin": "PRAGMA max_page_count = 5", "statement": big}),
            (outages.READ_ONLY, {"begin": "SELECT 1", "statement": big, "query": "?mode=ro"}),
        ):
            with self.subTest(outage=outage.code):
                self.assertEqual(outage_of(self.sqlite_error(**arguments)), outage)

    def test_of_postgresql_by_its_state(self):
        for cause, outage in (
            (psycopg.errors.DiskFull(), outages.DISK_FULL),
            (psycopg.errors.ReadOnlySqlTransaction(), outages.READ_ONLY),
            (psycopg.errors.LockNotAvailable(), outages.LOCKED),
            (psycopg.errors.AdminShutdown(), outages.AWAY),
            (psycopg.errors.TooManyConnections(), outages.AWAY),
            (psycopg.OperationalError("connection failed"), outages.AWAY),
        ):
            with self.subTest(cause=type(cause).__name__):
                self.assertEqual(outage_of(wrapped(cause, InternalError)), outage)

    def test_of_the_disk(self):
        for number, outage in (
            (errno.ENOSPC, outages.DISK_FULL),
            (errno.EROFS, outages.READ_ONLY),
            (errno.EIO, outages.DISK_BROKEN),
        ):
            with self.subTest(number=number):
                self.assertEqual(outage_of(OSError(number, "no")), outage)

    def test_a_fault_of_the_program_is_none(self):
        for error in (
            ValueError(),
            FileNotFoundError(errno.ENOENT, "no"),
            wrapped(sqlite3.OperationalError("no such table: x")),
            wrapped(psycopg.errors.UndefinedTable(), DatabaseError),
            None,
        ):
            with self.subTest(error=error):
                self.assertIsNone(outage_of(error))


def fail(request):
    raise wrapped(psycopg.errors.DiskFull())


def stumble(request):
    raise RuntimeError


urlpatterns = [path("fail/", fail), path("stumble/", stumble), path("", include("config.urls"))]
handler500 = "config.outages.server_error"
FULL = "The server cannot save right now: its disk is full."


@override_settings(ROOT_URLCONF=__name__)
class ServerErrorTests(TestCase):
    def setUp(self):
        self.client.force_login(CuratorFactory())
        self.client.raise_request_exception = False

    def test_a_page_says_what_is_wrong_and_what_to_do(self):
        response = self.client.post("/fail/")
        self.assertContains(response, FULL, status_code=503)
        self.assertContains(response, "your text is still in the form", status_code=503)
        self.assertEqual(response.headers["Retry-After"], "2")

    def test_a_page_that_only_reads_can_be_tried_again(self):
        response = self.client.get("/fail/")
        self.assertContains(response, "The server cannot answer right now: its disk is full.", status_code=503)
        self.assertContains(response, '<a href="">Try now</a>', html=True, status_code=503)

    def test_a_script_gets_the_words_and_a_code(self):
        response = self.client.post("/fail/", headers={"accept": "application/json"})
        self.assertEqual((response.status_code, response.json()), (503, {"error": FULL, "code": "disk-full"}))
        self.assertEqual(response.headers["Retry-After"], "2")

    def test_htmx_gets_them_among_the_messages(self):
        response = self.client.post("/fail/", headers={"hx-request": "true"})
        self.assertContains(response, FULL, status_code=503)
        self.assertNotContains(response, "<html", status_code=503)
        self.assertContains(self.client.get("/"), '{"code": "503", "swap": true, "error": true, "target": "#messages"')

    def test_a_fault_of_the_program_is_500_for_a_script_as_well(self):
        self.assertContains(self.client.get("/stumble/"), "Something went wrong", status_code=500)
        response = self.client.get("/stumble/", headers={"accept": "application/json"})
        self.assertEqual((response.status_code, response.json()["code"]), (500, "fault"))

    def test_what_fails_outside_of_views_is_told_too(self):
        with mock.patch(
            "django.contrib.sessions.backends.db.SessionStore.save", side_effect=wrapped(psycopg.errors.DiskFull())
        ):
            person = CuratorFactory(email="mira@example.org")
            person.set_password("three calm words")
            person.save()
            posted = {"username": person.email, "password": "three calm words"}
            response = self.client_class(raise_request_exception=False).post("/sign-in/", posted)
        self.assertContains(response, FULL, status_code=503)


class SigningInIsBusyTests(SimpleTestCase):
    def answer(self, **headers):
        told = {}
        environ = RequestFactory().post("/sign-in/", headers=headers).environ
        body = outages.signing_in_is_busy(environ, lambda status, headers: told.update(headers, status=status))
        return told, b"".join(body)

    def test_page_and_script_are_told_in_words_when_to_come_back(self):
        words = b"The server cannot sign you in right now: many people are signing in."
        told, body = self.answer()
        self.assertEqual((told["status"], told["Retry-After"]), ("503 Service Unavailable", "5"))
        self.assertIn(words, body)
        told, body = self.answer(accept="application/json")
        self.assertEqual(json.loads(body), {"error": words.decode(), "code": "busy"})
