import io
import zipfile

import pytest
from django.test import SimpleTestCase

from interviews.models import CandidateFile
from interviews.planning.file_types import kind_of, safe_name
from interviews.refusals import Invalid

pytestmark = pytest.mark.sqlite_only
Kind = CandidateFile.Kind
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, text, compress_type=stored)
    return content.getvalue()


class KindTests(SimpleTestCase):
    def test_by_content(self):
        office = {"[Content_Types].xml": b"<Types/>"}
        for content, kind in (
            (b"%PDF-1.7\n", Kind.PDF),
            (b"\x89PNG\r\n\x1a\n...", Kind.PNG),
            (b"\xff\xd8\xff\xe0", Kind.JPEG),
            (b"GIF89a", Kind.GIF),
            (b"RIFF\x10\x00\x00\x00WEBPVP8 ", Kind.WEBP),
            (b"{\\rtf1 x}", Kind.RTF),
            (zipped(**office, **{"word/document.xml": b"x"}), Kind.DOCX),
            (zipped(**office, **{"xl/workbook.xml": b"x"}), Kind.XLSX),
            (zipped(**office, **{"ppt/presentation.xml": b"x"}), Kind.PPTX),
            (zipped(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b"x"}), Kind.ODT),
            (OLE + "WordDocument".encode("utf-16-le"), Kind.DOC),
            ("Grüße\tund\r\nmehr".encode(), Kind.TEXT),
            ("\ufeffwith a mark".encode(), Kind.TEXT),
            # Text that a browser must never take for a page; it is sent as plain text.
            (b"<script>alert(1)</script>", Kind.TEXT),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", Kind.TEXT),
        ):
            with self.subTest(kind=kind, content=content[:20]):
                self.assertEqual(kind_of(content), kind)

    def test_others_are_refused(self):
        for content in (
            b"MZ\x90\x00\x03",
            b"\x7fELF\x02\x01",
            zipped(**{"a.exe": b"MZ"}),
            zipped(mimetype=b"application/epub+zip"),
            OLE + b"an installer",
            b"RIFF\x10\x00\x00\x00AVI LIST",
            "Grüße".encode("latin-1"),
            b"text\x00with NUL",
            b"\x1f\x8b\x08gzip",
        ):
            with self.subTest(content[:20]), self.assertRaisesMessage(Invalid, "Save it as a PDF"):
                kind_of(content)

    def test_a_zip_bomb_of_an_office_file_is_not_unpacked(self):
        bomb = zipped(**{"[Content_Types].xml": b"x", "word/document.xml": b"0" * 30_000_000})
        self.assertLess(len(bomb), 100_000)
        self.assertEqual(kind_of(bomb), Kind.DOCX)


class NameTests(SimpleTestCase):
    def test_keeps_a_plain_name_and_its_letters(self):
        for name in ("CV Émile Żak.pdf", "السيرة الذاتية.pdf", "履歴書.pdf", "v1.2 final.pdf"):
            self.assertEqual(safe_name(name, Kind.PDF), name)
        self.assertEqual(safe_name("Photo.JPEG", Kind.JPEG), "Photo.jpeg")

    def test_the_extension_is_that_of_the_content(self):
        for name, kind, safe in (
            ("cv.docx", Kind.PDF, "cv.pdf"),
            ("cv.pdf.exe", Kind.PDF, "cv.pdf.exe.pdf"),
            ("index.html", Kind.TEXT, "index.html.txt"),
            ("README.md", Kind.TEXT, "README.md"),
            ("cv", Kind.PDF, "cv.pdf"),
        ):
            self.assertEqual(safe_name(name, kind), safe)

    def test_a_hostile_name_becomes_a_harmless_one(self):
        for name, safe in (
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\me\\cv.pdf", "cv.pdf"),
            ("cv\u202efdp.exe", "cvfdp.exe.pdf"),
            ('a"; filename="b.html\r\nX: y', "a ; filename= b.htmlX y.pdf"),
            ("<img src=x onerror=alert(1)>.pdf", "img src=x onerror=alert(1).pdf"),
            ("\x00\x07.pdf", "File.pdf"),
            ("...", "File.pdf"),
            ("", "File.pdf"),
        ):
            with self.subTest(name):
                self.assertEqual(safe_name(name, Kind.PDF), safe)
        self.assertEqual(len(safe_name("x" * 500 + ".pdf", Kind.PDF)), 120)
