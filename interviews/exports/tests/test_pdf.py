import functools
import io
import json
import logging
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from unittest import mock

import pypdf
import pytest
from django.conf import settings
from django.test import SimpleTestCase

from interviews.exports import pdf
from interviews.records import snapshots

pytestmark = pytest.mark.sqlite_only


DATA = {"scorecards-7.json": '{"format":1}'}


def note(text="Measured first.", **fields):
    return {"who": "Mira", "text": text, "mark": "", "added": "", "before": ""} | fields


def question(**fields):
    return {
        "prompt": "How would you speed it up?", "asked": "Asked 14:04, 5 min", "depth": 0, "is_long": False,
        "ratings": [{"who": "Mira", "word": "Good"}], "flags": [], "points": ["measures first"],
        "unlisted": [{"text": "a materialised view", "who": "Jo"}], "watch_outs": [], "cues": [], "notes": [note()],
    } | fields  # fmt: skip


def document(**fields):
    return {
        "template": 2,
        "interview": 7,
        "created": "2026-11-20T16:41:00.000Z",
        "head": {
            "title": "Scorecards, Senior backend engineer", "candidate": "Ada Okafor",
            "opening": "Senior backend engineer", "role": "Senior backend engineer · Platform team",
            "when": "20 November 2026, 14:00 to 14:58, Europe/Malta",
            "time": "53 min of 60 planned, welcome 4 min, paused for 5 min (not counted)",
            "script": "Backend script, version 4",
        },
        "recommendations": {"text": "2 yes · 1 strong yes", "leaning": "yes"},
        "score": {"version": "score v1", "text": "Score 3.17 + 0.19, on 4 of 4 must-ask questions", "remarks": ""},
        "say": {"text": "She thinks aloud.", "who": "Mira Rahman, leading"},
        "topics": [
            {"topic": "Response time", "step": 3, "text": "Good (Mixed to Excellent)", "heard": 4, "why": ""},
            {"topic": "Django", "step": 0, "text": "", "heard": 0, "why": "not asked: the panel stopped at the gate"},
        ],
        "flags": "depth twice",
        "stood_out": [{"text": "Built the report queue", "who": "Mira"}],
        "still_open": [{"text": "Token revocation", "who": ""}],
        "panel": [
            {
                "name": "Mira Rahman", "part": "leading", "state": "submitted", "is_counted": True,
                "recommendation": "Yes", "because": "She thinks aloud.", "submitted": "20 Nov, 15:20", "later": [],
            },
            {"name": "Jo Tanaka", "part": "", "state": "outstanding"},
            {"name": "Luc Perrin", "part": "", "state": "withheld"},
        ],
        "notes": [],
        "sections": [{"title": "Response time", "time": "12 of 14 min", "questions": [question()]}],
        "not_asked": [{"why": "Skipped: out of time", "prompts": ["What would you like to ask?"]}],
        "sources": [{"name": "Mira Rahman", "version": 1, "sha256": "ab" * 32, "is_counted": True}],
    } | fields  # fmt: skip


def everywhere(text):
    """A document with `text` in every place where somebody's words are printed."""
    row = {
        "name": text, "part": "", "state": "submitted", "is_counted": False, "recommendation": "Yes", "because": text,
        "submitted": "20 Nov, 15:20",
        "later": [{"recommendation": "No", "because": f"{text}.", "submitted": "21 Nov, 09:00", "reason": text}],
    }  # fmt: skip
    spoken = question(
        prompt=text, flags=[text], points=[text], watch_outs=[text], cues=[text],
        unlisted=[{"text": text, "who": text}],
        notes=[note(text, who=text, mark="edited after the call", added=text, before=text)],
        ratings=[{"who": text, "word": "Good"}],
    )  # fmt: skip
    item = [{"text": text, "who": text}]
    return document(
        head=dict.fromkeys(("title", "candidate", "opening", "role", "when", "time", "script"), text),
        say={"text": f"says {text}", "who": text},
        topics=[
            {"topic": text, "step": 3, "text": text, "heard": 1, "why": ""}, {"topic": text, "why": text, "heard": 0},
        ],
        stood_out=item, still_open=item, panel=[row, {"name": text, "part": text, "state": "outstanding"}],
        notes=[note(text)], sections=[{"title": text, "questions": [spoken]}],
        not_asked=[{"why": text, "prompts": [text]}], flags=text,
        sources=[{"name": text, "version": 1, "sha256": "ab" * 32, "is_counted": True}],
    )  # fmt: skip


def packet(*parts):
    head = {
        "title": "Scorecards, Senior backend engineer", "candidate": "Ada Okafor",
        "opening": "Senior backend engineer", "role": "Senior backend engineer · Platform team",
    }  # fmt: skip
    return {"template": 2, "created": "2026-11-21T10:00:00.000Z", "head": head, "interviews": list(parts)}


def read(printed, data=DATA):
    """The PDF of this document, made once for all tests of a process: it takes half a second each time."""
    made = _made(json.dumps([printed, data]), settings.BUILD_DIR)
    return pypdf.PdfReader(io.BytesIO(made))


@functools.cache
def _made(text, build_dir):
    return pdf.render(*json.loads(text))


def drawable():
    """Words that must not come out as boxes: those of the bundled font, and those that this machine has a font for."""
    words = {"ja": "日本語", "ko": "한국어", "he": "שלום", "ar": "مرحبا", "und-zsye": "🦊"}
    lister = shutil.which("fc-list")
    for language in list(words):
        if not lister or not subprocess.run([lister, f":lang={language}"], capture_output=True, check=True).stdout:
            del words[language]
    return ["Zoë O’Brien-Łukasiewicz", "ελληνικά", "русский", "e\u0301", "→", *words.values()]


class PdfCase(SimpleTestCase):
    def setUp(self):
        # WeasyPrint says what it cannot do, and what breaks PDF/UA, on this logger only.
        self.log = self.enterContext(self.assertNoLogs("weasyprint", logging.WARNING))

    def text(self, printed):
        return "\n".join(page.extract_text() for page in read(printed).pages)


class RenderTests(PdfCase):
    def test_page_1_holds_what_is_read_in_thirty_seconds(self):
        first = " ".join(read(document()).pages[0].extract_text().split())  # lines may break anywhere
        for words in (
            "Ada Okafor", "2 yes · 1 strong yes", "Score 3.17 + 0.19, on 4 of 4 must-ask questions",
            "She thinks aloud.",
            "Good (Mixed to Excellent)", "not asked: the panel stopped at the gate", "Built the report queue",
            "Token revocation", "outstanding", "submitted, not shown here", "How to read this.", "Confidential.",
        ):  # fmt: skip
            self.assertIn(words, first)

    def test_a_full_page_1_still_holds_how_to_read_it(self):
        two_lines = "Built the report queue from outbox to email link"
        row = document()["panel"][0]
        full = document(
            stood_out=[{"text": two_lines, "who": "Mira"}] * 6,
            still_open=[{"text": two_lines, "who": "Jo"}] * 3,
            panel=[row | {"because": "Good breadth, and depth where she has been on call."}] * 3,
        )
        self.assertIn("How to read this.", read(full).pages[0].extract_text())

    def test_a_heading_does_not_end_a_page(self):
        bare = question(points=[], unlisted=[], notes=[])
        # Long enough that the second page has room for the heading *Not covered* and for nothing below it.
        sections = [{"title": "First", "questions": [bare | {"prompt": "\n".join(["A line"] * 43)}]}]
        second, third = [page.extract_text() for page in read(document(sections=sections)).pages[1:]]
        self.assertNotIn("Not covered", second)
        self.assertIn("This doesn’t affect the score.", third)

    def test_the_last_page_has_more_than_the_sources(self):
        bare = question(points=[], unlisted=[], notes=[])
        # So long that the second page has room for the last question, and for nothing below it.
        asked = [bare | {"prompt": "\n".join(["A line"] * 42)}, bare | {"prompt": "The last question?"}]
        printed = read(document(sections=[{"title": "First", "questions": asked}], not_asked=[]))
        self.assertRegex(printed.pages[2].extract_text(), r"(?s)The last question\?.*SOURCES")

    def test_page_1_has_no_0_where_nothing_was_heard(self):
        topic = {"topic": "Testing", "step": 3, "text": "Good", "heard": 0, "why": ""}
        lines = read(document(topics=[topic])).pages[0].extract_text().splitlines()
        self.assertEqual([line for line in lines if line.strip() == "0" or line.endswith("Good 0")], [])

    def test_paragraphs_of_a_prompt_are_paragraphs(self):
        sections = [{"title": "First", "questions": [question(prompt="A page is slow.\n\nWhat do you do?")]}]
        lines = self.text(document(sections=sections)).splitlines()
        self.assertIn("A page is slow.", [line.strip() for line in lines])

    def test_the_questions_come_from_page_2(self):
        reader = read(document())
        self.assertNotIn("How would you speed it up?", reader.pages[0].extract_text())
        second = reader.pages[1].extract_text()
        for words in (
            "How would you speed it up?", "Asked 14:04, 5 min", "measures first", "a materialised view (Jo)",
            "Mira\nMeasured first.", "Skipped: out of time", "abab",
        ):  # fmt: skip
            self.assertIn(words, second)
        self.assertIn("Ada Okafor · Senior backend engineer · Scorecard", second)

    def test_questions_with_nothing_under_them_fill_the_page_that_was_begun(self):
        bare = question(points=[], unlisted=[], notes=[])
        sections = [
            {"title": "First", "questions": [question(notes=[note("Measured. " * 300)])]},
            {"title": "Second", "questions": [bare | {"prompt": f"Bare {number}?"} for number in range(16)]},
        ]
        second = read(document(sections=sections)).pages[1].extract_text()
        self.assertIn("Bare 0?", second)

    def test_without_anything_optional_it_is_a_page_and_its_sources(self):
        empty = document(
            say=None, topics=[], flags="", stood_out=[], still_open=[], notes=[], sections=[], not_asked=[]
        )
        self.assertEqual(len(read(empty).pages), 2)

    def test_title_language_tags_and_bookmarks_are_there(self):
        reader = read(document())
        root = reader.trailer["/Root"]
        self.assertEqual(reader.metadata.title, "Scorecards, Senior backend engineer")
        self.assertEqual((root["/Lang"], root["/MarkInfo"]["/Marked"].value), ("en", True))
        self.assertTrue(root["/ViewerPreferences"]["/DisplayDocTitle"])
        self.assertIn(b"pdfuaid:part", root["/Metadata"].get_data())
        name, [first, [question], last, [_why]] = reader.outline
        titles = [name.title, first.title, question.title, last.title]
        self.assertEqual(titles, ["Ada Okafor", "Response time", "How would you speed it up?", "Not covered"])

    def test_data_are_attached_to_the_byte(self):
        attachments = read(document()).attachments
        self.assertEqual(list(attachments), ["scorecards-7.json"])
        self.assertEqual(attachments["scorecards-7.json"][0].decode(), DATA["scorecards-7.json"])

    def test_every_font_is_embedded(self):
        fonts = [
            font.get_object()
            for page in read(everywhere(" ".join(drawable()))).pages
            for font in page["/Resources"]["/Font"].values()
        ]
        for font in fonts:
            for below in font.get("/DescendantFonts", [font]):
                descriptor = below.get_object()["/FontDescriptor"].get_object()
                self.assertTrue({"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"])
        self.assertTrue(any("Inter" in font["/BaseFont"] for font in fonts))

    def test_without_built_fonts_the_systems_serve(self):
        with mock.patch.object(settings, "BUILD_DIR", Path("/nowhere")):
            self.assertEqual(pdf.font_files(), {})
            self.assertIn("Ada Okafor", self.text(document()))

    def test_words_of_all_the_world_are_words_in_the_pdf(self):
        # A letter that no font of the machine has would be a box, and a warning on WeasyPrint's log (see setUp).
        printed = unicodedata.normalize("NFC", self.text(everywhere(" ".join(drawable()))))
        for word in drawable():
            with self.subTest(word=word):
                # Some readers hand right-to-left words back as they stand on the page.
                self.assertTrue(
                    {unicodedata.normalize("NFC", word), word[::-1]} & set(printed.split()) or word in printed
                )

    def test_right_to_left_text_runs_that_way(self):
        page = pdf.html(document(notes=[note("שלום עולם")]))
        self.assertInHTML('<p dir="rtl">שלום עולם</p>', page)

    def test_a_note_is_printed_as_markdown(self):
        printed = read(document(notes=[note("Knew:\n\n+ **locks**\n- `EXPLAIN`\n\n[docs](https://example.org)")]))
        text = "".join(page.extract_text() for page in printed.pages)
        for words in ("Knew:", "+ locks", "– EXPLAIN", "docs (https://example.org)"):
            self.assertIn(words, text)
        self.assertNotIn("**", text)

    def test_the_same_document_gives_the_same_page(self):
        self.assertEqual(pdf.html(document()), pdf.html(json.loads(snapshots.canonical(document()))))


class LongTextTests(PdfCase):
    @pytest.mark.slow
    def test_100_000_characters_of_any_shape_are_printed(self):
        for name, text in {
            "prose": "Measured first, then queries. " * 3334,
            "one word": "a" * 100_000,
            "lines": f"{'line ' * 10}\n" * 2_000,
            "empty lines": "\n\r\n\x0b\x0c\x85\u2028" * 14_000 + "x",
            "spaces and controls": "\t \x1b\x7f\ufffe" * 20_000,
        }.items():
            with self.subTest(name):
                last = question(prompt="The last one?")
                printed = document(
                    sections=[{"title": "A", "questions": [question(notes=[note(text)], is_long=True), last]}]
                )
                end = read(printed).pages[-2:]
                self.assertIn("The last one?", "".join(page.extract_text() for page in end))

    def test_more_than_a_pdf_takes_is_refused_in_words(self):
        for text in ("Measured first. " * 60_000, "line\u2028" * 16_000, "🦊" * 20_000):
            with self.assertRaisesMessage(pdf.TooLong, "a PDF can have 300. Read them on screen instead."):
                pdf.render(document(notes=[note(text)]), DATA)

    @pytest.mark.slow
    def test_long_names_and_sentences_do_not_break_it(self):
        text = "Wolfeschlegelsteinhausenbergerdorff-" * 28
        self.assertIn("How to read this.", self.text(everywhere(text)))


class WebProcessTests(SimpleTestCase):
    @pytest.mark.worker
    def test_the_web_process_never_imports_weasyprint(self):
        code = (
            "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings_test'; django.setup();"
            "from django.urls import get_resolver; get_resolver().url_patterns; import config.asgi;"
            "sys.exit('weasyprint' in sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
