from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase, mock

from runner import checks


class RequirementNamesTests(TestCase):
    def test_names_are_normalised_and_nothing_else_is_taken(self):
        text = """
# why
-c requirements.txt
Django>=5.2        # the framework
psycopg[binary]>=3
types_PyYAML==6 \\
    --hash=sha256:abc
"""

        self.assertEqual(checks.requirement_names(text), {"django", "psycopg", "types-pyyaml"})


class LockGapsTests(TestCase):
    def test_requirement_without_its_pin_is_named(self):
        with TemporaryDirectory() as name, mock.patch.object(checks, "ROOT", Path(name)):
            for file, text in {
                "requirements.in": "django>=5\nhuey\n",
                "requirements.txt": "django==5.2\n",
                "requirements-dev.in": "-c requirements.txt\nruff\n",
                "requirements-dev.txt": "ruff==1\n",
            }.items():
                (Path(name) / file).write_text(text)

            self.assertEqual(checks.lock_gaps(), (1, "requirements.txt does not pin huey: run `./run lock`."))
