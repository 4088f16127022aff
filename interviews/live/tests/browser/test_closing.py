"""A call that others end and reopen, as the panel's open pages show it."""

import pytest
from playwright.sync_api import expect

from accounts.factories import HiringManagerFactory

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


class TestClosing:
    def test_open_page_follows_the_end_and_the_reopening_by_a_manager(self, make_call, open_live, open_page):
        call = make_call(live=True, minutes_in=1)
        hana = HiringManagerFactory(name="Hana Berg")
        call.interview.opening.managers.add(hana)
        live = open_live(call)
        managers = open_page(hana)
        managers.goto(call.interview.get_absolute_url())
        managers.get_by_role("button", name="End call").click()
        live.sees(live.page.locator("[data-when=ended]").first, "Hana Berg ended the call.")
        live.sees(live.said, "Hana Berg ended the call")
        managers.get_by_role("button", name="Reopen call").click()
        live.sees(live.page.locator("[data-reopened-by]"), "Hana Berg reopened this call.")
        expect(live.page.locator("section[data-when=ended]")).to_be_hidden()
        live.page.get_by_role("button", name="Wrap up").click()
        live.page.get_by_role("button", name="End the call").click()
        live.sees(live.page.locator("section[data-when=ended]"), "Mira Rossi ended the call.")
        live.saved()
        live.page.reload()
        live.sees(live.page.locator("section[data-when=ended]"), "Mira Rossi ended the call.")
        # A line that was not added goes along to the scorecard, without a question of the browser's.
        asked: list[str] = []
        live.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        live.press("u")
        live.type("Names a CDN")
        live.page.locator("[data-top]").get_by_role("link", name="Scorecard").click()
        expect(live.page.get_by_text("Names a CDN")).to_be_visible()
        assert asked == []
