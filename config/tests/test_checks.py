from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.test import SimpleTestCase, override_settings

from config import checks


class PrivacyTests(SimpleTestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory()))
        (self.folder / "var").mkdir(mode=0o755)
        (self.folder / "var" / "db.sqlite3").touch()
        self.enterContext(override_settings(VAR_DIR=self.folder / "var", BASE_DIR=self.folder))

    def test_closed_folder_is_fine(self):
        settings.VAR_DIR.chmod(0o700)

        self.assertEqual(checks.privacy(), [])

    def test_open_folder_is_named_with_how_much_more(self):
        settings.VAR_DIR.chmod(0o755)
        (settings.VAR_DIR / "db.sqlite3").chmod(0o644)

        (found,) = checks.privacy()

        words = f"Other accounts on this machine can read {settings.VAR_DIR} and 1 more in VAR_DIR."
        self.assertEqual((found.id, found.msg), ("config.W001", words))

    def test_settings_file_that_all_can_read_is_named(self):
        settings.VAR_DIR.chmod(0o700)
        dotenv = self.folder / ".env"
        dotenv.touch(mode=0o644)
        dotenv.chmod(0o644)

        self.assertEqual([found.id for found in checks.privacy()], ["config.W002"])
        dotenv.chmod(0o640)
        self.assertEqual(checks.privacy(), [])


@override_settings(
    EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
    DEFAULT_FROM_EMAIL="Interview Script <interviews@example.com>",
    SITE_URL="https://interviews.example.com",
)
class EmailTests(SimpleTestCase):
    def found(self, **changed):
        with override_settings(**changed):
            return [(one.id, one.msg) for one in checks.email()]

    def test_own_domain_and_public_address_are_fine(self):
        self.assertEqual(self.found(), [])

    def test_sender_of_this_machine(self):
        words = "Emails come from interviews@localhost, which mail servers refuse."
        self.assertEqual(self.found(DEFAULT_FROM_EMAIL="A <interviews@localhost>"), [("config.W003", words)])

    def test_links_to_this_machine(self):
        words = "Links in emails lead to http://127.0.0.1:8000, which only this machine can open."
        self.assertEqual(self.found(SITE_URL="http://127.0.0.1:8000"), [("config.W004", words)])

    def test_printed_email_needs_neither(self):
        console = "django.core.mail.backends.console.EmailBackend"
        self.assertEqual(
            self.found(EMAIL_BACKEND=console, SITE_URL="http://localhost", DEFAULT_FROM_EMAIL="a@localhost"), []
        )
