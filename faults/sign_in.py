"""Cases in a browser: signed out while changes wait."""

import random
from typing import Any

from faults.desk import ONLINE, PASSWORD, at_desk
from faults.evidence import Report, settle_browser


def login_expired(report: Report, *, edits: int) -> None:
    """R-8: the sign-in expires while commands wait. Another person gets none of them, the same one sends all."""
    from django.contrib.sessions.models import Session

    from accounts.factories import InterviewerFactory
    from interviews.models import Receipt

    dice = random.Random(report.seed)
    with at_desk(has_password=True) as (_, desk, _):
        page, user = desk.page, desk.seat.panelist.user
        # The same password; each hash takes half a second.
        other: Any = InterviewerFactory.create(email=f"other-{report.seed}@example.org", password=user.password)
        name, _, key = desk.seat.session.partition("=")
        # The row too: an open socket goes by it, and not by the cookie.
        Session.objects.filter(session_key=key).delete()
        desk.context.clear_cookies(name=name)
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
    with at_desk(has_password=True) as (_, desk, _):
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
