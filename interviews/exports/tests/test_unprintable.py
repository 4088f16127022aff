import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pypdf
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import SimpleTestCase

from host.tests.test_fonts import CONF
from interviews.exports import pdf, tasks, unprintable
from interviews.exports.tests.test_pdf import DATA, document, note, question

pytestmark = pytest.mark.sqlite_only

# One letter each that a font of every usual machine lacks, and those of Inter.
WORDS = {
    "Arabic": "مرحبا",
    "Chinese": "中文",
    "Devanagari": "नमस्ते",
    "emoji": "🦊",
    "Japanese": "ひら",
    "Korean": "한국",
}
OURS = "Zoë Łukasz Ξένη русский Trần → ✓ “quoted” 1\u2009000\u00a0€ zero\u200bwidth ✓\ufe0f"

# In a process that finds no font but ours: the names, and what the layout itself could not draw.
WITHOUT_FONTS = """
import django, json, logging, sys; django.setup()
from interviews.exports import pdf; from interviews.exports import unprintable
document, data = json.load(sys.stdin)
drawn = []
class Notes(logging.Handler):
    def emit(self, record): drawn.append(record.getMessage())
logging.getLogger("weasyprint").addHandler(Notes())
printed = document | {"boxes": unprintable.boxes(document)}
pdf.render(printed, data)
print(json.dumps([printed.get("boxes", []), drawn]))
"""


def lacks(*letters):
    """As on a machine whose fonts have everything but these letters."""
    missing = set("".join(letters))
    return mock.patch.object(unprintable, "coverage", return_value=lambda letter: letter not in missing)


class MissingTests(SimpleTestCase):
    def test_scripts_are_named_as_people_say_them_and_sorted(self):
        for name, word in WORDS.items():
            with self.subTest(name=name), lacks(word):
                self.assertEqual(unprintable.missing(iter([f"before {word} after"])), [name])
        with lacks(*WORDS.values()):
            self.assertEqual(unprintable.missing(iter(WORDS.values())), sorted(WORDS))

    def test_private_letters_are_some_signs(self):
        with lacks("\ue000"):
            self.assertEqual(unprintable.missing(iter(["\ue000"])), ["some symbols"])

    def test_what_has_no_picture_is_never_missing(self):
        invisible = "\u200b\u200d\u00a0\u2009\ufe0f\u2028\ufeff\x07\x85"
        with lacks(invisible):
            self.assertEqual(unprintable.missing(iter([invisible])), [])

    def test_font_that_comes_with_the_product_counts(self):
        call_command("build_fonts", stdout=io.StringIO())
        unprintable._own_letters.cache_clear()
        with lacks(OURS):
            self.assertEqual(unprintable.missing(iter([OURS])), [])


class BoxesTests(SimpleTestCase):
    def test_document_with_all_its_fonts_has_none(self):
        with lacks():
            self.assertEqual(unprintable.boxes(document()), [])

    def test_letters_are_found_however_deep_and_change_the_key(self):
        deep = document(sections=[{"title": "T", "questions": [question(notes=[note("नमस्ते")])]}])
        with lacks("म"):
            noted = deep | {"boxes": unprintable.boxes(deep)}

        self.assertEqual(noted["boxes"], ["Devanagari"])
        self.assertNotEqual(pdf.key(noted), pdf.key(deep))

    def test_page_says_so_in_its_text_and_on_the_foot_of_every_page(self):
        reader = pypdf.PdfReader(io.BytesIO(pdf.render(document(boxes=["Arabic", "emoji"]), DATA)))

        pages = [" ".join(page.extract_text().split()) for page in reader.pages]
        self.assertIn("The server has no font for Arabic and emoji, so boxes are printed instead.", pages[0])
        for page in pages:
            self.assertIn("Boxes: no font for Arabic and emoji.", page)

    def test_whole_document_says_nothing_of_boxes(self):
        self.assertNotIn("Boxes", pdf.html(document()))


class LayoutTests(SimpleTestCase):
    """Against the layout itself, on a fontconfig that finds nothing."""

    def test_what_is_named_is_what_the_layout_cannot_draw(self):
        call_command("build_fonts", stdout=io.StringIO())
        said = " ".join(WORDS.values())
        printed = document(notes=[note(said)], flags=OURS)
        with TemporaryDirectory() as name:
            (Path(name) / "fonts").mkdir()
            (Path(name) / "fonts.conf").write_text(CONF.format(folder=name))
            env = os.environ | {
                "DJANGO_SETTINGS_MODULE": "config.settings_test",
                "FONTCONFIG_FILE": f"{name}/fonts.conf",
                "VAR_DIR": f"{name}/var",
                "BUILD_DIR": str(settings.BUILD_DIR),
            }
            made = subprocess.run(
                [sys.executable, "-c", WITHOUT_FONTS],
                input=json.dumps([printed, DATA]).encode(),
                cwd=settings.BASE_DIR,
                env=env,
                capture_output=True,
                check=True,
            )
        boxes, undrawn = json.loads(made.stdout)

        self.assertEqual(boxes, sorted(WORDS))
        self.assertTrue(any("🦊" in line or "notdef" in line for line in undrawn), undrawn)
        self.assertNotIn("русский", "".join(undrawn))


class TellMissingFontsTests(SimpleTestCase):
    def test_worker_names_scripts_and_the_line_that_installs_them(self):
        with mock.patch("host.fonts.coverage", return_value=lambda letter: letter not in "ب🦊"):
            with self.assertLogs("interviews.exports.tasks", logging.WARNING) as logs:
                tasks.log_missing_fonts()

        self.assertIn("no font for Arabic and emoji: PDFs print boxes", logs.output[0])
        self.assertIn("apt-get install -y fonts-noto-core fonts-noto-color-emoji", logs.output[0])

    def test_machine_with_every_script_says_nothing(self):
        with mock.patch("host.fonts.coverage", return_value=lambda letter: True):
            with self.assertNoLogs("interviews.exports.tasks"):
                tasks.log_missing_fonts()
