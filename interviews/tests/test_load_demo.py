import io
import tempfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.factories import InterviewerFactory
from interviews.demo.tests.test_loading import DemoCase
from interviews.models import (
    Interview,
)

# Demo data are loaded on the embedded engine alone.
pytestmark = pytest.mark.sqlite_only


def printed(file):
    out = io.StringIO()
    with override_settings(VAR_DIR=file.parent):
        call_command("load_demo", stdout=out)
    return out.getvalue()


class TestLoadDemoCommand(DemoCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "demo_password"
            cls.first, cls.password = printed(file), file.read_text()

    def test_prints_a_login_for_each_role_and_again_the_second_time(self):
        first, password = self.first, self.password.strip()
        for role, email in (("Interviewer", "mira.rahman@"), ("Administrator", "noor.haddad@")):
            self.assertRegex(first, rf"(?m)^{role} .* {email}example.org +{password}$")
        self.assertLessEqual(max(map(len, first.splitlines())), 70)
        self.file.write_text(self.password)
        again = printed(self.file)
        self.assertTrue(again.startswith(first))
        self.assertIn("was already loaded", again)

    def test_says_how_to_go_on_where_the_password_is_another_one(self):
        self.file.write_text("forgotten")
        self.assertIn("`manage.py changepassword`", printed(self.file))


class TestLoadDemoRefused(DemoCase):
    def test_refusal_is_a_sentence(self):
        InterviewerFactory()
        with self.assertRaisesMessage(CommandError, "There are real people in this database"):
            printed(self.file)
        self.assertEqual(Interview.objects.count(), 0)
