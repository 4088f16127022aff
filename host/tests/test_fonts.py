import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase, mock

from host import fonts
from runner import ROOT

CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/cache</cachedir></fontconfig>"""


class MissingScriptsTests(TestCase):
    def missing(self, covers):
        with mock.patch.object(fonts, "coverage", return_value=covers):
            return [script.name for script in fonts.missing_scripts()], fonts.missing_packages()

    def test_machine_with_every_letter_lacks_nothing(self):
        self.assertEqual(self.missing(lambda letter: True), ([], []))

    def test_one_letter_missing_names_its_script_and_package(self):
        self.assertEqual(self.missing(lambda letter: letter != "글"), (["Korean"], ["fonts-noto-cjk"]))
        self.assertEqual(
            self.missing(lambda letter: letter not in "ب🦊"),
            (["Arabic", "emoji"], ["fonts-noto-core", "fonts-noto-color-emoji"]),
        )

    def test_machine_without_fonts_lacks_every_script(self):
        """Asked of the real fontconfig, in a process that it shows an empty folder."""
        with TemporaryDirectory() as name:
            (Path(name) / "fonts").mkdir()
            (Path(name) / "fonts.conf").write_text(CONF.format(folder=name))
            code = "from host import fonts; print(fonts.in_words([s.name for s in fonts.missing_scripts()]))"
            env = {"FONTCONFIG_FILE": f"{name}/fonts.conf"}
            command = [sys.executable, "-c", code]
            printed = subprocess.run(command, cwd=ROOT, env=env, text=True, capture_output=True, check=True).stdout

        self.assertRegex(printed, r"^Arabic, Hebrew, Devanagari, .*, Korean and emoji$")

    def test_no_fontconfig_is_no_font(self):
        with mock.patch.object(fonts, "LIBRARIES", ("libnothing.so.1",)):
            self.assertFalse(fonts.Coverage()("a"))


class ScriptsTests(TestCase):
    def test_each_package_is_in_the_image(self):
        dockerfile = (ROOT / "Dockerfile").read_text()

        for script in fonts.SCRIPTS:
            self.assertIn(script.package, dockerfile)
