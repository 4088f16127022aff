import re

import pytest
from playwright.sync_api import expect

from accounts.factories import CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.factories import CandidateFactory, InterviewFactory, OpeningFactory

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


def test_a_traveller_plans_an_interview_and_finds_the_panel(open_page):
    hana = HiringManagerFactory(name="Hana Berg")
    InterviewerFactory(name="Ömer Ak")
    InterviewerFactory(name="Mira Rahman")
    CuratorFactory(name="Luc Weber")
    opening = OpeningFactory(managers=[hana])
    InterviewFactory(candidate__opening=opening)  # its script is offered
    page = open_page(hana, timezone_id="Asia/Tokyo")
    page.goto(f"/candidates/{CandidateFactory(opening=opening).pk}/interviews/new/")
    expect(page.get_by_text("Times here are in Malta time. This device is in Tokyo time.")).to_be_visible()
    page.get_by_role("button", name="Keep Malta time").click()
    page.reload()
    expect(page.get_by_text("Times are in Malta time.")).to_be_visible()
    expect(page.get_by_role("button", name="Switch to Tokyo time")).to_be_hidden()

    find = page.get_by_label("Find someone")
    find.fill("luc")
    expect(page.get_by_text("Luc Weber: not an interviewer").first).to_be_visible()
    find.fill("omer")
    find.press("Enter")
    first = page.get_by_role("group", name="Panelist 1", exact=True).get_by_role("combobox").first
    expect(first.locator("option:checked")).to_have_text(re.compile("Ömer Ak"))
    find.fill("omer")
    expect(page.get_by_text("already on this panel")).to_be_visible()

    page.evaluate("localStorage.removeItem('zone')")
    page.goto("/")
    page.get_by_role("button", name="Switch to Tokyo time").click()
    expect(page.get_by_text("Times are now in Tokyo time.")).to_be_visible()
    hana.refresh_from_db()
    assert hana.time_zone == "Asia/Tokyo"
