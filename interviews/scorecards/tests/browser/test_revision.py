"""Revising a submitted scorecard in a browser."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from interviews.factories import ScriptedPointFactory
from interviews.models import Note, Panelist, ScorecardVersion
from interviews.tests.commanding import sender
from interviews.tests.submitting import ended_interview, questions, seat
from tests.test_drafts import draft_is_kept

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

SLOW = "How would you speed up a slow page?"


@pytest.fixture
def mira() -> Panelist:
    """The lead, who has submitted; a tick and a longer note came after it."""
    interview = ended_interview()
    [slow] = questions(interview, 1, prompt=SLOW)
    questions(interview, 2, asked=False)
    mira = seat(interview, "Mira Rahman", "lead")
    browser = sender(mira)
    browser.send("rate", slow.pk, 2)
    browser.send("note", slow.pk, "Log first.", base_rev=0)
    browser.send("scorecard", "because", "Calm.")
    browser.send("submit")
    browser.send("tick", ScriptedPointFactory(question=slow, text="measures first").pk)
    browser.send("note", slow.pk, "Log first.\nThen the index.", base_rev=1)
    return mira


class TestRevision:
    def test_from_the_notice_to_a_second_version(self, open_page, mira, axe):
        page = open_page(mira.user)
        page.goto(reverse("scorecard-read", args=[mira.interview_id, mira.pk]))
        page.get_by_role("link", name="review them").click()
        axe(page)
        page.get_by_label("Ticked: measures first").uncheck()
        page.get_by_label(f"Rating: {SLOW}").select_option("Good")
        page.get_by_role("button", name="Submit revision").click()
        expect(page.get_by_text("Enter a reason for the revision.")).to_be_visible()
        expect(page.get_by_label("Ticked: measures first")).not_to_be_checked()
        expect(page.get_by_label(f"Rating: {SLOW}")).to_have_value("3")
        axe(page)
        page.get_by_label("Reason for the revision").fill("I had the wrong answer in mind.")
        page.expected_errors.append("422")
        page.get_by_role("button", name="Submit revision").click()
        page.wait_for_url("**/scorecards/*/")
        expect(page.get_by_role("heading", name="Versions")).to_be_visible()
        expect(page.get_by_text("I had the wrong answer in mind.").first).to_be_visible()
        axe(page)
        assert ScorecardVersion.objects.count() == 2
        assert Note.objects.get().text == "Log first.\nThen the index."

    def test_what_is_typed_is_there_again_after_a_killed_page_and_goes_once_it_is_kept(self, open_page, mira):
        address = reverse("scorecard-revise", args=[mira.interview_id])
        page = open_page(mira.user)
        page.goto(address)
        page.get_by_label("Reason for the revision").fill("I had the wrong answer in mind.")
        page.get_by_label("Ticked: measures first").uncheck()
        page.get_by_label(f"Rating: {SLOW}").select_option("Good")
        draft_is_kept(page)
        context = page.context
        page.close(run_before_unload=False)
        page = context.new_page()
        page.goto(address)
        expect(page.locator("[data-draft-line]")).to_contain_text(
            re.compile("Restored your unsaved changes .*Reason for the revision.* Discard")
        )
        expect(page.get_by_label("Reason for the revision")).to_have_value("I had the wrong answer in mind.")
        expect(page.get_by_label("Ticked: measures first")).not_to_be_checked()
        expect(page.get_by_label(f"Rating: {SLOW}")).to_have_value("3")
        page.get_by_role("button", name="Submit revision").click()
        page.wait_for_url("**/scorecards/*/")
        assert ScorecardVersion.objects.count() == 2
        page.goto(address)
        expect(page.locator("[data-draft-line]")).to_have_count(0)
