"""The whole call by keyboard, and the rules of the keys."""

import pytest
from playwright.sync_api import expect

from interviews.models import Interview, LooseEnd, Note, Rating, ScriptedQuestion, Tick, UnlistedPoint
from interviews.tests.live_page import CACHE, COST, DJANGO, QUERY, REPORT, SLOW, YOURS
from tests.steps import step

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
State = ScriptedQuestion.State
# The card of an answer as a screen reader has it: names and states. See docs/live-page-by-ear.md.
BY_EAR = """
- heading "What does caching cost you?" [level=2]
- region "Brownie points":
  - textbox "Add another good point"
- region "Notes":
  - textbox "Notes on this question, private until you submit"
- group "What else you noticed":
  - button "said “I don’t know”" [pressed]
  - button "went deep"
- paragraph: “I don’t know” can’t be rated below Mixed.
- region "How was the answer?":
  - radiogroup "How was the answer?":
    - radio "Poor" [disabled]
    - radio "Mixed"
"""


class TestWholeCall:
    def test_from_start_to_end_without_a_mouse(self, make_call, open_live):
        call = make_call()
        live = open_live(call)
        # The first Tab leads from the heading that has the focus to what there is to do.
        expect(live.page.get_by_role("heading", name="Prepare")).to_be_focused()
        live.press("Tab", "Enter")
        live.shows(SLOW)
        live.press("Enter")
        live.sees(live.card, "Asked at")
        live.press("Enter")
        live.sees(live.toast, "This question is already being asked")
        live.press("1", "f")
        live.shows(CACHE)
        live.press("1", "3", "4", "u")
        live.type("A materialised view")
        live.press("Enter", "n")
        live.type("Browser, CDN, nginx → Redis 👍")
        live.press("Escape", "g", "l")
        live.type("Vary header")
        live.press("Enter", "j")
        live.shows(COST)
        live.press("d")
        expect(live.card).to_match_aria_snapshot(BY_EAR)
        live.sees(live.page.get_by_role("status").filter(has_text="Noted"), "Noted: said “I don’t know”")
        live.press("x", "1")
        live.sees(live.card, "Skipped: out of time")
        expect(live.page.locator(".outline .mark[title=skipped]")).to_have_text("↷")
        expect(live.page.get_by_role("list", name="Marks in the script").get_by_role("listitem")).to_have_count(6)
        live.press("j")
        live.shows(QUERY)
        live.press("m", "j")
        live.shows(REPORT)
        live.press("e", "j")
        live.shows("Continue to Django?")
        live.press("t")
        live.sees(live.said, "There is no one to hand over to")
        live.press("4")
        live.sees(live.said, "Press 1 to continue")
        live.press("1")
        live.shows(DJANGO)
        live.press("Enter", "p", "j")
        live.shows(YOURS)
        expect(live.card.locator("[data-rate]")).to_have_count(0)
        live.press("w")
        wrap_up = live.page.get_by_role("dialog", name="Wrap up")
        live.focuses("h2")
        wrap_up.get_by_role("radiogroup", name=SLOW).get_by_role("radio", name="Good").focus()
        live.press("Space")
        wrap_up.get_by_role("checkbox", name="Vary header").focus()
        live.press("Space")
        wrap_up.get_by_role("button", name="End the call").focus()
        # A sentence without a field goes into the general notes, and its letters do nothing.
        live.page.wait_for_timeout(300)
        live.page.keyboard.type("the end was good", delay=20)
        expect(wrap_up.get_by_role("textbox", name="General notes")).to_have_value("the end was good")
        wrap_up.get_by_role("button", name="End the call").focus()
        live.press("Enter")
        expect(live.page.get_by_role("heading", name="The call has ended")).to_be_visible()
        live.saved()
        states = dict(ScriptedQuestion.objects.filter(interview=call.interview).values_list("prompt", "state"))
        assert states == dict.fromkeys([SLOW, CACHE, QUERY, REPORT, DJANGO, YOURS], State.ASKED) | {COST: State.SKIPPED}
        heard = Tick.objects.filter(point__isnull=False).values_list("point__text", flat=True)
        assert set(heard) == {"Brings up caching", "HTTP headers", "Redis", "Caches everything for ever"}
        assert UnlistedPoint.objects.get(question=call.question(CACHE)).text == "A materialised view"
        assert Note.objects.get(question=call.question(CACHE)).text == "Browser, CDN, nginx → Redis 👍"
        ratings = dict(Rating.objects.values_list("question__prompt", "value"))
        assert ratings == {SLOW: 3, CACHE: 3, COST: None, QUERY: 2, REPORT: 4, DJANGO: 1}
        assert Rating.objects.get(question__prompt=COST).dont_know
        assert (LooseEnd.objects.get().question, LooseEnd.objects.get().is_done) == (call.question(CACHE), True)
        assert Note.objects.get(question=None).text == "the end was good"
        call.interview.refresh_from_db()
        assert call.interview.status == Interview.Status.ENDED


class TestLooking:
    def test_looking_around_asks_nothing_and_next_leads_back(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        with step("moving keeps the focus at the question"):
            live.press("Enter", "j")
            live.shows(QUERY)
            expect(live.card.locator("h2")).to_be_focused()
        with step("looking around asks nothing, and Next leads back"):
            live.press("k")
            live.shows(SLOW)
            expect(live.page.get_by_text(f"Being asked now: {QUERY}")).to_be_visible()
            expect(live.page.get_by_role("button", name="Ask again")).to_be_visible()
            live.press("ArrowRight")
            live.shows(QUERY)
            live.page.locator(".outline").get_by_text(REPORT).click()
            live.shows(REPORT)
            live.saved()
            assert call.kinds() == ["ask", "ask"]
            assert call.question(REPORT).state == State.UNASKED
        with step("a tenth point has no key"):
            rows = live.card.locator("[data-point-row]")
            assert rows.nth(8).locator("kbd").text_content() == "9"
            assert rows.nth(9).locator("kbd").count() == 0
        with step("a tick on a question that was not asked says that it was"):
            live.press("2")
            live.sees(live.card, "Asked at")
            live.saved()
            assert call.kinds() == ["ask", "ask", "ask", "tick"]
            call.interview.refresh_from_db()
            assert call.interview.current_question == call.question(QUERY)
        with step("Go to finds by words"):
            live.press("Control+k")
            live.type("zebra")
            expect(live.page.get_by_text("No matches in this script.")).to_be_visible()
            live.press("Escape")
            live.shows(REPORT)
            live.press("Control+k")
            live.type("your TOOLS")
            expect(live.page.get_by_role("option")).to_have_count(1)
            live.press("Enter")
            live.shows(DJANGO)
            assert not live.is_writing()

    def test_not_asked_after_all(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.press("Enter")
        live.page.get_by_role("button", name="Mark as not asked").click()
        expect(live.page.get_by_role("button", name="Ask this")).to_be_visible()
        live.saved()
        assert call.question(SLOW).state == State.UNASKED
        # While nothing is asked, loading again leads back to what was in sight.
        live.page.locator(".outline").get_by_text(REPORT).click()
        live.open()
        live.shows(REPORT)
        with step("Enter asks the question on screen"):
            live.press("Enter")
            live.saved()
            assert call.question(REPORT).state == State.ASKED


class TestKeys:
    def test_c_copies_prompt_and_exhibit_as_plain_text(self, make_call, open_live):
        call = make_call(live=True)
        ScriptedQuestion.objects.filter(interview=call.interview, prompt=SLOW).update(
            prompt="A page\n\nis slow.", exhibit="  Seq Scan\n    on orders\n", exhibit_says="A plan"
        )
        live = open_live(call)
        live.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        live.press("c")
        live.sees(live.said, "Prompt copied")
        copied = live.page.evaluate("navigator.clipboard.readText()")
        assert copied == "A page\n\nis slow.\n\n  Seq Scan\n    on orders"
        note = live.card.locator("[data-note]")
        live.press("n")
        live.type("- Measured")
        live.press("Enter")
        live.type("Indexed")
        live.press("Enter")
        live.press("Enter")
        expect(note).to_have_value("- Measured\n- Indexed\n")
        live.press("Tab")
        expect(note).not_to_be_focused()
        live.page.get_by_role("button", name="Copy my notes").click()
        live.sees(live.said, "Your notes are copied as Markdown")
        copied = live.page.evaluate("navigator.clipboard.readText()")
        assert "### A page is slow.\n\n- Measured\n- Indexed\n" in copied
        live.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        live.card.get_by_role("button", name="Copy the prompt").click()
        live.sees(live.said, "Prompt copied")

    def test_act_only_when_they_are_meant(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        good, mixed = (live.card.get_by_role("radio", name=name) for name in ("Good", "Mixed"))
        with step("held or modified they do nothing"):
            live.press("Enter", "Shift+G", "Control+j", "Alt+1", "Shift+ArrowRight")
            live.page.keyboard.down("1")
            live.page.keyboard.down("1")
            live.page.keyboard.up("1")
            live.saved()
            assert call.kinds() == ["ask", "tick"]
        with step("arrows belong to the radios while they have the focus"):
            live.press("m")
            live.card.locator("[data-rate] input:checked").focus()
            live.press("ArrowRight")
            expect(good).to_be_checked()
            live.shows(SLOW)
        with step("after a click on a rating arrows move on and change no rating"):
            live.card.locator(".step", has_text="Mixed").first.click()
            live.press("ArrowRight")
            live.shows(CACHE)
            live.press("ArrowLeft")
            live.shows(SLOW)
            expect(mixed).to_be_checked()
        with step("a field swallows them and Escape leaves it"):
            live.saved()
            before = call.kinds()
            live.press("n")
            live.type("1 g d j x z p u l ?")
            live.shows(SLOW)
            live.focuses("textarea note")
            live.press("Escape")
            live.focuses("h2")
            live.saved()
            assert call.kinds() == [*before, "note"]
            assert Note.objects.get().text == "1 g d j x z p u l ?"
        with step("they can be switched off for good"):
            live.press("?")
            with live.page.expect_response("**/account/keys/"):
                live.page.get_by_role("checkbox", name="Single-key shortcuts").uncheck()
            live.page.get_by_role("button", name="Close").click()
            live.press("2", "g", "j", "Control+k")
            live.shows(SLOW)
            expect(live.page.locator("#go-to")).to_be_hidden()
            expect(live.card.locator("kbd").first).to_be_hidden()
            call.lead.user.refresh_from_db()
            assert not call.lead.user.has_keys_on
            live.open()
            live.press("2")
            expect(live.page.get_by_text("Shortcuts are off.")).to_be_visible()
            live.saved()
            assert call.kinds() == [*before, "note"]
