"""Ticking, rating, flags, undo, gate, loose ends: by mouse as well, and what the page makes of it."""

import pytest
from playwright.sync_api import expect

from interviews.models import LooseEnd, Rating, ScriptedQuestion, ScriptedSection, Tick, UnlistedPoint
from interviews.tests.live_page import CACHE, DJANGO, REPORT, SLOW, YOURS

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


class TestRating:
    def test_i_dont_know_raises_poor_to_mixed_and_keeps_poor_shut(self, make_call, open_live):
        live = open_live(make_call(live=True))
        live.press("Enter", "p", "d")
        expect(live.card.get_by_role("radio", name="Mixed")).to_be_checked()
        expect(live.card.get_by_role("radio", name="Poor")).to_be_disabled()
        expect(live.card.get_by_text("can’t be rated below Mixed")).to_be_visible()
        live.press("p")
        live.sees(live.said, "can’t be rated below Mixed")
        live.saved()
        rating = Rating.objects.get()
        assert (rating.value, rating.dont_know) == (2, True)
        live.press("d")
        expect(live.card.get_by_role("radio", name="Poor")).to_be_enabled()
        expect(live.card.get_by_role("radio", name="Mixed")).to_be_checked()

    def test_i_dont_know_leaves_no_rating_blank(self, make_call, open_live):
        live = open_live(make_call(live=True))
        live.press("Enter", "d")
        expect(live.card.get_by_role("button", name="I don’t know")).to_have_attribute("aria-pressed", "true")
        expect(live.card.locator("[data-rate] input:checked")).to_have_count(0)
        live.saved()
        assert Rating.objects.get().value is None

    def test_backspace_a_later_click_or_the_button_takes_a_rating_back(self, make_call, open_live):
        live = open_live(make_call(live=True))
        live.press("Enter", "g", "Backspace")
        expect(live.card.locator("[data-rate] input:checked")).to_have_count(0)
        live.card.locator(".step", has_text="Excellent").click()
        expect(live.card.get_by_role("radio", name="Excellent")).to_be_checked()
        live.page.wait_for_timeout(1100)
        live.card.locator(".step", has_text="Excellent").click()
        expect(live.card.locator("[data-rate] input:checked")).to_have_count(0)
        live.press("m")
        live.card.get_by_role("button", name="Clear the rating").click()
        expect(live.card.locator("[data-rate] input:checked")).to_have_count(0)
        live.saved()
        assert Rating.objects.get().value is None

    def test_anchors_are_the_question_s_own_else_the_general_scale(self, make_call, open_live):
        live = open_live(make_call(live=True))
        expect(live.card.locator(".step").nth(0)).to_contain_text("Names a cure, never asks where the time goes")
        expect(live.card.locator(".step").nth(2)).to_contain_text("Reasoned it through")


class TestPoints:
    def test_points_say_who_heard_them_when_and_how_many_were_heard(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.page.locator(".outline").get_by_text(CACHE).click()
        live.card.get_by_text("HTTP headers").click()
        live.card.get_by_label("Add another good point").fill("A view")
        live.press("Enter")
        live.sees(live.card.locator("[data-heard]"), "2 heard")
        live.sees(live.card.locator("[data-point-row]").first, "you, ")
        live.card.get_by_text("Caches everything for ever").click()
        live.sees(live.card.locator("[data-heard]"), "2 heard")
        live.saved()
        assert Tick.objects.count() == 3

    def test_an_unlisted_point_can_be_reworded_and_unticked(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.press("Enter", "u")
        live.type("A vew")
        live.press("Enter")
        live.card.get_by_role("button", name="Edit").click()
        live.page.keyboard.press("Control+a")
        live.type("A view")
        live.press("Enter")
        live.saved()
        assert UnlistedPoint.objects.get().text == "A view"
        live.card.get_by_role("checkbox", name="A view").click()
        expect(live.card.get_by_role("checkbox", name="A view")).to_have_count(0)
        live.saved()
        assert not Tick.objects.exists()

    def test_leaving_the_field_keeps_what_stands_in_it(self, make_call, open_live):
        live = open_live(make_call(live=True))
        live.press("Enter", "u")
        live.type("A view")
        live.card.locator("h2").click()
        expect(live.card.get_by_role("checkbox", name="A view")).to_be_checked()
        live.saved()
        assert UnlistedPoint.objects.get().text == "A view"

    def test_script_tags_are_text(self, make_call, open_live):
        text = "<script>document.title = 'owned'</script><img src=x onerror=alert(1)>"
        live = open_live(make_call(live=True))
        live.press("Enter", "u")
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

    def test_takes_back_that_a_tick_said_asked(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.press("Enter")
        live.page.locator(".outline").get_by_text(REPORT).click()
        live.press("1", "z")
        expect(live.page.get_by_role("button", name="Ask this")).to_be_visible()
        live.saved()
        assert call.question(REPORT).state == ScriptedQuestion.State.UNASKED

    def test_leaves_a_question_asked_that_has_something_else_on_it(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.page.locator(".outline").get_by_text(REPORT).click()
        live.press("1", "2", "z", "z")
        live.press("2", "1", "z")
        live.saved()
        assert call.question(REPORT).state == ScriptedQuestion.State.ASKED


class TestGate:
    def test_next_stops_at_an_undecided_gate_and_stopping_leads_to_the_candidate(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.page.locator(".outline").get_by_text(REPORT).click()
        live.press("Enter", "j")
        live.shows("Continue to Django?")
        live.press("j")
        live.sees(live.said, "Decide first")
        live.page.get_by_role("button", name="Stop here").click()
        live.shows(YOURS)
        live.press("Enter")
        live.saved()
        section = ScriptedSection.objects.get(interview=call.interview, gate__gt="")
        assert section.is_gate_open is False
        assert call.question(DJANGO).state == ScriptedQuestion.State.UNASKED
        live.page.locator(".outline").get_by_text("Continue to Django?").click()
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

    def test_later_leaves_it_undecided_and_goes_past_it(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.page.locator(".outline").get_by_text(REPORT).click()
        live.press("Enter", "j")
        live.page.get_by_role("button", name="Later").click()
        live.shows(YOURS)
        live.saved()
        assert "gate" not in call.kinds()


class TestLooseEnds:
    def test_kept_checked_off_found_again_and_removed(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.press("Enter", "l")
        live.type("Vary header")
        live.press("Enter", "j")
        rail = live.page.locator("#rail")
        rail.get_by_role("button", name="Go to question").click()
        live.shows(SLOW)
        rail.get_by_role("checkbox", name="Vary header").check()
        live.saved()
        assert LooseEnd.objects.get().is_done
        rail.get_by_role("button", name="Delete").click()
        expect(rail.get_by_text("Vary header")).to_have_count(0)
        live.saved()
        assert not LooseEnd.objects.exists()


class TestWrapUp:
    def test_names_what_is_open(self, make_call, open_live):
        live = open_live(make_call(live=True))
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
