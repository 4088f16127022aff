"""Off the script, with two browsers: a question that was added, one that was parked, and a nudge."""

import pytest
from playwright.sync_api import expect

from accounts.factories import InterviewerFactory
from interviews.factories import PanelistFactory
from interviews.models import Note, Rating, ScriptedQuestion, UnlistedPoint
from interviews.tests.live_page import CACHE, QUERY, SLOW, LivePage
from question_bank.factories import PointFactory, QuestionFactory

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
FREE = """() => {
    const heading = document.querySelector(".one.is-shown h2").getBoundingClientRect();
    return heading.top >= document.querySelector("[data-over-card]").getBoundingClientRect().bottom;
}"""
VARY, OWN = "What does Vary do?", "How would you test it?"


class TestOffTheScript:
    def test_questions_are_added_and_parked_in_sight_of_the_panel(self, make_call, open_page):
        call = make_call(live=True, minutes_in=1)
        PointFactory(question=QuestionFactory(prompt=VARY, guidance="Ask for an example."), text="Names a cache key")
        QuestionFactory.create_batch(3, prompt="Vary again?")
        jo_seat = PanelistFactory(interview=call.interview, user=InterviewerFactory(name="Jo Tanaka"))
        mira, jo = LivePage(open_page(call.lead.user), call), LivePage(open_page(jo_seat.user, width=560), call)
        mira.press("Enter")
        jo.sees(jo.card.locator("[data-covered-words]"), "Asked by Mira")

        # From the bank, by keys alone.
        mira.press("a")
        mira.type("vary what")
        mira.sees(mira.page.get_by_role("option"), VARY)
        mira.press("ArrowDown", "Enter")
        mira.shows(VARY)
        jo.shows(VARY)
        jo.sees(jo.said, f"Mira added a question and asks it: {VARY}")
        mira.press("1", "g")
        mira.saved()
        jo.sees(jo.card.locator("[data-who]"), "Mira")
        expect(mira.card.get_by_text("added in the call")).to_be_visible()
        # What is recorded stays.
        jo.card.locator("textarea").fill("Knows it well.")
        jo.saved()

        # One's own words; undone and done again.
        jo.page.locator("h2:visible").first.focus()
        jo.page.wait_for_timeout(1_100)
        jo.press("a")
        jo.type(OWN)
        # Who has just done something is not taken along.
        mira.page.keyboard.press("Shift")
        jo.press("Enter")
        jo.shows(OWN)
        mira.page.locator("[data-do=back]").click()
        mira.shows(OWN)
        jo.press("z")
        mira.shows(VARY)
        expect(mira.page.locator(".outline").get_by_text(OWN)).to_be_hidden()
        jo.press("Shift+z")
        jo.shows(OWN)
        jo.saved()
        own = ScriptedQuestion.objects.added_free().get()
        assert (own.prompt, own.state, own.asked_by) == (OWN, "asked", jo_seat)

        # A typed question is marked once; on a phone, who asked is in full all the same.
        mira.page.locator("[data-do=back]").click()
        mira.shows(OWN)
        expect(mira.card.locator(".chip.accent")).to_have_count(0)
        usual = mira.page.viewport_size
        mira.page.set_viewport_size({"width": 390, "height": 800})
        mira.sees(mira.card.locator("[data-covered-words]"), "Asked by Jo")
        for part in ("[data-covered-words]", ".meta"):
            assert mira.card.locator(part).evaluate("each => each.scrollWidth <= each.clientWidth"), part
        mira.page.set_viewport_size(usual)

        # A line to whoever asks, dismissed by each person on their own.
        jo.press(",")
        jo.type("ask about Accept")
        jo.press("Enter")
        line = mira.page.locator("[data-nudges]")
        mira.sees(line, "Jo: ask about Accept")
        mira.sees(mira.said, "Jo: ask about Accept")
        mira.press("h")
        expect(line.locator("[data-text]")).to_be_hidden()
        mira.press("h", "h")
        line.get_by_role("button", name="Dismiss").click()
        expect(line).to_be_hidden()
        jo.sees(jo.page.locator("[data-nudges]"), "You: ask about Accept")

        # A question that comes into sight shows its prompt below what lies over the page.
        jo.page.set_viewport_size({"width": 560, "height": 500})
        jo.page.evaluate("scrollTo(0, 9999)")
        jo.press("k")
        jo.sees(jo.page.locator("[data-looking]"), OWN)
        jo.page.wait_for_function(FREE)

        # Parked, and asked at the end.
        outline = mira.page.locator(".outline")
        outline.get_by_role("link", name=QUERY).click()
        mira.press("b")
        mira.sees(mira.toast, f"You parked for later: {QUERY}")
        jo.sees(jo.said, f"Mira parked for later: {QUERY}")
        mira.press("w")
        parked = mira.page.locator("[data-wrap=parked]")
        mira.sees(parked, QUERY)
        parked.get_by_role("button", name="Ask now").click()
        mira.shows(QUERY)
        expect(mira.page.locator("[data-parked]")).to_be_hidden()
        mira.saved()

        # Offline: noted and rated at once, and saved with the question when the server has it.
        jo.page.expected_errors += ["Failed to load resource", "WebSocket"]
        jo.page.context.set_offline(True)
        jo.page.locator("h2:visible").first.focus()
        jo.press("a")
        jo.type("What do you log?")
        jo.press("Enter")
        waiting = jo.page.locator("[data-adding]")
        jo.sees(waiting, "What do you log?")
        waiting.get_by_label("Notes on “What do you log?”").fill("Structured, with ids.")
        waiting.get_by_label("Good points of “What do you log?”").fill("Names trace ids")
        waiting.get_by_text("Went deep").click()
        waiting.get_by_text("Excellent").click()
        jo.page.context.set_offline(False)
        jo.shows("What do you log?")
        jo.saved()
        expect(waiting).to_be_hidden()
        expect(jo.card.locator("textarea")).to_have_value("Structured, with ids.")
        logged = call.question("What do you log?")
        assert Note.objects.get(question=logged).text == "Structured, with ids."
        rating = Rating.objects.get(question=logged)
        assert (rating.value, rating.flags, UnlistedPoint.objects.get().text) == (4, ["depth"], "Names trace ids")
        assert not call.question(QUERY).is_parked
        assert call.question(SLOW).state == "asked"
        assert call.question(CACHE).state == "unasked"
