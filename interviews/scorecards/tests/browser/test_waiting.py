"""The scorecard page when something does not arrive, is not taken, or was left by a page that is gone."""

import re

import pytest
from playwright.sync_api import expect

from interviews.models import Note, Receipt, Scorecard, ScorecardVersion
from interviews.scorecards.tests.browser.test_scorecard import SLOW, Form, form, mira  # noqa: F401  fixtures
from interviews.tests.commanding import sender
from interviews.tests.live_page import GONE, ONLINE
from tests.waiting import PATIENCE, eventually, stored

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
HALF = "field => { field.value = 'half \\ud83d'; field.dispatchEvent(new Event('input')) }"
BOTH = "Here.\n\n— also written, on another page —\nThere."


@pytest.fixture
def stuck(form):  # noqa: F811
    """The form, cut off from the server; what it tried to send is in `tried`."""
    form.page.expected_errors.append(GONE)
    form.tried = []

    def refuse(route):
        form.tried.append(route.request.post_data)
        route.abort()

    form.page.route("**/commands/", refuse)
    return form


def write(form, text):  # noqa: F811
    """Write a reason, and wait until it was sent in vain. From then on its command is fixed."""
    form.page.get_by_label("Why?").fill(text)
    eventually(form.page, lambda: any(text in body for body in form.tried), True)


def reopened(form, *, waiting):  # noqa: F811
    """Another page of the same person, after this one was killed with so many changes."""
    context = form.page.context
    eventually(form.page, lambda: len(stored(form.page)), waiting)
    form.page.close(run_before_unload=False)
    page = context.new_page()
    page.expected_errors = [GONE]
    return Form(page, form.panelist)


def settled(form):  # noqa: F811
    form.saved()
    eventually(form.page, lambda: stored(form.page), [])


class TestSubmittingAfterAll:
    def test_while_a_change_is_missing_it_says_so_and_submits_by_itself_once_that_is_in(self, form):  # noqa: F811
        form.page.expected_errors.append(GONE)
        lost = []

        def pretend(route):
            body = route.request.post_data_json
            if lost:
                return route.continue_()
            lost.append(body)
            return route.fulfill(json={"receipt": body["id"], "at": "2026-11-20T17:00:00+00:00", "result": {}})

        form.page.route("**/commands/", pretend)
        form.page.get_by_label("Why?").fill("She thinks aloud.")
        form.saved()
        form.recommend()
        form.button.click()
        form.review.get_by_role("button", name="Submit now").click()
        expect(form.page.get_by_text("One change made on this page has not arrived yet.")).to_be_visible()
        expect(form.button).to_have_text("Submitting once everything is saved…")
        expect(form.page.get_by_text("If this keeps happening, reload the page")).to_be_visible()
        assert not ScorecardVersion.objects.exists()
        assert sender(form.panelist).post(lost[0]).status_code == 200
        # Its next try comes after a pause, which was longer each time.
        form.page.wait_for_url("**/scorecards/*/", timeout=2 * PATIENCE)
        assert '"because":"She thinks aloud."' in ScorecardVersion.objects.get().snapshot

    def test_what_was_refused_for_good_does_not_hold_it(self, form):  # noqa: F811
        form.page.expected_errors.append(GONE)
        form.answer(SLOW).get_by_role("textbox").evaluate(HALF)
        expect(form.page.locator("[data-tray]")).to_contain_text("half a character")
        form.page.on("dialog", lambda dialog: dialog.accept())
        form.submit()
        assert ScorecardVersion.objects.count() == 1


class TestTray:
    def test_what_was_refused_stands_there_to_copy_until_it_is_put_away(self, form, axe):  # noqa: F811
        form.page.expected_errors.append(GONE)
        form.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        tray = form.page.locator("[data-tray]")
        form.page.get_by_label("Why?").evaluate("field => { field.value = 'zero \\0' ; field.blur() }")
        form.page.get_by_label("Why?").dispatch_event("input")
        expect(tray).to_contain_text("Why: The text contains a NUL character")
        form.answer(SLOW).get_by_role("textbox").evaluate(HALF)
        expect(tray).to_contain_text(f"Note on “{SLOW}”: The text contains half a character")
        axe(form.page)
        tray.get_by_role("button", name="Copy").first.click()
        expect(tray.get_by_role("button", name="Copied")).to_be_visible()
        assert form.page.evaluate("navigator.clipboard.readText()").startswith("zero")
        form.page.on("dialog", lambda dialog: dialog.accept())
        form.page.reload()
        expect(tray.get_by_role("listitem")).to_have_count(2)
        tray.get_by_role("button", name="Dismiss").first.click()
        expect(tray.get_by_role("listitem")).to_have_count(1)
        tray.get_by_role("button", name="Dismiss").click()
        expect(tray).to_be_hidden()
        assert stored(form.page) == []

    def test_changed_so_that_it_is_taken_it_goes_from_there(self, form):  # noqa: F811
        form.page.expected_errors.append(GONE)
        field = form.answer(SLOW).get_by_role("textbox")
        field.evaluate(HALF)
        expect(form.page.locator("[data-tray]")).to_contain_text("half a character")
        field.fill("whole")
        settled(form)
        expect(form.page.locator("[data-tray]")).to_be_hidden()
        expect(form.answer(SLOW).get_by_text("half a character")).to_be_hidden()
        assert Note.objects.get().text == "whole"


class TestAPageThatIsGone:
    def test_its_changes_arrive_in_the_fields_of_the_next_and_once(self, stuck):
        write(stuck, "She thinks")
        stuck.page.get_by_label("Why?").fill("She thinks aloud.")
        stuck.page.get_by_text("Strong yes").click()
        stuck.answer(SLOW).get_by_role("textbox").fill("Measured first.")
        stuck.open_rating(SLOW).get_by_text("Good").click()
        form = reopened(stuck, waiting=5)  # noqa: F811
        expect(form.page.get_by_label("Why?")).to_have_value("She thinks aloud.")
        expect(form.answer(SLOW).get_by_role("textbox")).to_have_value("Measured first.")
        expect(form.page.get_by_role("radio", name="Strong yes")).to_be_checked()
        expect(form.answer(SLOW).get_by_role("button", name=re.compile("^Good"))).to_be_visible()
        settled(form)
        form.submit()
        assert (Scorecard.objects.get().because, Note.objects.get().text) == ("She thinks aloud.", "Measured first.")
        assert Receipt.objects.count() == 6

    @pytest.mark.parametrize("is_saved", [True, False], ids=["saved", "waiting"])
    def test_a_text_that_was_written_here_meanwhile_keeps_both(self, stuck, is_saved):
        page = stuck.page.context.new_page()
        page.expected_errors = [GONE]
        form = Form(page, stuck.panelist)  # noqa: F811
        field = form.page.get_by_label("Why?")
        if not is_saved:
            page.route("**/commands/", lambda route: route.abort())
        field.fill("Here.")
        if is_saved:
            form.saved()
        write(stuck, "There.")
        stuck.page.close(run_before_unload=False)
        expect(field).to_have_value(BOTH)
        page.unroute("**/commands/")
        page.evaluate(ONLINE)
        settled(form)
        assert Scorecard.objects.get().because == BOTH

    def test_what_was_saved_on_another_device_meanwhile_is_kept_too(self, stuck):
        write(stuck, "There.")
        sender(stuck.panelist, "phone").send("scorecard", "because", "Here.")
        form = reopened(stuck, waiting=1)  # noqa: F811
        expect(form.page.get_by_label("Why?")).to_have_value(re.compile("Here[^$]*There"))
        settled(form)
        assert Scorecard.objects.get().because == BOTH
