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
