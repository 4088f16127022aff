"""The PDF as a screen reader and an archive see it: PDF/UA-1, the same bytes whenever and wherever it is made."""

import datetime as dt
import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
import time_machine
from django.conf import settings
from django.test import SimpleTestCase

from host import fonts
from interviews.exports import pdf
from interviews.exports.tests.test_pdf import DATA, document, everywhere, note, packet, question, read
from interviews.exports.tests.test_pdf_engine import HOSTILE

pytestmark = pytest.mark.sqlite_only

ELSEWHERE = """
import django, hashlib, json, sys; django.setup()
from interviews.exports import pdf
documents, data = json.load(sys.stdin)
print(*(hashlib.sha256(pdf.render(document, data)).hexdigest() for document in documents))
"""


def second(**fields):
    when = "21 November 2026, 10:00 to 10:45, Europe/Malta"
    sections = [{"title": "Task queues", "questions": [question(prompt="How would you queue it?")]}]
    head = document()["head"] | {"when": when}
    return document(**{"interview": 8, "head": head, "sections": sections} | fields)


class StructureCase(SimpleTestCase):
    def setUp(self):
        # WeasyPrint says on this logger what breaks PDF/UA; a letter without a font does too.
        if not fonts.missing_scripts():
            self.enterContext(self.assertNoLogs("weasyprint", logging.WARNING))

    def elements(self, reader):
        """Every structure element, parents first, as its type, its text alternative and itself."""

        def walk(element):
            element = element.get_object()
            if isinstance(element, pypdf.generic.ArrayObject):
                for inner in element:
                    yield from walk(inner)
            elif isinstance(element, pypdf.generic.DictionaryObject) and "/S" in element:
                yield element["/S"], element.get("/Alt"), element
                if "/K" in element:
                    yield from walk(element["/K"])

        return list(walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))


class TaggedTests(StructureCase):
    def test_it_claims_pdf_ua_1_with_title_language_and_marks(self):
        reader = read(document())
        root = reader.trailer["/Root"]
        xmp = root["/Metadata"].get_data().decode()
        self.assertRegex(xmp, r"pdfuaid:part(=\"1\"|>1<)")
        self.assertIn("Scorecards, Senior backend engineer", xmp)
        self.assertEqual((root["/Lang"], root["/MarkInfo"]["/Marked"].value), ("en", True))
        self.assertTrue(root["/ViewerPreferences"]["/DisplayDocTitle"].value)
        for page in reader.pages:
            self.assertEqual(page["/Tabs"], "/S")
            self.assertIn("/StructParents", page)

    def test_headings_tables_lists_and_paragraphs_are_tagged_as_such(self):
        kinds = [kind for kind, _, _ in self.elements(read(document()))]
        for kind in ("/H1", "/H2", "/H3", "/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/P", "/Figure"):
            self.assertIn(kind, kinds)

    def test_headings_skip_no_level(self):
        for printed in (document(), packet(document(), second())):
            levels = [int(kind[2]) for kind, _, _ in self.elements(read(printed)) if re.fullmatch(r"/H[1-6]", kind)]
            self.assertEqual(levels[0], 1)
            for before, after in pairwise(levels):
                self.assertLessEqual(after, before + 1)

    def test_every_cell_knows_its_header(self):
        elements = self.elements(read(document()))
        heads = {element["/ID"] for kind, _, element in elements if kind == "/TH"}
        self.assertEqual(len(heads), 7)
        for kind, _, cell in elements:
            if kind == "/TD":
                self.assertTrue(set(cell["/A"]["/Headers"]) <= heads)
                self.assertTrue(cell["/A"]["/Headers"])

    def test_every_figure_has_words_for_it(self):
        figures = [alt for kind, alt, _ in self.elements(read(document())) if kind == "/Figure"]
        self.assertEqual(figures, ["3 on the scale from 1 to 4"])

    def test_reading_order_is_that_of_the_page(self):
        text = "".join(page.extract_text() for page in read(document()).pages).casefold()
        order = [
            "Ada Okafor", "2 yes", "She thinks aloud.", "Response time", "Built the report queue", "Token revocation",
            "Mira Rahman", "How to read this.", "How would you speed it up?", "measures first", "Measured first.",
            "What would you like to ask?", "Sources", "abab",
        ]  # fmt: skip
        for words in map(str.casefold, order):
            self.assertIn(words, text)
            text = text.partition(words)[2]

    def test_the_hash_of_what_it_prints_stands_in_the_foot_of_every_page(self):
        for printed in (document(), packet(document(), second())):
            for page in read(printed).pages:
                self.assertIn(f"SHA-256 {pdf.key(printed)}", page.extract_text())

    def test_it_says_what_the_hash_is_for_and_where_to_check_it(self):
        text = " ".join(read(document()).pages[-1].extract_text().split())
        self.assertIn("Check that your copy is genuine, unaltered and current at http://testserver/verify/", text)

    def test_no_glyph_is_missing(self):
        # Glyph 0 is .notdef, the box that stands for a letter which the font does not have.
        hostile = everywhere("Zoë O’Brien-Łukasiewicz ελληνικά русский e\u0301 → ✓ ★ ↳ “x” – …")
        for page in read(hostile).pages:
            fonts = {name: font.get_object() for name, font in page["/Resources"]["/Font"].items()}
            for operands, operator in pypdf.generic.ContentStream(page.get_contents(), None).operations:
                if operator == b"Tf":
                    font = fonts[operands[0]]
                elif operator in (b"Tj", b"TJ") and font["/Subtype"] == "/Type0":
                    shown = operands[0] if operator == b"TJ" else [operands[0]]
                    codes = b"".join(_bytes(part) for part in shown if isinstance(part, (str, bytes)))
                    self.assertNotIn(0, [int.from_bytes(codes[i : i + 2]) for i in range(0, len(codes), 2)])


def _bytes(part):
    return part.original_bytes if hasattr(part, "original_bytes") else bytes(part)


class GreyscaleTests(SimpleTestCase):
    """Nothing is said by colour alone."""

    def test_every_coloured_thing_has_a_sign_or_a_word(self):
        page = pdf.html(document(recommendations={"text": "2 strong no", "leaning": "no"}))
        self.assertIn('<p class="leaning no">2 strong no</p>', page)
        for sign in (
            '.plus li::before { content: "+"',
            '.open li::before { content: "?"',
            'content: "✓"',
            'content: "★"',
        ):
            self.assertIn(sign, page)
        self.assertIn("<title>3 on the scale from 1 to 4</title>", page)


class SameBytesTests(StructureCase):
    def here(self, printed):
        return hashlib.sha256(pdf.render(printed, DATA)).hexdigest()

    def elsewhere(self, *printed):
        """In another process, with another VAR_DIR, other hash seeds, in another time zone."""
        with tempfile.TemporaryDirectory() as var:
            fonts = settings.BUILD_DIR / "pdf"
            if fonts.exists():
                shutil.copytree(fonts, Path(var) / "build" / "pdf")
            env = os.environ | {
                "DJANGO_SETTINGS_MODULE": "config.settings_test", "VAR_DIR": var, "PYTHONHASHSEED": "4711",
                "BUILD_DIR": str(Path(var) / "build"), "TZ": "Pacific/Auckland",
            }  # fmt: skip
            made = subprocess.run(
                [sys.executable, "-c", ELSEWHERE], input=json.dumps([printed, DATA]), cwd=settings.BASE_DIR, env=env,
                capture_output=True, text=True, check=True,
            )  # fmt: skip
        return made.stdout.split()

    @pytest.mark.worker
    def test_on_another_day_in_another_process_with_another_var_dir(self):
        both = document(notes=[note("русский 🦊")]), packet(document(), second())
        with time_machine.travel(dt.datetime(2031, 2, 3, 4, 5, tzinfo=dt.UTC)):
            later = [self.here(printed) for printed in both]
        self.assertEqual((later, self.elsewhere(*both)), ([self.here(printed) for printed in both], later))

    def test_other_words_give_other_bytes(self):
        self.assertNotEqual(self.here(document()), self.here(document(flags="depth once")))


class PacketTests(StructureCase):
    def test_it_is_one_document_with_a_cover_and_each_interview_behind_it(self):
        data = DATA | {"scorecards-8.json": '{"format":1}'}
        reader = read(packet(document(), second()), data)
        cover = reader.pages[0].extract_text()
        for words in (
            "Scorecards from 2 interviews".upper(), "Ada Okafor", "20 November 2026, 14:00", "21 November 2026, 10:00",
            "2 yes · 1 strong yes",
        ):  # fmt: skip
            self.assertIn(words, cover)
        self.assertNotIn("She thinks aloud.", cover)
        text = "".join(page.extract_text() for page in reader.pages[1:])
        self.assertLess(text.index("How would you speed it up?"), text.index("How would you queue it?"))
        self.assertEqual(sorted(reader.attachments), ["scorecards-7.json", "scorecards-8.json"])
        self.assertEqual(reader.metadata.title, "Scorecards, Senior backend engineer")

    def test_its_bookmarks_lead_to_each_interview_and_its_questions(self):
        outline = read(packet(document(), second())).outline
        titles = [entry.title for entry in outline if not isinstance(entry, list)]
        self.assertEqual(titles, ["Ada Okafor", document()["head"]["when"], second()["head"]["when"]])
        sections = [entry.title for entry in outline[4] if not isinstance(entry, list)]
        self.assertEqual(sections, ["Task queues", "Not covered"])

    def test_the_cover_says_on_which_page_each_begins_and_leads_there(self):
        reader = read(packet(document(), second()))
        second_page = next(
            number for number, page in enumerate(reader.pages, start=1)
            if number > 1 and "21 November 2026, 10:00" in page.extract_text()
        )  # fmt: skip
        self.assertRegex(reader.pages[0].extract_text(), rf"(?s)21 November.*\b{second_page}\b")
        self.assertTrue(reader.pages[0]["/Annots"])
        for link in reader.pages[0]["/Annots"]:
            self.assertIn("/Contents", link.get_object())

    def test_pages_are_counted_through(self):
        reader = read(packet(document(), second()))
        count = len(reader.pages)
        self.assertIn(f"{count} of {count}", reader.pages[-1].extract_text())

    def test_hostile_texts_are_printed_as_they_were_typed(self):
        for payload in HOSTILE:
            page = pdf.html(packet(everywhere(payload), second()))
            with self.subTest(payload):
                for tag in ("<script", "<img", "<link", "<object", "<iframe", "<embed", "<base", "<image", "<use"):
                    self.assertNotIn(tag, page)
                self.assertEqual(page.count("</style>"), 1)
                self.assertNotRegex(page, r'<a [^>]*href="[^#]')
