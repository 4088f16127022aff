"""Ticking, rating, flags, undo, gate, loose ends: by mouse as well, and what the page makes of it."""

import pytest
from playwright.sync_api import expect

from interviews.models import LooseEnd, Rating, ScriptedQuestion, ScriptedSection, Tick, UnlistedPoint
from interviews.tests.live_page import CACHE, DJANGO, REPORT, SLOW, YOURS
from tests.steps import step

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


class TestRating:
    def test_is_set_raised_and_taken_back(self, make_call, open_live):
        live = open_live(make_call(live=True))
        dont_know = live.card.get_by_role("button", name="I don’t know")
        checked = live.card.locator("[data-rate] input:checked")
        poor, mixed = (live.card.get_by_role("radio", name=name) for name in ("Poor", "Mixed"))
        with step("anchors are the question's own, else the general scale"):
            expect(live.card.locator(".step").nth(0)).to_contain_text("Names a cure, never asks where the time goes")
            expect(live.card.locator(".step").nth(2)).to_contain_text("Reasoned it through")
        with step("“I don’t know” leaves no rating blank"):
            live.press("Enter", "d")
            expect(dont_know).to_have_attribute("aria-pressed", "true")
            expect(checked).to_have_count(0)
            live.saved()
            assert (Rating.objects.get().value, Rating.objects.get().dont_know) == (None, True)
            live.press("d")
            expect(dont_know).to_have_attribute("aria-pressed", "false")
        with step("it raises Poor to Mixed and disables Poor"):
            live.press("p", "d")
            expect(mixed).to_be_checked()
            expect(poor).to_be_disabled()
            expect(live.card.get_by_text("can’t be rated below Mixed")).to_be_visible()
            live.press("p")
            live.sees(live.said, "can’t be rated below Mixed")
            live.saved()
            assert (Rating.objects.get().value, Rating.objects.get().dont_know) == (2, True)
            live.press("d")
            expect(poor).to_be_enabled()
            expect(mixed).to_be_checked()
        with step("Backspace, a later click and the button take a rating back"):
            live.press("g", "Backspace")
            expect(checked).to_have_count(0)
            live.card.locator(".step", has_text="Excellent").click()
            expect(live.card.get_by_role("radio", name="Excellent")).to_be_checked()
            live.page.wait_for_timeout(1100)
            live.card.locator(".step", has_text="Excellent").click()
            expect(checked).to_have_count(0)
            live.press("m")
            live.card.get_by_role("button", name="Clear the rating").click()
            expect(checked).to_have_count(0)
            live.saved()
            assert Rating.objects.get().value is None


class TestPoints:
    def test_are_ticked_added_reworded_and_counted(self, make_call, open_live):
        live = open_live(make_call(live=True))
        with step("they say who heard them when, and how many were heard"):
            live.page.locator(".outline").get_by_text(CACHE).click()
            live.card.get_by_text("HTTP headers").click()
            live.card.get_by_label("Add another good point").fill("A vew")
            live.press("Enter")
            live.sees(live.card.locator("[data-heard]"), "2 heard")
            live.sees(live.card.locator("[data-point-row]").first, "you, ")
            live.card.get_by_text("Caches everything for ever").click()
            live.sees(live.card.locator("[data-heard]"), "2 heard")
            live.saved()
            assert Tick.objects.count() == 3
        with step("an extra point can be reworded and unticked"):
            live.card.get_by_role("button", name="Edit").click()
            live.page.keyboard.press("Control+a")
            live.type("A view")
            live.press("Enter")
            live.saved()
            assert UnlistedPoint.objects.get().text == "A view"
            live.card.get_by_role("checkbox", name="A view").click()
            expect(live.card.get_by_role("checkbox", name="A view")).to_have_count(0)
            live.saved()
            assert Tick.objects.count() == 2
        with step("leaving the field adds it"):
            live.press("u")
            live.type("A CDN")
            live.card.locator("h2").click()
            expect(live.card.get_by_role("checkbox", name="A CDN")).to_be_checked()
            live.saved()
            assert UnlistedPoint.objects.filter(text="A CDN").exists()
        with step("script tags are text"):
            text = "<script>document.title = 'owned'</script><img src=x onerror=alert(1)>"
            live.press("u")
            live.page.keyboard.insert_text(text)
            live.press("Enter")
            live.saved()
            live.open()
            expect(live.card.get_by_role("checkbox", name=text)).to_be_checked()
            assert live.page.title() == "Live · Interview Script"


class TestUndo:
    def test_takes_back_one_act_after_the_other_to_the_page_s_load(self, make_call, open_live):
        call = make_call(live=True)
        call.elsewhere().send("rate", call.question(SLOW).pk, 1)
        live = open_live(call)
        live.press("Enter", "1", "d", "e", "u")
        live.type("A view")
        live.press("Enter", "x", "2")
        undone = [
            ("skipping, already answered", lambda: live.sees(live.card, "Asked at")),
            ("the point “A view”", lambda: expect(live.card.locator(".is-unlisted")).to_have_count(0)),
            ("rating Excellent", lambda: expect(live.card.get_by_role("radio", name="Mixed")).to_be_checked()),
            ("said “I don’t know”", lambda: expect(live.card.get_by_role("radio", name="Poor")).to_be_checked()),
            (
                "tick “Brings up caching”",
                lambda: expect(live.card.get_by_role("checkbox", name="caching")).not_to_be_checked(),
            ),
        ]
        for words, is_undone in undone:
            live.press("z")
            live.sees(live.said, words)
            is_undone()
        # What the other device recorded keeps the question asked.
        live.press("z")
        live.sees(live.said, "something is recorded there")
        live.press("z")
        live.sees(live.said, "Nothing to undo")
        live.saved()
        call.interview.refresh_from_db()
        assert call.interview.current_question == call.question(SLOW)
        rating = Rating.objects.get()
        assert (rating.value, rating.flags) == (1, [])
        assert not Tick.objects.exists()

    def test_takes_back_that_a_tick_said_asked_unless_something_else_is_on_it(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        with step("a tick said that it was asked"):
            live.press("Enter")
            live.page.locator(".outline").get_by_text(REPORT).click()
            live.press("1", "z")
            expect(live.page.get_by_role("button", name="Ask this")).to_be_visible()
            live.saved()
            assert call.question(REPORT).state == ScriptedQuestion.State.UNASKED
        with step("something else is on it"):
            live.press("1", "2", "z", "z")
            live.press("2", "1", "z")
            live.saved()
            assert call.question(REPORT).state == ScriptedQuestion.State.ASKED


class TestGate:
    def test_next_stops_until_it_is_decided_put_off_or_undone(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        section = ScriptedSection.objects.get(interview=call.interview, gate__gt="")
        gate = live.page.locator(".outline").get_by_text("Continue to Django?")
        with step("Next stops at it"):
            live.page.locator(".outline").get_by_text(REPORT).click()
            live.press("Enter", "j")
            live.shows("Continue to Django?")
            live.press("j")
            live.sees(live.said, "Decide first")
        with step("Later leaves it undecided and goes past it"):
            live.page.get_by_role("button", name="Later").click()
            live.shows(YOURS)
            live.saved()
            assert "gate" not in call.kinds()
        with step("stopping leads to the candidate"):
            gate.click()
            live.page.get_by_role("button", name="Stop here").click()
            live.shows(YOURS)
            live.press("Enter")
            live.saved()
            section.refresh_from_db()
            assert section.is_gate_open is False
            assert call.question(DJANGO).state == ScriptedQuestion.State.UNASKED
        with step("the decision can be undone"):
            gate.click()
            live.page.get_by_role("button", name="Undo decision").click()
            live.saved()
            section.refresh_from_db()
            assert section.is_gate_open is None

    def test_going_on_asks_what_comes_next(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.page.locator(".outline").get_by_text(REPORT).click()
        live.press("Enter", "j")
        live.page.get_by_role("button", name="Continue").click()
        live.shows(DJANGO)
        live.sees(live.said, "You decided to continue: Continue to Django?")
        live.press("j")
        live.shows(YOURS)
        live.saved()
        assert call.question(DJANGO).state == ScriptedQuestion.State.ASKED
        assert call.question(YOURS).state == ScriptedQuestion.State.ASKED


class TestEnd:
    def test_loose_ends_are_found_again_and_wrap_up_names_what_is_open(self, make_call, open_live):
        live = open_live(make_call(live=True))
        rail = live.page.locator("#rail")
        with step("wrap-up names what is open"):
            live.press("Enter", "l")
            live.type("Vary header")
            live.press("Enter")
            live.page.get_by_role("button", name="Wrap up").click()
            dialog = live.page.get_by_role("dialog", name="Wrap up")
            for part, words in [
                ("The candidate’s questions", YOURS),
                ("Must-ask questions that were not asked", REPORT),
                ("Follow up later", "Vary header"),
                ("Answers without a rating", SLOW),
            ]:
                live.sees(dialog.locator("section", has=live.page.get_by_role("heading", name=part)), words)
            assert DJANGO not in dialog.inner_text()
            dialog.get_by_text(REPORT).click()
            live.shows(REPORT)
        with step("a loose end leads to its question, is ticked off and deleted"):
            rail.get_by_role("button", name="Go to question").click()
            live.shows(SLOW)
            rail.get_by_role("checkbox", name="Vary header").check()
            live.saved()
            assert LooseEnd.objects.get().is_done
            rail.get_by_role("button", name="Delete").click()
            expect(rail.get_by_text("Vary header")).to_have_count(0)
            live.saved()
            assert not LooseEnd.objects.exists()
