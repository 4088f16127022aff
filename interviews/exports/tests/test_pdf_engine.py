import datetime as dt
import io
import logging
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

import pypdf
import pytest
from django.conf import settings
from django.test import SimpleTestCase

from interviews.exports import pdf, pdf_engine
from interviews.exports.tests.test_pdf import DATA, PdfCase, document, everywhere, note, packet, read

pytestmark = pytest.mark.sqlite_only


HOSTILE = (
    "<script>alert(1)</script>",
    '<img src="http://attacker.example/a.png"><img src="file:///etc/passwd">',
    '"><link rel="stylesheet" href="http://attacker.example/a.css"><link rel=attachment href="file:///etc/passwd">',
    "</style><style>@import url(http://attacker.example/a.css); body{background:url(file:///etc/passwd)}</style>",
    '<object data="file:///etc/passwd"></object><embed src="http://attacker.example/x"><iframe src="file:///etc/hosts">',
    '<a rel="attachment" href="file:///etc/passwd">x</a><base href="file:///etc/">',
    '<svg><image href="http://attacker.example/a.svg"/><use href="file:///etc/passwd#a"/></svg>',
    "{% include 'accounts/sign_in.html' %}{{ settings.SECRET_KEY }}",
    "url(http://attacker.example/) expression(alert(1)) content: url(file:///etc/passwd)",
)


CREATED = dt.datetime(2026, 11, 20, 16, 41, tzinfo=dt.UTC)


class NothingIsReachedTests(PdfCase):
    """No outgoing request and no local file, from any text."""

    @pytest.mark.slow
    def test_payloads_in_every_field_open_no_connection_and_no_file(self):
        opened = []
        own = str(Path(tempfile.gettempdir()) / "weasyprint-")  # its pieces of fonts
        allowed = (own, str(settings.BUILD_DIR), str(Path(sys.prefix).resolve()), "/usr/share", "/usr/lib")

        def watch(event, arguments):
            if event in ("open", "socket.connect", "socket.getaddrinfo", "urllib.Request"):
                opened.append((event, str(arguments[0])))

        pdf.html(packet(document()))
        pdf.render(document(), DATA)  # whatever is loaded once is loaded now
        sys.addaudithook(lambda event, arguments: watch(event, arguments) if watching else None)
        # All in each place of one interview's document, and each alone in each place of a packet.
        for printed in (everywhere(" ".join(HOSTILE)), packet(*map(everywhere, HOSTILE))):
            watching, opened[:] = True, []
            rendered = pdf.render(printed, DATA)
            watching = False
            self.assertEqual([one for one in opened if one[0] != "open" or "/etc/" in one[1]], [])
            self.assertEqual([one for one in opened if one[1].startswith("/") and not one[1].startswith(allowed)], [])
            reader = pypdf.PdfReader(io.BytesIO(rendered))
            self.assertEqual(list(reader.attachments), ["scorecards-7.json"])
            text = "".join(page.extract_text() for page in reader.pages)
            self.assertNotIn("root:x:", text)
            links = [link.get_object() for page in reader.pages for link in page.get("/Annots", [])]
            # Of a packet's cover, to its own pages.
            self.assertEqual([link for link in links if "/URI" in str(link) or "interviews" not in printed], [])

    def test_payloads_are_printed_as_they_were_typed(self):
        for payload in HOSTILE:
            with self.subTest(payload):
                page = pdf.html(everywhere(payload))
                for tag in (
                    "<script",
                    "<img",
                    "<link",
                    "<object",
                    "<iframe",
                    "<embed",
                    "<base",
                    "<image",
                    "<use",
                    "<a ",
                ):
                    self.assertNotIn(tag, page)
                self.assertEqual(page.count("</style>"), 1)
                self.assertNotIn(settings.SECRET_KEY, page)

    def test_the_fetcher_hands_out_bundled_fonts_and_nothing_else(self):
        fetcher = pdf.fetcher()
        with mock.patch("socket.socket.connect", side_effect=AssertionError), mock.patch.object(Path, "read_bytes"):
            for url in (
                "http://attacker.example/", "https://127.0.0.1/", "ftp://attacker.example/", "file:///etc/passwd",
                "data:text/plain,x", "bundled:../../../etc/passwd", "bundled:/etc/passwd", "bundled:Inter-400.ttf?x",
                "BUNDLED:Inter-400.ttf", "jar:file:///x", "", "Inter-400.ttf",
            ):  # fmt: skip
                for attempt in (fetcher, fetcher.fetch, fetcher.open):
                    with self.subTest(url=url), self.assertRaisesMessage(ValueError, "refused"):
                        attempt(url)

    def test_even_a_template_that_asked_would_be_refused(self):
        page = '<img alt="" src="file:///etc/passwd"><img alt="" src="http://127.0.0.1:9/"><p style="background:url(file:///x)">'
        with mock.patch.object(pdf, "html", return_value=f"<html lang=en><title>x</title>{page}"):
            with mock.patch.object(socket.socket, "connect", side_effect=AssertionError) as connect:
                logging.getLogger("weasyprint").disabled = True
                self.addCleanup(setattr, logging.getLogger("weasyprint"), "disabled", False)
                pdf.render(document(), DATA)
        connect.assert_not_called()


class RenderApartTests(SimpleTestCase):
    def test_another_process_makes_the_same(self):
        apart = pypdf.PdfReader(io.BytesIO(pdf.render_apart(document(), DATA, seconds=60)))
        here = read(document())
        self.assertEqual([page.extract_text() for page in apart.pages], [page.extract_text() for page in here.pages])
        self.assertEqual(list(apart.attachments), ["scorecards-7.json"])

    def test_one_that_takes_too_long_is_stopped(self):
        with self.assertRaises(pdf_engine.TookTooLong):
            pdf.render_apart(document(notes=[note("Measured first. " * 20_000)]), DATA, seconds=0.2)

    def test_a_fault_in_it_is_told_with_its_traceback(self):
        broken = pdf_engine.Page(None, {}, attachments={}, identifier="", created=CREATED)
        with self.assertRaisesMessage(pdf_engine.RenderError, "Traceback"):
            pdf_engine.write_apart(broken, seconds=60)

    def test_too_much_is_refused_before_anything_is_started(self):
        with mock.patch.object(pdf_engine, "write_apart") as write_apart, self.assertRaises(pdf.TooLong):
            pdf.render_apart(document(notes=[note("a\n" * 50_000)]), DATA, seconds=60)
        write_apart.assert_not_called()


HOW_MODEST = """
import os
from unittest import mock
from interviews.exports import pdf_engine

before, sender = os.nice(0), mock.Mock()
with mock.patch.object(pdf_engine, "write", lambda page: str(os.nice(0)).encode()):
    pdf_engine._send(sender, None)
print(sender.send.call_args.args[0][0] == str(before + pdf_engine.MODEST).encode())
"""


class GivesWayTests(SimpleTestCase):
    def test_a_pdf_is_written_at_a_lower_priority_than_calls(self):
        command = [sys.executable, "-c", HOW_MODEST]
        told = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True, timeout=60)
        self.assertEqual(told.stdout, "True\n")
