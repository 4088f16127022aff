import io
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import TestCase

from accounts.factories import AdministratorFactory, UserFactory
from accounts.models import User

PASSWORD = "three calm words"
COMMAND = "accounts.management.commands.create_first_administrator"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def run(*options, environment=None, stdin=""):
    out = io.StringIO()
    with mock.patch.dict("os.environ", environment or {}), mock.patch("sys.stdin", io.StringIO(stdin)):
        call_command("create_first_administrator", *options, stdout=out)
    return out.getvalue()


def run_at_terminal(*options, answers=(), passwords=()):
    out = io.StringIO()
    with (
        mock.patch("sys.stdin", Terminal()),
        mock.patch("builtins.input", side_effect=answers),
        mock.patch(f"{COMMAND}.getpass.getpass", side_effect=passwords),
    ):
        call_command("create_first_administrator", *options, stdout=out)
    return out.getvalue()


WHO = ("--email", "ana@example.org", "--name", "Ana Silva")


class CreateFirstAdministratorTests(TestCase):
    def assert_created(self):
        ana = User.objects.get()
        self.assertEqual((ana.email, ana.name, ana.role_list), ("ana@example.org", "Ana Silva", ["Administrator"]))
        self.assertTrue(ana.check_password(PASSWORD))

    def test_password_comes_from_the_environment(self):
        self.assertIn("Ana Silva can sign in", run(*WHO, environment={"FIRST_PASSWORD": PASSWORD}))
        self.assert_created()

    def test_or_from_what_is_piped_in(self):
        run(*WHO, stdin=f"{PASSWORD}\n")
        self.assert_created()

    def test_terminal_asks_until_each_answer_will_do(self):
        out = run_at_terminal(
            answers=["ana", "ana@example.org", " ", "x" * 121, "Ana Silva", "perhaps", "n", ""],
            passwords=["short", PASSWORD, "other words here", PASSWORD, PASSWORD],
        )
        self.assertIn("Enter a valid email address.", out)
        self.assertIn("Enter a name.", out)
        self.assertIn("A name can have up to 120 characters.", out)
        self.assertIn("Answer y or n.", out)
        self.assertIn("too short", out)
        self.assertIn("The passwords don’t match.", out)
        self.assert_created()

    def test_terminal_does_not_ask_for_what_was_given(self):
        run_at_terminal(*WHO, answers=["no", "no"], passwords=[PASSWORD, PASSWORD])
        self.assert_created()

    def test_who_also_hires_and_interviews_has_those_roles(self):
        run_at_terminal(*WHO, answers=["y", "Yes"], passwords=[PASSWORD, PASSWORD])
        roles = ["Interviewer", "Hiring manager", "Administrator"]
        self.assertEqual(User.objects.get().role_list, roles)

    def test_options_say_so_without_a_terminal(self):
        out = run(*WHO, "--hires", "--interviews", stdin=PASSWORD)
        self.assertIn("as administrator, hiring manager and interviewer.", out)
        self.assertEqual(User.objects.get().role_list, ["Interviewer", "Hiring manager", "Administrator"])

    def test_without_terminal_and_options_it_says_how(self):
        self.assertIn("--email", run())
        self.assertEqual(User.objects.count(), 0)

    def test_bad_email_and_weak_password_are_refused(self):
        for options, stdin, words in (
            (("--email", "ana", "--name", "Ana"), PASSWORD, "valid email"),
            (WHO, "short", "too short"),
            (WHO, "", "Set FIRST_PASSWORD"),
        ):
            with self.subTest(words=words), self.assertRaisesMessage(CommandError, words):
                run(*options, stdin=stdin)
        self.assertEqual(User.objects.count(), 0)

    def test_person_who_is_here_without_the_role_is_not_changed(self):
        UserFactory(email="Ana@example.org")
        with self.assertRaisesMessage(CommandError, "This email is already in use."):
            run(*WHO, stdin=PASSWORD)
        self.assertEqual(User.objects.get().role_list, [])

    def test_second_one_is_refused(self):
        AdministratorFactory(name="Luc Camilleri")
        with self.assertRaisesMessage(CommandError, "Luc Camilleri is already an administrator"):
            run(*WHO, stdin=PASSWORD)
        self.assertEqual(User.objects.count(), 1)

    def test_start_with_an_administrator_says_and_asks_nothing(self):
        AdministratorFactory()
        self.assertEqual(run(), "")
        self.assertEqual(run_at_terminal(), "")

    def test_administrator_who_may_not_sign_in_does_not_count(self):
        AdministratorFactory(is_active=False)
        run(*WHO, stdin=PASSWORD)
        self.assertTrue(User.objects.get(email="ana@example.org").is_administrator)
