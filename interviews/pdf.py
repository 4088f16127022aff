"""A printed scorecard as PDF: plain values in, bytes out. Only the worker imports WeasyPrint (ADR on speed).

Nothing outside the process is reached: every text is escaped by the template, and the one fetcher hands out the
bundled fonts by name and refuses everything else, whatever asks for it."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from interviews import fonts, snapshots
from interviews.templatetags.printing import few_lines

SCHEME = "bundled"
# Layout takes 0.06 s and 2 MB a page, so that more than this is refused in words. Estimated by what fills a page:
CHARS_A_PAGE = 2_500
LINES_A_PAGE = 50
EMOJI_A_PAGE = 50  # each is a picture of its own: a page's worth of time, not of space
MAX_PAGES = 300
# So much stands beside the topics; more goes below them in full width. A bullet takes half a line at least.
BESIDE_MAX = 900
BULLET_CHARS = 20


_EMOJI = re.compile("[\U00010000-\U0010ffff]")


class TooLong(Exception):
    """More text than a PDF can hold; the message is meant for the reader."""


def pages(document: dict[str, Any]) -> int:
    """About how many pages' worth of work a document is."""
    return round(
        sum(
            len(text) / CHARS_A_PAGE + text.count("\n") / LINES_A_PAGE + len(_EMOJI.findall(text)) / EMOJI_A_PAGE
            for text in map(few_lines, _texts(document))
        )
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def render(document: dict[str, Any]) -> bytes:
    """The PDF of a `documents.interview_document`. Raises TooLong.

    Tagged for screen readers (PDF/UA-1), with its own canonical JSON attached."""
    from weasyprint import HTML, Attachment

    if pages(document) > MAX_PAGES:
        raise TooLong(
            f"The scorecards would fill about {pages(document):,} pages; a PDF takes {MAX_PAGES}. "
            "Read them on their pages instead."
        )
    text = snapshots.canonical(document)
    fetcher = _fetcher()
    attached = Attachment(
        string=text.encode(),
        url_fetcher=fetcher,
        name="scorecard.json",
        description="What this PDF prints, as data",
        relationship="Data",
    )
    pdf: bytes = HTML(string=html(document), base_url=None, url_fetcher=fetcher).write_pdf(
        pdf_variant="pdf/ua-1", attachments=[attached], pdf_identifier=snapshots.sha256(text).encode()
    )
    return pdf


def html(document: dict[str, Any]) -> str:
    """The page that is laid out: one string with its stylesheet in it, nothing to load but fonts."""
    take_aways = document["stood_out"] + document["still_open"]
    context = {
        "doc": document,
        "faces": [(weight, file.name) for weight, file in font_files().items()],
        "scheme": SCHEME,
        "is_beside": sum(BULLET_CHARS + len(item["text"]) for item in take_aways) <= BESIDE_MAX,
    }
    return render_to_string("interviews/pdf/scorecard.html", context)


def font_files() -> dict[int, Path]:
    """The bundled fonts by weight; none where they are not built, then the system's sans serves."""
    return {weight: file for weight, file in fonts.pdf_fonts(settings.BUILD_DIR).items() if file.exists()}


@functools.cache
def _fetcher_class() -> type:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class BundledOnly(URLFetcher):
        """Hands out bundled fonts by name. No scheme, no host, no path is ever opened."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            by_name = {f"{SCHEME}:{file.name}": file for file in font_files().values()}
            if url not in by_name:
                raise ValueError(f"refused: {url[:200]}")
            return URLFetcherResponse(url, by_name[url].read_bytes(), {"Content-Type": "font/ttf"})

    return BundledOnly


def _fetcher() -> Any:
    return _fetcher_class()()
