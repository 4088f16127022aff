"""A document as PDF: plain values in, bytes out. Only the worker calls this (`pdf_engine` gives the reason).

The template escapes every text. The fetcher serves the bundled fonts by name and refuses everything else."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from interviews.exports import fonts, pdf_engine, unprintable
from interviews.exports.document_types import Document, InterviewDocument, parts
from interviews.records import snapshots
from interviews.templatetags.printing import few_lines

# Layout takes 0.06 s and 2 MB a page, so a longer document is refused. The pages are estimated by:
CHARS_A_PAGE = 2_500
LINES_A_PAGE = 50
EMOJI_A_PAGE = 50  # each is a separate picture: that many take as long as a page
MAX_PAGES = 300
# Take-aways up to this length are printed beside the topics, longer ones below. A bullet takes half a line at least.
BESIDE_MAX = 900
BULLET_CHARS = 20


_EMOJI = re.compile("[\U00010000-\U0010ffff]")


class TooLong(Exception):
    """The text is too long for a PDF; the message is for the reader."""


def pages(document: Document) -> int:
    """The estimated work of a document, in pages."""
    return round(
        sum(
            len(text) / CHARS_A_PAGE + text.count("\n") / LINES_A_PAGE + len(_EMOJI.findall(text)) / EMOJI_A_PAGE
            for text in map(few_lines, unprintable.texts(document))
        )
    )


def render(document: Document, data: dict[str, str]) -> bytes:
    """The PDF of an `interview_document` or a `packet_document`, with JSON texts attached by name. Raises TooLong."""
    return pdf_engine.write(_page(document, data))


def render_apart(document: Document, data: dict[str, str], *, seconds: float) -> bytes:
    """As `render`, in a child process that is stopped after `seconds`. Raises TooLong and pdf_engine.RenderError."""
    return pdf_engine.write_apart(_page(document, data), seconds=seconds)


def _page(document: Document, data: dict[str, str]) -> pdf_engine.Page:
    if pages(document) > MAX_PAGES:
        raise TooLong(
            f"The scorecards would fill about {pages(document):,} pages; a PDF can have {MAX_PAGES}. "
            "Read them on screen instead."
        )
    files = {file.name: str(file) for file in font_files().values()}
    created = dt.datetime.fromisoformat(document["created"])
    return pdf_engine.Page(html(document), files, data, identifier=key(document), created=created)


def key(document: Document) -> str:
    """The hash in the PDF's footer, under which the file is stored."""
    return snapshots.sha256(snapshots.canonical(document))


def html(document: Document) -> str:
    """The page to lay out: one string that includes its stylesheet and loads only fonts."""
    context = {
        "doc": document,
        "parts": [{"doc": part, "is_beside": _is_beside(part)} for part in parts(document)],
        "is_packet": "interviews" in document,
        "key": key(document),
        "verify": f"{settings.SITE_URL}{reverse('document-verify')}",
        "faces": [(weight, file.name) for weight, file in font_files().items()],
        "scheme": pdf_engine.SCHEME,
    }
    return render_to_string("interviews/exports/pdf/document.html", context)


def _is_beside(document: InterviewDocument) -> bool:
    """Whether the take-aways are short enough to be printed beside the topics."""
    take_aways = document["stood_out"] + document["still_open"]
    return sum(BULLET_CHARS + len(item["text"]) for item in take_aways) <= BESIDE_MAX


def fetcher() -> Any:
    """WeasyPrint's fetcher: it serves the bundled fonts by name, and nothing else."""
    return pdf_engine.fetcher_class()({file.name: str(file) for file in font_files().values()})


def font_files() -> dict[int, Path]:
    """The bundled fonts by weight; empty if they are not built, then the system's sans-serif is used."""
    return {weight: file for weight, file in fonts.pdf_fonts(settings.BUILD_DIR).items() if file.exists()}
