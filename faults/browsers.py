"""Cases that need a real browser: long offline, two pages, signed out, and every kind of answer."""

import contextlib
import functools
import io
import os
import random
import re
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command

from faults.evidence import Report, Seat, call, settle_browser, signed_in
from faults.proxy import Fault, Proxy
from faults.site import Site
from runner.machine import chromium

PASSWORD = "three calm words"
PATIENCE = 60_000  # milliseconds
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
APPEND = """([question, word]) => {
    const field = document.querySelector(`[data-note="${question}"]`);
    const lines = field.value.split("\\n");
    const at = lines.findIndex((line) => line.startsWith(word));
    if (at < 0) lines.push(word);
    else lines[at] += " and on";
    field.value = lines.join("\\n");
    field.dispatchEvent(new Event("input"));
}"""
# Number of commands in the journal, and of refused ones.
KEPT = """async () => {
    const { listEntries } = await import(document.querySelector("link[href*='outbox/journal']").href);
    const entries = (await listEntries(Number(document.body.dataset.user))).flatMap(({ entries }) => entries);
    return [entries.length, entries.filter(({ refused }) => refused).length];
}"""
# A clock that can be set before the page's scripts run, and survives a reload.
CLOCK = """(() => {
    const RealDate = Date;
    const step = () => Number(localStorage.getItem("step"));
    globalThis.Date = class extends RealDate {
        constructor(...parts) { parts.length ? super(...parts) : super(RealDate.now() + step()); }
        static now() { return RealDate.now() + step(); }
    };
})()"""
HOUR, DAY = 3_600_000, 86_400_000  # milliseconds
# Answers that are no receipt, with and without a reason.
REFUSALS = [403, 404, 409, 413, 422]
ANSWERS: list[dict[str, Any]] = [
    {"status": 302, "headers": {"Location": "/sign-in/"}},
    *({"status": status, "body": "<h1>No</h1>", "content_type": "text/html"} for status in (400, 403, 404, 409, 422)),
    {"status": 401, "json": {"error": "Sign in again."}},
    {"status": 429, "headers": {"Retry-After": "0"}, "body": "{}"},
    *({"status": status, "body": "", "content_type": "text/html"} for status in (500, 502, 503, 504)),
    {"status": 200, "json": {"receipt": "another"}},
    *({"status": status, "json": {"error": "Not like this."}} for status in REFUSALS),
]


class Desk:
    """A browser of one panelist, and the pages in it."""

    def __init__(self, context: Any, seat: Seat) -> None:
        self.context, self.seat = context, seat
        self.page = self.open()

    def open(self) -> Any:
        page = self.context.new_page()
        page.goto(self.seat.path.replace("commands/", "live/"))
        # The status shows a time once the scripts run.
        page.locator("[data-status-words]", has_text=re.compile(r"\d\d:\d\d:\d\d|change|Too long")).wait_for()
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
def _desk(*, through: type[Proxy] | None = None) -> Iterator[tuple[Site, Desk, Proxy | None]]:
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


def offline_for_long(report: Report, *, edits: int) -> None:
    """R-5: no connection and no server, then both return."""
    dice = random.Random(report.seed)
    with _desk() as (site, desk, _):
        desk.context.set_offline(True)
        site.kill()
        report.kills = 1
        for _ in range(edits):
            desk.edit(dice)
        site.start()
        desk.context.set_offline(False)
        desk.drain(report)
        report.edits = edits
        settle_browser(report, desk.seat, still_waiting=desk.waiting())


def two_pages(report: Report, *, edits: int) -> None:
    """R-7: one note is written in two pages in turn. Both pages show both texts, once."""
    from interviews.models import Note

    with _desk() as (_, desk, _):
        pages = [desk.page, desk.open()]
        question = desk.seat.questions[0]
        for number in range(edits):
            pages[number % 2].evaluate(APPEND, [question, ["first", "second"][number % 2]])
            desk.page.wait_for_timeout(20)
        for page in pages:
            page.locator("[data-status][data-waiting='0']").wait_for(state="attached")
        desk.page.wait_for_timeout(600)
        desk.drain(report)
        text = Note.objects.get(panelist=desk.seat.panelist, question=question).text
        lines = text.split("\n")
        for number, word in enumerate(("first", "second")):
            wanted = word + " and on" * ((edits + 1 - number) // 2 - 1)
            report.lost += wanted not in lines
            report.duplicated += max(0, sum(line.startswith(word) for line in lines) - 1)
        for page in pages:
            with page.expect_response("**/events/**"):
                page.evaluate(ONLINE)
        desk.page.wait_for_timeout(300)
        shown = [page.locator(f"[data-note='{question}']").input_value() for page in pages]
        report.notes += [f"page {number} shows another text" for number, one in enumerate(shown) if one != text]
        report.edits = edits
        settle_browser(report, desk.seat, still_waiting=desk.waiting())


def login_expired(report: Report, *, edits: int) -> None:
    """R-8: the sign-in expires while commands wait. Another person gets none of them, the same one sends all."""
    from accounts.factories import InterviewerFactory
    from interviews.models import Receipt

    dice = random.Random(report.seed)
    other: Any = InterviewerFactory.create(email=f"other-{report.seed}@example.org")
    other.set_password(PASSWORD)
    other.save()
    with _desk() as (_, desk, _):
        page, user = desk.page, desk.seat.panelist.user
        desk.context.clear_cookies(name=desk.seat.session.partition("=")[0])
        before = Receipt.objects.count()
        for _ in range(edits):
            desk.edit(dice)
        dialog = page.locator("#sign-in-again")
        for email, is_same in ((other.email, False), (user.email, True)):
            cookies = "; ".join(f"{one['name']}={one['value']}" for one in desk.context.cookies())
            page.locator("[data-sign-in]", has_text="changes saved").click()
            dialog.get_by_label("Email").fill(email)
            dialog.get_by_label("Password").fill(PASSWORD)
            dialog.get_by_role("button", name="Sign in").click()
            if not is_same:
                dialog.get_by_text("Someone else is signed in now").wait_for()
                page.evaluate(ONLINE)
                page.wait_for_timeout(500)
                report.duplicated += Receipt.objects.count() - before
                page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
        # A late answer to the old session, after the new one has begun.
        desk.context.request.get(desk.seat.path.replace("commands/", "events/"), headers={"Cookie": cookies})
        desk.drain(report)
        report.edits, report.kills = edits, 1
        settle_browser(report, desk.seat, still_waiting=desk.waiting())


def token_rotated(report: Report, *, edits: int) -> None:
    """R-9: signed out and in again in a second tab, while the first one continues."""
    dice = random.Random(report.seed)
    with _desk() as (_, desk, _):
        other = desk.context.new_page()
        for part in range(2):
            for _ in range(edits // 2):
                desk.edit(dice)
            if part:
                break
            desk.drain(report)
            other.goto("/")
            other.locator(".site-person summary").click()
            other.get_by_role("button", name="Sign out").click()
            other.wait_for_url("**/sign-in/**")
            desk.edit(dice)
            other.get_by_label("Email").fill(desk.seat.panelist.user.email)
            other.get_by_label("Password").fill(PASSWORD)
            other.get_by_role("button", name="Sign in").click()
            other.wait_for_url(lambda url: "sign-in" not in url)
            report.kills += 1
        desk.page.evaluate(ONLINE)
        desk.drain(report)
        report.edits = 2 * (edits // 2) + 1
        settle_browser(report, desk.seat, still_waiting=desk.waiting())


def every_answer(report: Report, *, edits: int) -> None:
    """R-10: without a receipt, the change stays in the journal: refused, wrong, truncated, or no answer."""
    from interviews.models import Note

    dice = random.Random(report.seed)
    with _desk(through=Proxy) as (_, desk, proxy):
        assert proxy
        page, seat, left = desk.page, desk.seat, list(ANSWERS)
        dice.shuffle(left)
        # The sign-in page instead of an answer, like a proxy that requires a login.
        left.append({"status": 200, "body": page.request.get("/sign-in/").text(), "content_type": "text/html"})
        report.kills = len(left) + 2
        page.route("**/commands/", lambda route: route.fulfill(**left.pop()) if left else route.abort())
        # One note per question, so that none replaces another.
        questions = seat.questions[:edits]
        for question in questions:
            page.evaluate(WRITE, [question, f"Answer {question} · 🦊"])
            page.wait_for_timeout(60)
        for _ in range(1000):
            if not left:
                break
            page.evaluate(ONLINE)
            page.wait_for_timeout(50)
        if not desk.holds(len(questions)):
            report.lost += len(questions) - desk.waiting()
        page.unroute("**/commands/")
        _cut_answers(report, desk, proxy, waiting=len(questions))
        begin = time.monotonic()
        page.evaluate(ONLINE)
        # A refusal of a batch is not final: its changes are then sent one by one.
        refused: int = page.evaluate(KEPT)[1]
        if not desk.holds(refused) or refused < len(REFUSALS) - 1:
            report.notes.append(f"{desk.waiting()} in the journal, of which {refused} were refused")
        report.seconds_to_agree = time.monotonic() - begin
        texts = dict(Note.objects.filter(panelist=seat.panelist).values_list("question", "text"))
        report.lost += len(questions) - refused - sum(texts[pk] == f"Answer {pk} · 🦊" for pk in texts)
        report.edits = len(questions)
        settle_browser(report, seat, refused=refused)


def _cut_answers(report: Report, desk: Desk, proxy: Proxy, *, waiting: int) -> None:
    """Truncate one answer and stall another; the journal still holds all `waiting` changes."""
    ended = [0]

    def count(request: Any) -> None:
        ended[0] += "/commands/" in request.url

    for event in ("requestfinished", "requestfailed"):
        desk.page.on(event, count)
    for fault in (Fault.TRUNCATE, Fault.STALL):
        proxy.faults = [fault]
        before, deadline = ended[0], time.monotonic() + PATIENCE / 1000
        desk.page.evaluate(ONLINE)
        while ended[0] == before and time.monotonic() < deadline:
            desk.page.wait_for_timeout(50)
        if ended[0] == before or desk.waiting() != waiting:
            report.notes.append(f"{fault.name}: {ended[0] - before} tries, {desk.waiting()} in the journal")
    proxy.faults = [Fault.NONE]


def answers_lost(report: Report, *, edits: int) -> None:
    """R-11 in a browser: three of ten answers are thrown away after the commit, also those to batches."""
    dice = random.Random(report.seed)
    with _desk(through=Proxy) as (_, desk, proxy):
        assert proxy
        proxy.faults = [Fault.CUT_AFTER_COMMIT] * 3 + [Fault.NONE] * 7
        for _ in range(edits):
            desk.edit(dice)
            desk.page.wait_for_timeout(dice.randrange(60))
        proxy.faults = [Fault.NONE]
        desk.page.evaluate(ONLINE)
        desk.drain(report)
        report.edits, report.kills = edits, proxy.hits[Fault.CUT_AFTER_COMMIT]
        settle_browser(report, desk.seat, still_waiting=desk.waiting())


def large_in_bytes(report: Report, *, edits: int) -> None:
    """R-21: a note of more than 64 KiB of UTF-8, within the limit of characters; the changes behind it arrive too."""
    dice = random.Random(report.seed)
    with _desk() as (_, desk, _):
        question = desk.seat.questions[0]
        desk.seat.texts[question] = "ы" * 33_000
        desk.page.evaluate(WRITE, [question, desk.seat.texts[question]])
        for _ in range(edits):
            desk.edit(dice)
        desk.drain(report)
        report.edits = edits + 1
        settle_browser(report, desk.seat, still_waiting=desk.waiting())


def clock_steps(report: Report, *, edits: int) -> None:
    """R-22: the browser's clock is set back and forth by an hour and by eight days, with a reload each time."""
    dice = random.Random(report.seed)
    with _desk() as (_, desk, _):
        desk.context.add_init_script(CLOCK)
        desk.context.route("**/commands/", lambda route: route.abort())
        desk.reload(report)
        for step in (HOUR, -HOUR, -8 * DAY, 8 * DAY, 0):
            desk.page.evaluate("step => localStorage.setItem('step', step)", step)
            for _ in range(max(1, edits // 5)):
                desk.edit(dice)
            report.edits += max(1, edits // 5)
            # Typing is in the journal within a tenth of a second.
            desk.page.wait_for_timeout(500)
            desk.reload(report)
        kept, refused = desk.page.evaluate(KEPT)
        report.notes += [f"{refused} of {kept} are given up"] if refused else []
        desk.context.unroute("**/commands/")
        desk.page.evaluate(ONLINE)
        desk.drain(report)
        settle_browser(report, desk.seat, still_waiting=desk.waiting())


def slow_line(report: Report, *, edits: int) -> None:
    """R-24: 20 kbit/s, with a note of 20 KB and short edits behind it. The note is sent once, the rest is quick."""
    with _desk(through=Proxy) as (_, desk, proxy):
        assert proxy
        page, seat = desk.page, desk.seat
        sent: list[str] = []

        def note_down(request: Any) -> None:
            if "/commands/" in request.url:
                sent.append(request.post_data or "")

        page.on("request", note_down)
        proxy.bytes_per_second = 2_500
        question = seat.questions[0]
        seat.texts[question] = "On a slow line. " * 1_280
        page.evaluate(WRITE, [question, seat.texts[question]])
        # Typing reaches the journal a moment later.
        page.wait_for_timeout(500)
        desk.drain(report)
        times = sum("On a slow line. On" in body for body in sent)
        report.notes += [f"the note was sent {times} times"] if times != 1 else []
        begin = time.monotonic()
        for number in range(edits):
            point = seat.points[number % 3]
            seat.ticks[point] = not seat.ticks.get(point, False)
            page.evaluate(TICK, [point, seat.ticks[point]])
        desk.drain(report)
        took = time.monotonic() - begin
        report.notes += [f"{edits} short edits took {took:.0f} s"] if took > 30 else []
        report.edits = edits + 1
        settle_browser(report, seat, still_waiting=desk.waiting())


FIELDS = {
    "a note": ".one.is-shown [data-note]",
    "the note on the interview": "[data-note=interview]",
    "an extra point": ".one.is-shown [data-unlisted]",
    "a follow-up for later": "[data-end-field]",
}
# Seconds of typing that a kill may lose: the journal waits a tenth, and the disk takes time.
MAY_BE_LOST = 1.0


def killed_while_typing(report: Report, *, edits: int) -> None:
    """R-23: Chromium is killed with -9 during continuous typing, in each text field of the live page."""
    from playwright.sync_api import Error, sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    collect_static()
    dice = random.Random(report.seed)
    site, [seat] = Site(), call(panelists=1)
    site.start()
    with tempfile.TemporaryDirectory(prefix="faults-browser-") as folder, sync_playwright() as playwright:

        def browse() -> Any:
            context = playwright.chromium.launch_persistent_context(
                folder, executable_path=chromium(), base_url=f"http://127.0.0.1:{site.port}", args=["--no-sandbox"]
            )
            context.set_default_timeout(PATIENCE)
            name, _, value = seat.session.partition("=")
            context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}])
            # Nothing reaches the server, so restored text can only come from the browser.
            context.route("**/commands/", lambda route: route.abort())
            return context

        try:
            for what, field in list(FIELDS.items())[: edits or None]:
                desk = Desk(browse(), seat)
                place = desk.page.locator(field)
                if place.is_disabled():
                    desk.page.keyboard.press("Enter")
                place.fill("")
                typed: list[tuple[float, str]] = []
                killer = threading.Timer(dice.uniform(2, 3), _kill_browser, [folder])
                killer.start()
                with contextlib.suppress(Error):
                    while len(typed) < 1000:
                        letter = dice.choice("abcdefgh ")
                        place.press(letter if letter.strip() else "Space")
                        typed.append((time.monotonic(), letter))
                killed_at = time.monotonic()
                with contextlib.suppress(Error):
                    desk.context.close()
                desk = Desk(browse(), seat)
                desk.page.wait_for_timeout(1_000)
                found = desk.page.locator(field).input_value()
                due = "".join(letter for at, letter in typed if at < killed_at - MAY_BE_LOST)
                report.edits += len(typed)
                report.kills += 1
                if not found.startswith(due.rstrip()):
                    report.lost += max(1, len(due) - len(found))
                    report.notes.append(f"{what}: {len(due)} characters were due, {len(found)} are there")
                desk.context.close()
        finally:
            site.close()


def _kill_browser(folder: str) -> None:
    """Kill all processes of the Chromium with its profile in this folder."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder in (process / "cmdline").read_text(errors="replace"):
                os.kill(int(process.name), signal.SIGKILL)
