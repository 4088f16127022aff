import shutil
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import SimpleTestCase, override_settings
from fontTools.ttLib import TTFont

from interviews.exports import fonts

pytestmark = pytest.mark.sqlite_only


class BuiltFontsTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        call_command("build_fonts", stdout=StringIO())

    def test_up_to_date_command_touches_nothing(self):
        file = fonts.screen_font(settings.BUILD_DIR)
        before = file.stat().st_mtime_ns

        call_command("build_fonts", stdout=StringIO())

        self.assertEqual(file.stat().st_mtime_ns, before)

    def test_screen_font_is_small_and_holds_the_weights_and_letters_of_the_screen(self):
        file = fonts.screen_font(settings.BUILD_DIR)
        font = TTFont(file)

        self.assertLess(file.stat().st_size, 45_000)
        axes = [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes]
        self.assertEqual(axes, [("wght", 400, 700)])
        self.assertLessEqual(set(map(ord, "aZ09éßŁő“”‘’…–—·×→←✓○●◦↳◇⎇★↗€")), set(font.getBestCmap()))

    def test_pdf_fonts_have_one_weight_each_and_the_letters_of_names(self):
        for weight, file in fonts.pdf_fonts(settings.BUILD_DIR).items():
            with self.subTest(weight=weight):
                font = TTFont(file)

                self.assertNotIn("fvar", font)
                self.assertEqual(font["OS/2"].usWeightClass, weight)
                self.assertLessEqual(set(map(ord, "aéŁőƏѢЖїΩέỄữ“—→✓★")), set(font.getBestCmap()))

    @pytest.mark.slow
    def test_same_versions_make_the_same_bytes(self):
        self.assertEqual(fonts.make_screen_font(), fonts.screen_font(settings.BUILD_DIR).read_bytes())

    def test_interrupted_build_does_not_count(self):
        with TemporaryDirectory() as name:
            folder = Path(name) / "build"
            shutil.copytree(settings.BUILD_DIR, folder)
            self.assertTrue(fonts.is_built(folder))

            fonts.pdf_fonts(folder)[600].unlink()
            self.assertFalse(fonts.is_built(folder))

            shutil.copytree(settings.BUILD_DIR, folder, dirs_exist_ok=True)
            (folder / fonts.STAMP).unlink()
            self.assertFalse(fonts.is_built(folder))

    @pytest.mark.slow
    def test_half_written_font_is_made_again(self):
        few = ((0x41, 0x43),)  # letters; all of them take ten to twenty seconds
        with TemporaryDirectory() as name, mock.patch.multiple(fonts, PDF_RANGES=few, SCREEN_RANGES=few):
            folder, source = Path(name) / "build", Path(name) / "few.ttf"
            source.write_bytes(fonts._cut(fonts._code_points(few)))
            self.enterContext(mock.patch.object(fonts, "SOURCE", source))
            fonts.build(folder)
            file = fonts.pdf_fonts(folder)[600]
            whole = file.read_bytes()
            for half in (whole[:1000], b"\0" * len(whole), b""):
                file.write_bytes(half)
                self.assertFalse(fonts.is_built(folder))

            with override_settings(BUILD_DIR=folder):
                call_command("build_fonts", stdout=StringIO())

            self.assertEqual(file.read_bytes(), whole)
