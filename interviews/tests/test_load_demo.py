import io

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


class TestLoadDemoCommand(DemoCase):
    def printed(self):
        out = io.StringIO()
        with override_settings(VAR_DIR=self.file.parent):
            call_command("load_demo", stdout=out)
        return out.getvalue()

    def test_prints_a_login_for_each_role_and_again_the_second_time(self):
        first = self.printed()
        password = self.file.read_text().strip()
        for role, email in (("Interviewer", "mira.rahman@"), ("Administrator", "noor.haddad@")):
            self.assertRegex(first, rf"(?m)^{role} .* {email}example.org +{password}$")
        self.assertLessEqual(max(map(len, first.splitlines())), 70)
        again = self.printed()
        self.assertTrue(again.startswith(first))
        self.assertIn("was already loaded", again)

    def test_says_how_to_go_on_where_the_password_is_another_one(self):
        self.printed()
        self.file.write_text("forgotten")
        self.assertIn("`manage.py changepassword`", self.printed())

    def test_refusal_is_a_sentence(self):
        InterviewerFactory()
        with self.assertRaisesMessage(CommandError, "There are real people in this database"):
            self.printed()
        self.assertEqual(Interview.objects.count(), 0)
