"""A call that others end and reopen, as the panel's open pages show it."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.factories import HiringManagerFactory
from interviews.live.closing import end_forgotten
from interviews.models import Interview, Note

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


class TestClosing:
    def test_open_page_follows_the_end_and_the_reopening_by_a_manager(self, make_call, open_live, open_page):
        call = make_call(live=True, minutes_in=1)
        hana = HiringManagerFactory(name=str(call.lead.user))  # a namesake: "You" goes by the person
        call.interview.opening.managers.add(hana)
        live = open_live(call)
        managers = open_page(hana)
        managers.goto(call.interview.get_absolute_url())
        live.page.set_viewport_size({"width": 560, "height": 500})
        live.page.evaluate("scrollTo(0, 9999)")
        managers.get_by_role("button", name="End call").click()
        expect(live.page.locator("#stage-ended")).to_be_in_viewport()
        live.sees(live.page.locator("[data-when=ended]").first, f"{hana} ended the call.")
        live.sees(live.said, f"{hana} ended the call")
        managers.get_by_role("button", name="Reopen call").click()
        live.sees(live.page.locator("[data-reopened-by]"), f"{hana} reopened this call.")
        expect(live.page.locator("section[data-when=ended]")).to_be_hidden()
        live.page.get_by_role("button", name="Wrap up").click()
        live.page.get_by_role("button", name="End the call").click()
        live.sees(live.page.locator("section[data-when=ended]"), "You ended the call.")
        # Enter leads on, and reopens nothing.
        expect(live.page.get_by_role("link", name="Go to your scorecard")).to_be_focused()
        live.saved()
        live.page.reload()
        live.sees(live.page.locator("section[data-when=ended]"), "You ended the call.")
        # A line that was not added goes along to the scorecard, without a question of the browser's.
        asked: list[str] = []
        live.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        live.press("u")
        live.type("Names a CDN")
        live.page.locator("[data-top]").get_by_role("link", name="Scorecard").click()
        expect(live.page.get_by_text("Names a CDN")).to_be_visible()
        assert asked == []


class TestNotAsPlanned:
    def test_no_show_new_time_and_a_forgotten_end_reach_the_open_page_and_lose_nothing(
        self, make_call, open_live, open_page
    ):
        call = make_call(minutes_in=20)
        hana = HiringManagerFactory(name="Hana Berg")
        call.interview.opening.managers.add(hana)
        live, managers = open_live(call), open_page(hana)
        tomorrow = timezone.now() + dt.timedelta(days=1)

        def says(outcome, reason, **when):
            managers.goto(reverse("interview-outcome", args=[call.interview.pk]))
            managers.get_by_label(outcome).check()
            managers.get_by_label("Reason").fill(reason)
            for label, value in when.items():
                managers.get_by_role("textbox", name=label).fill(value)
            managers.get_by_role("button", name="Save outcome").click()

        live.card.locator("textarea").fill("Is not in the lobby.")
        live.saved()
        says(re.compile("^No-show"), "Waited 15 minutes.")
        live.sees(live.page.locator("[data-when=cancelled]"), "No-show")
        live.sees(live.page.locator("[data-when=cancelled]"), "Waited 15 minutes.")
        live.sees(live.said, "The hiring manager called the interview off: No-show. Waited 15 minutes.")
        managers.get_by_role("button", name="Undo “No-show”").click()
        live.page.get_by_role("button", name="Start the interview").click()
        live.press("Enter")
        live.card.locator("textarea").fill("Is not in the lobby.\nThe line broke.")
        live.saved()

        says(re.compile("^Rescheduled"), "The line broke.", **{"New date": f"{tomorrow:%Y-%m-%d}", "New time": "14:00"})
        live.sees(live.said, "The hiring manager rescheduled the interview")
        expect(managers.get_by_text("Rescheduled from")).to_be_visible()
        expect(live.card.locator("textarea")).to_have_value("Is not in the lobby.\nThe line broke.")
        live.page.reload()
        expect(live.card.locator("textarea")).to_have_value("Is not in the lobby.\nThe line broke.")

        live.page.get_by_role("button", name="Start the interview").click()
        live.page.locator("#start-early").get_by_role("button", name="Start now").click()
        live.saved()
        assert end_forgotten(at=tomorrow + dt.timedelta(days=1)) == 1
        live.sees(live.page.locator("section[data-when=ended]"), "The call was ended automatically.")
        managers.reload()
        expect(managers.get_by_text("automatically")).to_be_visible()
        managers.get_by_role("button", name="Reopen call").click()
        live.sees(live.page.locator("[data-reopened-by]"), "Hana Berg reopened this call.")
        assert Interview.objects.get().is_live
        assert Note.objects.get().text == "Is not in the lobby.\nThe line broke."
