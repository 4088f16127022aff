"""R-23: the browser is killed during typing, in the text fields of the live page."""

import contextlib
import random
import tempfile
import threading
import time
from typing import Any

from faults.desk import PATIENCE, Desk
from faults.evidence import Report, Seat, call
from harness import browser
from harness.site import Site, build_static

FIELDS = {
    "a note": ".one.is-shown [data-note]",
    "the note on the interview": "[data-note=interview]",
    "an extra point": ".one.is-shown [data-unlisted]",
    "a follow-up for later": "[data-end-field]",
}
# Seconds of typing that a kill may lose: the journal waits a tenth, and the disk takes time.
MAY_BE_LOST = 1.0
BETWEEN_KEYS = 40  # milliseconds; nobody types faster


def killed_while_typing(report: Report, *, edits: int) -> None:
    """R-23: Chromium is killed with -9 during continuous typing, in each text field of the live page."""
    from playwright.sync_api import Error

    playwright = browser.driver()
    build_static()
    dice = random.Random(report.seed)
    site, [seat] = Site(), call(panelists=1)
    _ask_first_answer(seat)
    site.start()
    with tempfile.TemporaryDirectory(prefix="faults-browser-") as folder:

        def browse() -> Any:
            context = browser.launch_profile(playwright, folder, port=site.port)
            context.set_default_timeout(PATIENCE)
            browser.sign_in(context, seat.session)
            # Nothing reaches the server, so restored text can only come from the browser.
            browser.send_over_http(context)
            context.route("**/commands/", lambda route: route.abort())
            return context

        try:
            desk = Desk(browse(), seat)
            for what, field in list(FIELDS.items())[: edits or None]:
                place = desk.page.locator(field)
                if place.is_disabled():
                    desk.page.keyboard.press("Enter")
                place.fill("")
                typed: list[tuple[float, str]] = []
                killer = threading.Timer(dice.uniform(1.5, 2.5), browser.kill, [folder])
                with contextlib.suppress(Error):
                    while len(typed) < 1000:
                        letter = dice.choice("abcdefgh ")
                        place.press(letter if letter.strip() else "Space", delay=BETWEEN_KEYS)
                        typed.append((time.monotonic(), letter))
                        if len(typed) == 1:
                            killer.start()
                killed_at = time.monotonic()
                with contextlib.suppress(Error):
                    desk.context.close()
                desk = Desk(browse(), seat)
                desk.page.wait_for_timeout(1_000)
                found = desk.page.locator(field).input_value()
                due = "".join(letter for at, letter in typed if at < killed_at - MAY_BE_LOST)
                report.notes += [] if due.strip() else [f"{what}: nothing was typed in time"]
                report.edits += len(typed)
                report.kills += 1
                if not found.startswith(due.rstrip()):
                    report.lost += max(1, len(due) - len(found))
                    report.notes.append(f"{what}: {len(due)} characters were due, {len(found)} are there")
            desk.context.close()
        finally:
            site.close()


def _ask_first_answer(seat: Seat) -> None:
    """The kickoff before it has no place for points."""
    from interviews.models import Interview, ScriptedQuestion

    interview = seat.panelist.interview
    first, began = interview.questions.filter(kind="answer").in_order()[0], interview.started_at
    ScriptedQuestion.objects.filter(pk=first.pk).update(state="asked", asked_at=began)
    Interview.objects.filter(pk=interview.pk).update(current_question=first, current_since=began, welcome_seconds=0)
