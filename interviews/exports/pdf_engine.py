"""WeasyPrint, and nothing of Django: a page in, a PDF out, in this process or in one of its own.

Its own process gives all memory back (subsetting fonts leaks a quarter of a megabyte a PDF in HarfBuzz), and one that
hangs can be ended. It is forked off a server that has WeasyPrint loaded, which takes some hundredths of a second."""

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
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["weasyprint"])


class RenderError(Exception):
    """There is no PDF; the message says why, for the log."""


class TookTooLong(RenderError):
    """It was stopped."""


@dataclass(frozen=True)
class Page:
    """What a PDF is made from: the HTML, fonts by name that it may ask for, and JSON to attach, by name."""

    html: str
    fonts: dict[str, str]
    attachments: dict[str, str]
    identifier: str
    created: dt.datetime


def write(page: Page) -> bytes:
    """The PDF, tagged for screen readers (PDF/UA-1). The same page gives the same bytes, whenever and wherever."""
    from weasyprint import HTML, Attachment

    fetcher = fetcher_class()(page.fonts)
    attached = [
        Attachment(
            string=text.encode(),
            url_fetcher=fetcher,
            name=name,
            description="The scorecards as data",
            created=page.created,  # else it is the clock's time, and no two files were the same
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
    """The pieces of fonts in the file say when they were cut: by this variable, else by the clock."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(at.timestamp()))
    try:
        yield
    finally:
        os.environ.pop("SOURCE_DATE_EPOCH")
        if before is not None:
            os.environ["SOURCE_DATE_EPOCH"] = before


def write_apart(page: Page, *, seconds: float) -> bytes:
    """The same from a process of its own, which is ended after `seconds`. Raises RenderError."""
    receiver, sender = _processes.Pipe(duplex=False)
    process = _processes.Process(target=_send, args=(sender, page), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise TookTooLong(f"not done after {seconds:.0f} seconds")
        pdf, fault = receiver.recv()
    except EOFError:
        raise RenderError("the process that made it died") from None
    finally:
        receiver.close()
        process.kill()
        process.join()
        process.close()
    if fault:
        raise RenderError(fault)
    return bytes(pdf)


def warm_up() -> None:
    """Start the server that has WeasyPrint loaded, before the first PDF is asked for."""
    process = _processes.Process(target=int)
    process.start()
    process.join()


def _send(sender: Connection, page: Page) -> None:
    # Ctrl-C is for the worker, which finishes what it has begun.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The process ends in a moment, so that nothing has to be collected: a sixth of the time.
    gc.disable()
    try:
        answer = (write(page), "")
    except Exception:  # noqa: BLE001  whatever it is, it is told
        answer = (b"", traceback.format_exc())
    sender.send(answer)


@functools.cache
def fetcher_class() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class BundledOnly(URLFetcher):
        """Hands out bundled fonts by name. No scheme, no host, no other path is ever opened."""

        def __init__(self, files: dict[str, str]) -> None:
            super().__init__()
            self._files = {f"{SCHEME}:{name}": path for name, path in files.items()}

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url not in self._files:
                raise ValueError(f"refused: {url[:200]}")
            return URLFetcherResponse(url, Path(self._files[url]).read_bytes(), {"Content-Type": "font/ttf"})

    return BundledOnly
