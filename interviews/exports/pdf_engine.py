"""Runs WeasyPrint, without Django: a page in, a PDF out, in this process or in a child process.

A child process frees all its memory at its end (subsetting fonts leaks a quarter of a megabyte per PDF in HarfBuzz),
and can be killed if it hangs. It is forked from a server that has WeasyPrint loaded, within hundredths of a second."""

import contextlib
import datetime as dt
import functools
import gc
import multiprocessing
import os
import signal
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

SCHEME = "bundled"
# A call must not wait for a PDF: this much more readily than the web server, its process gives way.
MODEST = 10
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["weasyprint"])


class RenderError(Exception):
    """The PDF could not be built; the message has the reason, for the log."""


class TookTooLong(RenderError):
    """It took too long and was stopped."""


@dataclass(frozen=True)
class Page:
    """The input of a PDF: its HTML, the fonts it may load, and JSON files to attach, both by name."""

    html: str
    fonts: dict[str, str]
    attachments: dict[str, str]
    identifier: str
    created: dt.datetime


def write(page: Page) -> bytes:
    """Build the PDF, tagged for screen readers (PDF/UA-1). The same page always gives the same bytes."""
    from weasyprint import HTML, Attachment

    fetcher = fetcher_class()(page.fonts)
    attached = [
        Attachment(
            string=text.encode(),
            url_fetcher=fetcher,
            name=name,
            description="The scorecards as data",
            created=page.created,  # by default the current time, and then no two files are the same
            modified=page.created,
            relationship="Data",
        )
        for name, text in page.attachments.items()
    ]
    with _clock_stopped(page.created):
        pdf: bytes = HTML(string=page.html, base_url=None, url_fetcher=fetcher).write_pdf(
            pdf_variant="pdf/ua-1", attachments=attached, pdf_identifier=page.identifier.encode()
        )
    return pdf


@contextlib.contextmanager
def _clock_stopped(at: dt.datetime) -> Iterator[None]:
    """Subset fonts in the file contain a time: the one in this variable, by default the current one."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(at.timestamp()))
    try:
        yield
    finally:
        os.environ.pop("SOURCE_DATE_EPOCH")
        if before is not None:
            os.environ["SOURCE_DATE_EPOCH"] = before


def write_apart(page: Page, *, seconds: float) -> bytes:
    """Like `write`, in a child process that is killed after `seconds`. Raises RenderError."""
    receiver, sender = _processes.Pipe(duplex=False)
    process = _processes.Process(target=_send, args=(sender, page), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise TookTooLong(f"not done after {seconds:.0f} seconds")
        pdf, fault = receiver.recv()
    except EOFError:
        raise RenderError("the child process died") from None
    finally:
        receiver.close()
        process.kill()
        process.join()
        process.close()
    if fault:
        raise RenderError(fault)
    return bytes(pdf)


def warm_up() -> None:
    """Start the fork server with WeasyPrint, before the first PDF is requested."""
    process = _processes.Process(target=int)
    process.start()
    process.join()


def _send(sender: Connection, page: Page) -> None:
    # Ctrl-C is meant for the worker, which finishes its PDF.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(MODEST)
    # The process ends soon, so collecting garbage would waste a sixth of the time.
    gc.disable()
    try:
        answer = (write(page), "")
    except Exception:  # noqa: BLE001  passed on to the worker
        answer = (b"", traceback.format_exc())
    sender.send(answer)


@functools.cache
def fetcher_class() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class BundledOnly(URLFetcher):
        """Serves bundled fonts by name. It opens no other scheme, host or path."""

        def __init__(self, files: dict[str, str]) -> None:
            super().__init__()
            self._files = {f"{SCHEME}:{name}": path for name, path in files.items()}

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url not in self._files:
                raise ValueError(f"refused: {url[:200]}")
            return URLFetcherResponse(url, Path(self._files[url]).read_bytes(), {"Content-Type": "font/ttf"})

    return BundledOnly
