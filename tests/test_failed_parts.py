import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.sqlite_only

PARTS = """
from unittest import TestCase

class TestParts(TestCase):
    def test_some(self):
        for number in range(3):
            with self.subTest(number):
                self.assertNotEqual(number, 1)

    def test_all(self):
        with self.subTest("one"):
            pass
"""


def test_a_test_of_which_a_part_failed_is_among_the_last_failed(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(PARTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(settings.BASE_DIR), "PYTEST_ADDOPTS": ""}
    env = os.environ | alone
    command = [sys.executable, "-m", "pytest", "-p", "tests.failed_parts", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    written = tmp_path / ".pytest_cache" / "v" / "cache" / "lastfailed"
    assert list(json.loads(written.read_text())) == ["test_it.py::TestParts::test_some"]
