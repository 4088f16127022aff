"""A panelist in a real browser on the product, for cases about the live page."""

import contextlib
import random
import re
import time
from collections.abc import Iterator
from typing import Any

from faults.evidence import Report, Seat, call, signed_in
from harness import browser
from harness.proxy import Proxy
from harness.site import Site, build_static

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
# Leaves each note, so that all that was typed is a command, and waits for the frame after which it is stored.
LEAVE = """async () => {
    document.querySelectorAll("[data-note]").forEach((field) => field.dispatchEvent(new Event("blur")));
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
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
        """Leave the notes, and wait until the journal is empty."""
        begin = time.monotonic()
        self.page.evaluate(LEAVE)
        while self.waiting() and time.monotonic() - begin < PATIENCE / 1000:
            self.page.wait_for_timeout(50)
        report.seconds_to_agree = max(report.seconds_to_agree, time.monotonic() - begin)


@contextlib.contextmanager
def at_desk(
    *, through: type[Proxy] | None = None, over_http: bool = False, script: str = "", has_password: bool = False
) -> Iterator[tuple[Site, Desk, Proxy | None]]:
    """The product, a call, and its lead in a temporary browser, whose page sends over its socket unless `over_http`.

    Each page runs `script` before its own. With `has_password` the lead can sign in with `PASSWORD`."""
    chrome = browser.shared()
    build_static()
    site, [seat] = Site(), call(panelists=1)
    if has_password:
        seat.panelist.user.set_password(PASSWORD)
        seat.panelist.user.save()
        seat.session = signed_in(seat.panelist.user)
    site.start()
    proxy = through(site.port) if through else None
    context = chrome.new_context(base_url=browser.address(proxy.port if proxy else site.port))
    context.set_default_timeout(PATIENCE)
    browser.sign_in(context, seat.session)
    if over_http:
        browser.send_over_http(context)
    if script:
        context.add_init_script(script)
    try:
        yield site, Desk(context, seat), proxy
    finally:
        context.close()
        if proxy:
            proxy.close()
        site.close()
