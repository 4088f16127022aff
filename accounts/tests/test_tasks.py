import datetime as dt
from unittest import mock

from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import TestCase
from django.utils import timezone
from huey.contrib.djhuey import HUEY
from huey.signals import SIGNAL_ERROR

from accounts import tasks
from accounts.factories import AdministratorFactory
from mail.models import Mail


class TellAboutFaultTests(TestCase):
    def setUp(self):
        AdministratorFactory(email="ana@example.org")

    def fail(self, fault):
        """As the consumer does when a task has raised."""
        task = tasks.clear_expired_logins.s()
        HUEY._emit(SIGNAL_ERROR, task, fault)

    def test_administrators_hear_of_the_task_and_the_kind_of_fault_and_of_nothing_that_a_person_wrote(self):
        self.fail(ZeroDivisionError("canary"))
        mail = Mail.objects.get()
        self.assertEqual(mail.to, "ana@example.org")
        self.assertIn("clear_expired_logins", mail.text)
        self.assertIn("ZeroDivisionError", mail.text)
        self.assertNotIn("canary", mail.text)

    def test_what_passes_by_itself_is_told_to_nobody(self):
        self.fail(OperationalError("database is locked"))
        self.assertFalse(Mail.objects.exists())

    def test_a_fault_in_telling_is_logged_and_ends_there(self):
        with mock.patch("accounts.alerts.tell_administrators", side_effect=RuntimeError):
            with self.assertLogs("accounts.tasks", "ERROR"):
                self.fail(ZeroDivisionError())


class ClearExpiredLoginsTests(TestCase):
    def test_expired_ones_go_and_others_stay(self):
        now = timezone.now()
        for key, days in (("old", -1), ("new", 1)):
            Session.objects.create(session_key=key, session_data="x", expire_date=now + dt.timedelta(days=days))
        tasks.clear_expired_logins.call_local()
        self.assertEqual([session.pk for session in Session.objects.all()], ["new"])
