"""A panelist in a real browser on the product, for cases about the live page."""

import contextlib
import functools
import io
import os
import random
import re
import time
from collections.abc import Iterator
from typing import Any

from django.core.management import call_command

from faults.evidence import Report, Seat, call, signed_in
from faults.proxy import Proxy
from faults.site import Site
from runner.machine import chromium

PASSWORD = "three calm words"
PATIENCE = 60_000  # milliseconds
READY = re.compile(r"\d\d:\d\d:\d\d|change|Too long|Nothing to save")
ONLINE = "dispatchEvent(new Event('online'))"
TICK = """([point, on]) => {
    const box = document.querySelector(`[data-point="${point}"]`);
    const card = box.closest("[data-card]");
    if (!card.classList.contains("is-shown")) document.querySelector(`[data-look="${card.dataset.card}"]`).click();
    if (box.checked !== on) box.click();
}"""
WRITE = """([question, text]) => {
    const field = document.querySelector(`[data-note="${question}"]`);
    field.value = text;
    field.dispatchEvent(new Event("input"));
}"""
# Number of commands in the journal, and of refused ones.
KEPT = """async () => {
    const { listEntries } = await import(document.querySelector("link[href*='outbox/journal']").href);
    const entries = (await listEntries(Number(document.body.dataset.user))).flatMap(({ entries }) => entries);
    return [entries.length, entries.filter(({ refused }) => refused).length];
}"""


class Desk:
    """A browser of one panelist, and the pages in it."""

    def __init__(self, context: Any, seat: Seat) -> None:
        self.context, self.seat = context, seat
        self.page = self.open()

    def open(self) -> Any:
        page = self.context.new_page()
        page.goto(self.seat.path.replace("commands/", "live/"))
        # The status has its words once the scripts run.
        page.locator("[data-status-words]", has_text=READY).wait_for()
        return page

    def edit(self, dice: random.Random, page: Any = None) -> None:
        """One action of a panelist, as wanted state and on the page."""
        seat, page = self.seat, page or self.page
        if dice.random() < 0.7:
            # Mostly at the visible question, as in a call.
            point = dice.choice(seat.points if dice.random() < 0.1 else seat.points[:3])
            seat.ticks[point] = not seat.ticks.get(point, False)
            page.evaluate(TICK, [point, seat.ticks[point]])
        else:
            question = dice.choice(seat.questions)
            seat.texts[question] = seat.texts.get(question, "") + f"word {dice.randrange(1000)} · 🦊\n"
            page.evaluate(WRITE, [question, seat.texts[question]])

    def waiting(self) -> int:
        count: int = self.page.evaluate(KEPT)[0]
        return count

    def reload(self, report: Report) -> None:
        """Close like a stopped machine: the page's handlers do not run."""
        self.page.close(run_before_unload=False)
        self.page = self.open()
        report.kills += 1

    def holds(self, count: int) -> bool:
        """Wait until the journal has this many commands."""
        deadline = time.monotonic() + PATIENCE / 1000
        while self.waiting() != count and time.monotonic() < deadline:
            self.page.wait_for_timeout(50)
        return self.waiting() == count

    def drain(self, report: Report) -> None:
        """Wait until the journal is empty; return the seconds."""
        begin = time.monotonic()
        while self.waiting() and time.monotonic() - begin < PATIENCE / 1000:
            self.page.wait_for_timeout(50)
        report.seconds_to_agree = max(report.seconds_to_agree, time.monotonic() - begin)


@functools.cache
def collect_static() -> None:
    call_command("build_fonts", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)


@contextlib.contextmanager
def at_desk(*, through: type[Proxy] | None = None) -> Iterator[tuple[Site, Desk, Proxy | None]]:
    """The product, a call, and its lead in a temporary browser."""
    from playwright.sync_api import sync_playwright

    # Playwright's sync API runs a loop in this thread; Django would refuse our own queries beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    collect_static()
    site, [seat] = Site(), call(panelists=1)
    seat.panelist.user.set_password(PASSWORD)
    seat.panelist.user.save()
    seat.session = signed_in(seat.panelist.user)
    site.start()
    proxy = through(site.port) if through else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-background-networking", "--disable-quic"]
        )
        context = browser.new_context(base_url=f"http://127.0.0.1:{proxy.port if proxy else site.port}")
        context.set_default_timeout(PATIENCE)
        name, _, value = seat.session.partition("=")
        context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}])
        try:
            yield site, Desk(context, seat), proxy
        finally:
            browser.close()
            if proxy:
                proxy.close()
            site.close()
