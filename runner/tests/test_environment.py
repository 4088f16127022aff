import json
import os
import re
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase, mock

import environ

from host.settings_file import NAMES, read_dotenv
from runner import ROOT, environment
from runner.processes import Stop


class ReadDotenvTests(TestCase):
    def test_comments_quotes_and_export_are_understood(self):
        text = """
        # PORT=1
        PORT=8001
        export TIME_ZONE = Europe/Amsterdam   # where we are
        SECRET_KEY='a#b "c"'
        EMAIL_URL="smtp://mail" # by post
        REDIS_URL=
        not a setting
        """

        self.assertEqual(
            read_dotenv(text),
            {
                "PORT": "8001",
                "TIME_ZONE": "Europe/Amsterdam",
                "SECRET_KEY": 'a#b "c"',
                "EMAIL_URL": "smtp://mail",
                "REDIS_URL": "",
            },
        )


class EnvExampleTests(TestCase):
    def test_every_setting_is_listed(self):
        settings = (ROOT / "config" / "settings.py").read_text()
        listed = re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)

        self.assertEqual(set(listed), set(NAMES))
        self.assertEqual(set(listed), set(re.findall(r'env\.\w+\("([A-Z_]+)"', settings)))

    def test_copied_as_it_is_it_sets_nothing(self):
        self.assertEqual(read_dotenv((ROOT / ".env.example").read_text()), {})


class SqliteUrlTests(TestCase):
    def test_path_with_anything_in_it_comes_back(self):
        for path in ("/srv/var/db.sqlite3", "/home/a b/ü+%20?#/db.sqlite3"):
            with self.subTest(path=path):
                self.assertEqual(environ.Env.db_url_config(environment.sqlite_url(Path(path)))["NAME"], path)


class InFolder(TestCase):
    """The module as if the repository were an empty folder with two locks in it."""

    def setUp(self):
        stack = self.enterContext(ExitStack())
        self.root = Path(stack.enter_context(TemporaryDirectory()))
        venv = self.root / ".venv"
        places = {
            "ROOT": self.root,
            "VENV": venv,
            "PYTHON": str(venv / "bin" / "python"),
            "STAMP": venv / "installed.json",
        }
        stack.enter_context(mock.patch.multiple(environment, **places))
        for lock in environment.LOCKS:
            (self.root / lock).write_text(f"{lock} of yesterday")


class VariablesTests(InFolder):
    def variables(self, **variables):
        with mock.patch.dict(os.environ, variables, clear=True):
            return environment.variables()

    def test_nothing_set_has_place_and_port(self):
        found = self.variables()

        self.assertEqual((found["VAR_DIR"], found["PORT"]), (str(self.root.resolve() / "var"), "8000"))

    def test_environment_wins_over_the_file(self):
        (self.root / ".env").write_text("PORT=8001\nTIME_ZONE=Asia/Tokyo\n")

        found = self.variables(PORT="8002")

        self.assertEqual((found["PORT"], found["TIME_ZONE"]), ("8002", "Asia/Tokyo"))

    def test_empty_means_not_set(self):
        found = self.variables(PORT="", DATABASE_URL="", VAR_DIR="")

        self.assertEqual((found["VAR_DIR"], found["PORT"]), (str(self.root.resolve() / "var"), "8000"))
        self.assertNotIn("DATABASE_URL", found)

    def test_port_that_is_none_is_refused_in_words(self):
        for port in ("web", "0", "65536", "-1"):
            with self.subTest(port=port), self.assertRaisesRegex(Stop, "number from 1 to 65535"):
                self.variables(PORT=port)


class InstallTests(InFolder):
    def install(self, *, dev=False, code=0):
        """The commands that it runs. Making an environment makes a Python in it; `code` is how each ends."""
        ran = []

        def call(command, **options):
            ran.append([part for part in command if part in ("venv", "pip", *environment.LOCKS)])
            if "venv" in command:
                Path(environment.PYTHON).parent.mkdir(parents=True, exist_ok=True)
                Path(environment.PYTHON).touch()
                environment.STAMP.unlink(missing_ok=True)
            return code

        with (
            mock.patch.object(environment, "call", call),
            mock.patch.object(environment, "require"),
            mock.patch("builtins.print"),
        ):
            environment.install(dev=dev)
        return ran

    def test_first_time_makes_and_fills_it(self):
        self.assertEqual(self.install(), [["venv"], ["pip", "requirements.txt"]])

    def test_second_time_does_nothing(self):
        self.install()

        self.assertEqual(self.install(), [])

    def test_development_adds_its_lock_and_serving_leaves_it_there(self):
        self.install()

        self.assertEqual(self.install(dev=True), [["pip", "requirements.txt", "requirements-dev.txt"]])
        self.assertEqual(self.install(), [])
        self.assertEqual(self.install(dev=True), [])

    def test_linked_one_is_refused_and_what_it_points_to_stays(self):
        with TemporaryDirectory() as elsewhere:
            (Path(elsewhere) / "mine").touch()
            environment.VENV.symlink_to(elsewhere)

            with self.assertRaisesRegex(Stop, r"\.venv is a link"):
                self.install()

            self.assertTrue((Path(elsewhere) / "mine").exists())

    def test_changed_lock_is_installed_over_it(self):
        self.install()
        (self.root / "requirements.txt").write_text("of today")

        self.assertEqual(self.install(), [["pip", "requirements.txt"]])

    def test_failed_installation_is_told_and_starts_anew(self):
        with self.assertRaises(Stop):
            self.install(code=1)

        self.assertEqual(self.install(), [["venv"], ["pip", "requirements.txt"]])

    def test_half_made_one_is_made_anew(self):
        self.install()
        environment.STAMP.unlink()

        self.assertEqual(self.install(), [["venv"], ["pip", "requirements.txt"]])

    def test_other_python_or_moved_folder_makes_it_anew(self):
        for key in ("python", "place"):
            with self.subTest(key=key):
                self.install()
                stamp = json.loads(environment.STAMP.read_text())
                environment.STAMP.write_text(json.dumps(stamp | {key: "another"}))

                self.assertEqual(self.install(), [["venv"], ["pip", "requirements.txt"]])
