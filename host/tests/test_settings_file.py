from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase

from host.settings_file import WrongSetting, check, read


class ReadTests(TestCase):
    def setUp(self):
        self.file = Path(self.enterContext(TemporaryDirectory())) / ".env"

    def test_blank_means_not_set_and_the_environment_wins(self):
        self.file.write_text("PORT=8001\nSITE_URL=\nEMAIL_URL=smtp://mail\nOWN=\n")

        self.assertEqual(read(self.file, {"PORT": "8002", "EMAIL_URL": " "}), {"PORT": "8002", "OWN": ""})

    def test_mark_that_an_editor_puts_first_hides_no_setting(self):
        self.file.write_bytes("\ufeffDATABASE_URL=postgres://db/name\r\nPORT=1\r\n".encode())

        self.assertEqual(read(self.file, {}), {"DATABASE_URL": "postgres://db/name", "PORT": "1"})

    def test_other_encoding_is_said_in_words(self):
        self.file.write_bytes("DEFAULT_FROM_EMAIL=Zoë <zoe@example.org>".encode("latin-1"))

        with self.assertRaisesRegex(WrongSetting, "Save it as UTF-8"):
            read(self.file, {})

    def test_without_a_file_there_is_the_environment(self):
        self.assertEqual(read(self.file, {"PORT": "1"}), {"PORT": "1"})


def is_refused(settings):
    try:
        check(settings)
    except WrongSetting:
        return True
    return False


class CheckTests(TestCase):
    def test_value_that_cannot_be_read_is_named_and_not_shown(self):
        for name, value in (
            ("PORT", "hush"),
            ("TRUSTED_PROXIES", "-1"),
            ("SITE_URL", "interviews.example"),
            ("SITE_URL", "https://interviews.example/hush"),
            ("EMAIL_URL", "mail://hush"),
            ("DATABASE_URL", "hush"),
            ("REDIS_URL", "127.0.0.1:6379"),
            ("TIME_ZONE", "Mars/Olympus"),
            ("TIME_ZONE", "../hush"),
        ):
            with self.subTest(name=name, value=value):
                with self.assertRaisesRegex(WrongSetting, f"^{name} must be ") as refusal:
                    check({name: value})
                self.assertNotIn("hush", str(refusal.exception))

    def test_usual_values_are_taken(self):
        usual = {
            "PORT": "8000",
            "TRUSTED_PROXIES": "2",
            "SITE_URL": "https://interviews.example:8443/",
            "EMAIL_URL": "smtp+tls://me%40x.example:p%20w@mail.example:587",
            "DATABASE_URL": "postgres://postgres@/name?host=/tmp",
            "REDIS_URL": "unix:///run/redis.sock",
            "TIME_ZONE": "Europe/Malta",
        }
        self.assertEqual([name for name, value in usual.items() if is_refused({name: value})], [])
        self.assertFalse(is_refused(usual))
