"""Takes the pictures of the README from the running product: `.venv/bin/python docs/pictures.py [folder]`.

With demo data in a temporary folder and a fixed clock, so that a picture changes only when the product does.
Needs Chromium and pdftoppm (Debian's poppler-utils), and what requirements-dev.txt installs."""

import asyncio
import datetime as dt
import io
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import time_machine
import uvicorn
from PIL import Image

from harness import browser, sessions
from harness.engine import engine
from runner import ROOT
from runner.machine import chromium

# A Wednesday morning; the interview in the middle began at half past ten, Malta time.
NOW = dt.datetime(2026, 3, 11, 9, 54, tzinfo=dt.UTC)
ZONE = "Europe/Malta"
BYTES_MAX = 150_000
COLOURS = 128


def main(folder: Path) -> None:
    if not (chromium() and shutil.which("pdftoppm")):
        sys.exit("Pictures need Chromium and pdftoppm: apt-get install chromium-headless-shell poppler-utils")
    folder.mkdir(parents=True, exist_ok=True)
    with engine("sqlite") as environment:
        os.environ.update(environment)
        import django
        from django.core.management import call_command

        django.setup()
        for command in ("build_fonts", "migrate", "seed_question_bank"):
            call_command(command, stdout=io.StringIO())
        call_command("collectstatic", interactive=False, verbosity=0)
        with time_machine.travel(NOW, tick=False):
            call_command("load_demo", stdout=io.StringIO())
            pictures = {"scorecard": of_pdf()}
            with served() as address:
                pictures |= of_pages(address)
    for name, picture in pictures.items():
        keep(picture, folder / f"{name}.png")


@contextmanager
def served() -> Iterator[str]:
    """The product in a thread of this process, so that both have the same clock."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config("config.asgi:application", port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:  # else the thread keeps the process
        server.should_exit = True
        thread.join()


def of_pages(address: str) -> dict[str, bytes]:
    """The live page of a lead during a call, and the debrief of a hiring manager after it."""
    from django.urls import reverse
    from playwright.sync_api import sync_playwright

    from interviews.models import Interview

    def session_of(user: Any) -> str:
        return sessions.cookie(sessions.signed_in(user))

    live = Interview.objects.get(status="live")
    lead, live_address = session_of(live.panelists.get(part="lead").user), address + reverse("live", args=[live.pk])
    jo = session_of(live.panelists.get(part="interviewer").user)
    ended = Interview.objects.get(candidate__name="Ada Okafor", status="ended")
    manager, debrief_address = session_of(ended.opening.managers.get()), address + reverse("debrief", args=[ended.pk])
    with sync_playwright() as playwright:
        chrome = browser.launch(playwright)
        opened(chrome, jo, live_address)  # and stays there
        # The live page wide, and as narrow as beside a video call.
        taken = {
            "live": screen(chrome, lead, live_address, until="Saved"),
            "live-narrow": screen(chrome, lead, live_address, until="Saved", width=560, scheme="dark"),
            "debrief": screen(chrome, manager, debrief_address, until="Record the decision"),
        }
        chrome.close()
    return taken


def screen(
    chrome: Any,
    session: str,
    address: str,
    *,
    until: str,
    width: int = 1440,
    scheme: Literal["light", "dark"] = "light",
) -> bytes:
    """A page as the person of this session sees it, once it shows the words `until` and is connected."""
    page = opened(chrome, session, address, width=width, scheme=scheme)
    page.get_by_text(until).first.wait_for()
    page.get_by_text("Connecting…").wait_for(state="hidden")
    picture: bytes = page.screenshot()
    return picture


def opened(
    chrome: Any, session: str, address: str, *, width: int = 1440, scheme: Literal["light", "dark"] = "light"
) -> Any:
    context = chrome.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        timezone_id=ZONE,
        locale="en-GB",
        reduced_motion="reduce",
    )
    browser.sign_in(context, session)
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    page.goto(address, wait_until="networkidle")
    return page


def of_pdf() -> bytes:
    """The first page of the PDF that a hiring manager downloads."""
    from interviews.exports import pdf, scorecard_json
    from interviews.exports.documents import interview_document
    from interviews.models import Interview

    ended = Interview.objects.get(candidate__name="Ada Okafor", status="ended")
    document = interview_document(ended, ended.opening.managers.get())
    made = pdf.render(document, scorecard_json.attachments(document))
    command = ["pdftoppm", "-png", "-f", "1", "-l", "1", "-r", "110", "-"]
    return subprocess.run(command, input=made, capture_output=True, check=True).stdout


def keep(picture: bytes, file: Path) -> None:
    """With a palette instead of millions of colours: a fifth of the bytes, and no difference to be seen."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    print(f"{file}  {image.width} x {image.height}  {size:,} bytes")
    if size > BYTES_MAX:
        sys.exit(f"{file} is larger than {BYTES_MAX:,} bytes.")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
