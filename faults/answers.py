"""Cases in a browser: answers that are no receipt, are cut off, or never arrive."""

import random
import time
from typing import Any

from faults.desk import KEPT, ONLINE, PATIENCE, WRITE, Desk, at_desk
from faults.evidence import Report, settle_browser
from harness.proxy import Fault, Proxy

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


def every_answer(report: Report, *, edits: int) -> None:
    """R-10: without a receipt, the change stays in the journal: refused, wrong, truncated, or no answer."""
    from interviews.models import Note

    dice = random.Random(report.seed)
    with at_desk(through=Proxy, over_http=True) as (_, desk, proxy):
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
    with at_desk(through=Proxy) as (_, desk, proxy):
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
