"""Cases that need a real browser: long offline, two pages, a large note, a wrong clock, a slow line."""

import random
import time
from typing import Any

from faults.desk import KEPT, LEAVE, ONLINE, PATIENCE, TICK, WRITE, at_desk
from faults.evidence import Report, settle_browser
from harness.proxy import Proxy

APPEND = """([question, word]) => {
    const field = document.querySelector(`[data-note="${question}"]`);
    const lines = field.value.split("\\n");
    const at = lines.findIndex((line) => line.startsWith(word));
    if (at < 0) lines.push(word);
    else lines[at] += " and on";
    field.value = lines.join("\\n");
    field.dispatchEvent(new Event("input"));
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


def offline_for_long(report: Report, *, edits: int) -> None:
    """R-5: no connection and no server, then both return."""
    dice = random.Random(report.seed)
    with at_desk() as (site, desk, _):
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

    with at_desk() as (_, desk, _):
        pages = [desk.page, desk.open()]
        question = desk.seat.questions[0]
        for number in range(edits):
            pages[number % 2].evaluate(APPEND, [question, ["first", "second"][number % 2]])
            desk.page.wait_for_timeout(20)
        words = ("first", "second")
        wanted = [word + " and on" * ((edits + 1 - number) // 2 - 1) for number, word in enumerate(words)]

        def texts() -> tuple[str, list[str]]:
            saved = Note.objects.get(panelist=desk.seat.panelist, question=question).text
            return saved, [page.locator(f"[data-note='{question}']").input_value() for page in pages]

        for page in pages:
            page.evaluate(LEAVE)
        desk.drain(report)
        for page in pages:
            with page.expect_response("**/events/**"):
                page.evaluate(ONLINE)
        # A text merged by the server is sent once more, and told to the other page.
        deadline = time.monotonic() + PATIENCE / 1000
        text, shown = texts()
        while (set(shown) != {text} or set(wanted) - set(text.split("\n"))) and time.monotonic() < deadline:
            desk.page.wait_for_timeout(50)
            text, shown = texts()
        lines = text.split("\n")
        report.lost += sum(line not in lines for line in wanted)
        report.duplicated += sum(max(0, sum(line.startswith(word) for line in lines) - 1) for word in words)
        report.notes += [f"page {number} shows another text" for number, one in enumerate(shown) if one != text]
        desk.drain(report)
        report.edits = edits
        settle_browser(report, desk.seat, still_waiting=desk.waiting())


def large_in_bytes(report: Report, *, edits: int) -> None:
    """R-21: a note of more than 64 KiB of UTF-8, within the limit of characters; the changes behind it arrive too."""
    dice = random.Random(report.seed)
    with at_desk() as (_, desk, _):
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
    with at_desk(over_http=True, script=CLOCK) as (_, desk, _):
        desk.context.route("**/commands/", lambda route: route.abort())
        for step in (HOUR, -HOUR, -8 * DAY, 8 * DAY, 0):
            desk.page.evaluate("step => localStorage.setItem('step', step)", step)
            for _ in range(max(1, edits // 5)):
                desk.edit(dice)
            report.edits += max(1, edits // 5)
            desk.page.evaluate(LEAVE)
            # Reading the journal waits until that is in it.
            desk.waiting()
            desk.reload(report)
            # The page went along to the question asked before the reload, and ignores input just after that.
            desk.page.wait_for_timeout(800)
        kept, refused = desk.page.evaluate(KEPT)
        report.notes += [f"{refused} of {kept} are given up"] if refused else []
        desk.context.unroute("**/commands/")
        desk.page.evaluate(ONLINE)
        desk.drain(report)
        settle_browser(report, desk.seat, still_waiting=desk.waiting())


def slow_line(report: Report, *, edits: int) -> None:
    """R-24: 20 kbit/s, with a note of 20 KB and short edits behind it. The note is sent once, the rest is quick."""
    with at_desk(through=Proxy) as (_, desk, proxy):
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
