"""Typing never becomes commands: whatever is clicked in between, every character is text and nothing else is done."""

import itertools
import random
import time

import pytest
from playwright.sync_api import expect

from interviews.models import LooseEnd, Note, Rating, Tick, UnlistedPoint
from interviews.tests.live_page import CACHE, GONE, ONLINE, REPORT, SLOW
from tests.steps import step
from tests.waiting import eventually, saved, stored

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
WORDS = "asked me about the next migration plan g e z 1 2 under load jump help pg skip don't — why? Émile x5"
KEY = "event => document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, cancelable: true, ...event}))"

# The rating that a key sets, its word, and how many milliseconds that took.
PRESS = """async (key) => {
    const begin = performance.now();
    document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
    const card = document.querySelector(".one.is-shown");
    const checked = card.querySelector("[data-rate] input:checked");
    const took = performance.now() - begin;
    // The flash comes with the frame that shows it.
    await new Promise(requestAnimationFrame);
    return [checked?.value, card.querySelector(".step.is-fresh b")?.textContent, took];
}"""


def note_of(live):
    return live.card.locator("textarea")


def texts(live):
    """Of what this browser stores for the next page: the texts."""
    values = (value.get("text") if isinstance(value, dict) else value for value in stored(live.page))
    return {value for value in values if isinstance(value, str)}


class TestRandomSentencesAndClicks:
    def test_every_character_is_in_the_note_and_only_what_was_clicked_is_done(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        asked = [
            (SLOW, ["Brings up caching", "Brings up queries"]),
            (CACHE, ["HTTP headers", "Redis"]),
            (REPORT, ["Report point 2", "Report point 3"]),
        ]
        for seed, (prompt, points) in enumerate(asked):
            with step(f"seed {seed}: {prompt}"):
                live.page.locator(".outline").get_by_text(prompt).click()
                live.shows(prompt)
                self.write_and_click(live, random.Random(seed), prompt, points)
        assert set(call.kinds()) <= {"ask", "note", "tick", "rate", "flag"}
        assert call.kinds().count("ask") == len(asked)

    def write_and_click(self, live, dice, prompt, points):
        live.press("Enter", "n")
        ticks, rating, flags, written = set(), None, set(), ""
        for _ in range(12):
            for word in dice.choices(WORDS.split(), k=dice.randrange(1, 4)):
                live.page.keyboard.type(f"{word} ", delay=dice.choice([0, 15, 60]))
                written += f"{word} "
            kind = dice.choice(["point", "rating", "flag", "nothing", "blank"])
            if kind == "point":
                point = dice.choice(points)
                live.card.get_by_text(point).click()
                ticks ^= {point}
            elif kind == "rating":
                word, value = dice.choice([("Mixed", 2), ("Good", 3), ("Excellent", 4)])
                # Twice the same at once is a double click: it stays set.
                if value != rating:
                    live.card.locator(".step", has_text=word).first.click(click_count=dice.choice([1, 2]))
                    rating = value
            elif kind == "flag":
                live.card.locator("[data-flag=depth]").click()
                flags ^= {"depth"}
            elif kind == "blank":
                live.page.mouse.click(*dice.choice([(720, 8), (5, 990)]))
            assert live.page.locator("dialog[open]").count() == 0
        live.typed_at = time.monotonic()
        live.shows(prompt)
        expect(note_of(live)).to_have_value(written)
        live.saved()
        question = live.call.question(prompt)
        assert question.notes.get().text == written
        assert set(Tick.objects.filter(point__question=question).values_list("point__text", flat=True)) == ticks
        assert not UnlistedPoint.objects.exists()
        rows = Rating.objects.filter(question=question)
        assert [row.value for row in rows if row.value is not None] == ([rating] if rating else [])
        assert {name for row in rows for name in row.flags} == flags


class TestClicksWhileWriting:
    def test_give_the_caret_back_where_it_was(self, make_call, open_live):
        live = open_live(make_call(live=True))
        live.press("Enter", "n")
        live.type("Begin end")
        for _ in range(4):
            live.page.keyboard.press("ArrowLeft")
        with step("after a click on a point, a rating or a flag"):
            for target in (
                live.card.get_by_text("Brings up caching"),
                live.card.locator("[data-point]").nth(1),
                live.card.locator(".step").nth(2),
                live.card.locator("[data-flag=depth]"),
            ):
                target.click()
                live.focuses("textarea note")
            live.page.keyboard.type(" middle")
            expect(note_of(live)).to_have_value("Begin middle end")
            expect(live.card.locator("[data-point]:checked")).to_have_count(2)
            expect(live.card.get_by_role("radio", name="Good")).to_be_checked()
        with step("after a short field, by Enter or Escape"):
            for key in ("Enter", "Escape"):
                for field in (live.card.locator("[data-unlisted]"), live.page.locator("[data-end-field]")):
                    field.click()
                    live.page.keyboard.type(f"By {key}")
                    live.page.keyboard.press(key)
                    live.focuses("textarea note")
            live.page.keyboard.type("!")
            expect(note_of(live)).to_have_value("Begin middle! end")
            live.saved()
            for kind in (UnlistedPoint, LooseEnd):
                assert set(kind.objects.values_list("text", flat=True)) == {"By Enter", "By Escape"}
        with step("a follow-up or another question takes the sentence into its own note"):
            note_of(live).press("End")
            live.card.get_by_role("button", name=CACHE).click()
            live.shows(CACHE)
            live.page.keyboard.type("jump ahead")
            expect(note_of(live)).to_have_value("jump ahead")
            live.page.locator(".outline").get_by_text(SLOW).click()
            live.type(" and two")
            expect(note_of(live)).to_have_value("Begin middle! end and two")
        with step("an extra point is not added by a click beside it"):
            live.press("Escape", "u")
            live.type("Half a po")
            live.card.get_by_text("Brings up caching").click()
            live.page.keyboard.type("int")
            expect(live.card.locator("[data-unlisted]")).to_have_value("Half a point")
            live.sees(live.status, "1 line not added yet")
            assert UnlistedPoint.objects.count() == 2
        with step("extra points in a row need no pause between them"):
            for key in ("Enter", "u", "A", "Enter", "u", "B"):
                live.page.keyboard.press(key)
            expect(live.card.locator("[data-unlisted]")).to_have_value("B")
            live.sees(live.card.locator("[data-unlisted-list]"), "Half a point")

    def test_what_takes_the_focus_or_a_row_away_gives_the_caret_back_too(self, make_call, open_live):
        live = open_live(make_call(live=True))
        live.press("Enter", "u")
        live.type("A CDN")
        live.press("Enter", "n")
        live.type("Begin end")
        for _ in range(4):
            live.page.keyboard.press("ArrowLeft")
        live.card.locator("[data-unlisted-list] label").click()
        expect(live.card.locator("[data-unlisted-list]")).not_to_contain_text("A CDN")
        live.focuses("textarea note")
        live.card.get_by_role("button", name="Mark as not asked").click()
        live.focuses("textarea note")
        live.page.locator("[data-skip]").click()
        live.page.locator("#skip-menu").get_by_text("out of time").click()
        live.sees(live.card, "Skipped: out of time")
        live.focuses("textarea note")
        live.page.set_viewport_size({"width": 560, "height": 700})
        live.page.locator(".pace-line [data-do=rail]").click()
        live.page.locator("#rail [data-do=close-drawer]").click()
        live.focuses("textarea note")
        live.page.get_by_role("button", name="Wrap up").click()
        live.page.keyboard.press("Escape")
        expect(live.page.locator("#wrap-up [data-own-words]")).to_have_count(0)
        live.page.keyboard.type(" middle")
        expect(note_of(live)).to_have_value("Begin middle end")
        live.card.get_by_role("button", name="Undo skip").click()
        live.sees(live.toast, "You undid the skip")
        toast, note = live.toast.bounding_box(), note_of(live).bounding_box()
        assert toast["y"] + toast["height"] <= note["y"], "it covers what is being written"


class TestFastKeys:
    def test_are_text_whatever_has_the_focus_and_what_they_did_is_taken_back(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.press("Enter")
        live.saved()
        live.card.locator(".step").nth(2).click()
        live.page.wait_for_timeout(300)
        # At once, however busy this machine is: the rest goes into the note.
        live.page.evaluate("(keys) => keys.forEach((key) => (" + KEY + ")({key}))", list("jet"))
        live.page.keyboard.type(" 1 had gone")
        live.shows(SLOW)
        expect(note_of(live)).to_have_value("jet 1 had gone")
        expect(live.card.get_by_role("radio", name="Good")).to_be_checked()
        live.saved()
        assert call.kinds() == ["ask", "rate", "note"]
        assert (Rating.objects.get().value, Tick.objects.count()) == (3, 0)

    def test_one_key_acts_at_once_on_any_layout_and_rests_after_typing(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        good = live.card.get_by_role("radio", name="Good")
        live.press("Enter")
        with step("one key is seen at once"):
            took = []
            for key, value, word in (("m", "2", "Mixed"), ("g", "3", "Good"), ("e", "4", "Excellent")):
                checked, fresh, milliseconds = live.page.evaluate(PRESS, key)
                assert (checked, fresh) == (value, word)
                took.append(milliseconds)
                if milliseconds < 100:
                    break
                # The machine may be busy while one of them is pressed.
                live.page.wait_for_timeout(300)
            assert min(took) < 100
        with step("Backspace clears, and the same key again does not"):
            live.page.wait_for_timeout(300)
            live.press("g", "g")
            expect(live.toast.get_by_text("Already rated Good. Backspace clears it")).to_be_visible()
            expect(good).to_be_checked()
            live.press("Backspace")
            expect(good).not_to_be_checked()
        with step("a layout without Latin letters gets the physical keys"):
            for key in "пעγג":
                live.page.wait_for_timeout(300)
                live.page.evaluate(KEY, {"key": key, "code": "KeyG"})
                expect(good).to_be_checked()
                live.press("Backspace")
                expect(good).not_to_be_checked()
        with step("what is no plain letter on a Latin layout does nothing"):
            live.saved()
            done = call.kinds()
            for event in (
                {"key": "é", "code": "Digit2"},
                {"key": "&", "code": "Digit1"},
                {"key": "ö", "code": "KeyG"},
                {"key": "ı", "code": "KeyE"},
                {"key": "g", "code": "KeyG", "modifierAltGraph": True},
                {"key": "g", "code": "KeyG", "ctrlKey": True, "altKey": True},
                {"key": "Process", "code": "KeyG", "keyCode": 229},
                {"key": "g", "code": "KeyG", "isComposing": True},
                {"key": "Dead", "code": "KeyG"},
                # The key after a dead key belongs to it.
                {"key": "g", "code": "KeyG"},
            ):
                live.page.wait_for_timeout(300)  # else it is a burst
                live.page.evaluate(KEY, event)
            live.saved()
            assert call.kinds() == done
        with step("a plain one does"):
            live.page.wait_for_timeout(300)
            live.page.evaluate(KEY, {"key": "g", "code": "KeyG"})
            expect(good).to_be_checked()
            live.press("Backspace")
            expect(good).not_to_be_checked()
        with step("keys rest for a second after typing and say so"):
            live.press("n")
            live.type("Measured")
            # At once, however busy this machine is.
            live.page.evaluate(
                "() => { document.execCommand('insertText', false, '.'); "
                f"for (const key of ['Escape', 'g']) ({KEY})({{key}}) }}"
            )
            expect(live.toast.get_by_text("Single-key shortcuts pause for a second after typing")).to_be_visible()
            assert live.card.locator("[data-rate] input:checked").count() == 0
            live.page.wait_for_timeout(1100)
            live.page.keyboard.press("g")
            expect(good).to_be_checked()
            expect(note_of(live)).to_have_value("Measured.")
        with step("n puts the caret at the end"):
            note_of(live).press("Home")
            note_of(live).press("Escape")
            live.page.wait_for_timeout(1100)
            live.press("n")
            live.type(" The end")
            expect(note_of(live)).to_have_value("Measured. The end")
        with step("Go to belongs to the browser in a text field"):
            live.page.keyboard.press("Control+k")
            assert live.page.locator("#go-to").is_hidden()


class TestRating:
    def test_a_double_click_is_one_and_a_later_click_clears_the_rating(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call, width=560, height=700)
        # In its place there is Next at once.
        live.page.locator("[data-ask]").dblclick()
        live.card.locator("[data-point-row]").first.dblclick()
        live.card.locator("[data-flag=depth]").dblclick()
        good = live.card.get_by_role("radio", name="Good")
        live.card.locator(".step").nth(2).dblclick()
        expect(good).to_be_checked()
        live.page.locator("[data-next]").dblclick()
        live.shows(CACHE)
        # A field that comes under the second click does not take the focus, and a word is still selected by two.
        live.focuses("h2")
        live.saved()
        assert call.kinds() == ["ask", "tick", "flag", "rate", "ask"]
        note_of(live).fill("measured")
        note_of(live).dblclick()
        assert live.page.evaluate("String(getSelection())") == "measured"
        live.page.wait_for_timeout(1100)
        live.press("Escape", "k")
        live.card.locator(".step").nth(2).click()
        expect(good).not_to_be_checked()


class TestKeysThatCannotAct:
    def test_before_the_start(self, make_call, open_live):
        live = open_live(make_call())
        for key in ("1", "g", "u", "x"):
            live.press(key)
            live.sees(live.toast, "The interview hasn’t started yet")
            expect(live.toast).to_be_visible()
            live.page.evaluate("document.querySelector('[data-toast=mine]').classList.remove('is-visible')")

    def test_on_a_point_that_is_not_there_a_tenth_or_hidden_ratings(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.press("Enter", "7")
        expect(live.toast.get_by_text("No point 7 here")).to_be_visible()
        live.page.locator(".outline").get_by_text(REPORT).click()
        live.press("0")
        expect(live.toast.get_by_text("Only the first nine points have keys")).to_be_visible()
        live.press("h", "g")
        live.sees(live.toast, "Ratings are hidden. Press h twice to show them")
        expect(live.toast).to_be_visible()
        live.saved()
        assert call.kinds() == ["ask"]

    def test_under_the_skip_menu_and_a_drawer(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call, width=560, height=700)
        live.press("Enter", "x")
        expect(live.page.locator("#skip-menu kbd").first).to_be_visible()
        live.press("j", "g")
        live.sees(live.toast, "Press 1 to 5 for the reason, or Esc to cancel")
        toast, menu = live.toast.bounding_box(), live.page.locator("#skip-menu").bounding_box()
        assert toast["y"] + toast["height"] <= menu["y"]
        live.press("Escape")
        live.page.locator(".pace-line [data-do=rail]").click()
        live.press("g", "j")
        live.sees(live.toast, "Press Esc to close this first")
        live.press("l")
        live.focuses("input endField")
        toast, field = live.toast.bounding_box(), live.page.locator("[data-end-field]").bounding_box()
        assert toast["y"] + toast["height"] <= field["y"]
        live.press("Escape")
        # Where the bar is narrow, redo is there once there is something to redo.
        redo = live.page.locator(".pace-line [data-do=redo]")
        expect(redo).to_be_hidden()
        live.press("2", "z")
        redo.click()
        expect(live.card.locator("[data-point]:checked")).to_have_count(1)
        live.saved()
        assert call.kinds() == ["ask", "tick", "tick", "tick"]
        # Under any dialog, outside of its fields, no key reaches the page.
        dialogs = live.page.locator("dialog[id]").all()
        assert len(dialogs) > 9
        for dialog, key in zip(dialogs, itertools.cycle("gj1z"), strict=False):
            dialog.evaluate("(dialog) => { dialog.showModal(); document.activeElement.blur(); }")
            live.press(key)
            dialog.evaluate("(dialog) => dialog.close()")
        live.saved()
        assert call.kinds() == ["ask", "tick", "tick", "tick"]
        # A sentence that begins over a drawer closes it and goes into the note; the bar keeps its room for Wrap up.
        live.page.locator(".pace-line [data-do=rail]").click()
        live.type("they said that")
        live.focuses("textarea note")
        expect(note_of(live)).to_have_value("they said that")
        live.press("Escape", "u")
        live.type("A CDN")
        live.sees(live.status, "1 line not added yet")
        assert live.page.evaluate("document.documentElement.scrollWidth") == 560
        # However low the window is, a gate's choices are in sight.
        live.page.set_viewport_size({"width": 320, "height": 256})
        live.page.evaluate("document.querySelector('[data-look^=g]').click(); scrollTo(0, 0)")
        for choice in live.card.locator(".gate-choice button").all():
            expect(choice).to_be_in_viewport(ratio=1)


@pytest.mark.usefixtures("over_http")
class TestEveryFieldOutlivesThePage:
    def test_lines_that_were_not_added_and_notes_are_back_after_a_kill(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        live.press("Enter")
        live.saved()
        live.page.route("**/commands/", lambda route: route.abort())
        live.page.locator("[data-note=interview]").press_sequentially("On all of it", delay=10)
        live.card.locator("[data-unlisted]").press_sequentially("Half a point", delay=10)
        live.page.evaluate("document.querySelector('.one.is-shown [data-unlisted]').focus()")
        end = live.page.locator("[data-end-field]")
        end.evaluate("field => { field.value = 'Half an end'; field.dispatchEvent(new Event('input')) }")
        eventually(live.page, lambda: {"Half a point", "Half an end", "On all of it"} <= texts(live), True)
        context = live.page.context
        live.page.close(run_before_unload=False)
        live.page = context.new_page()
        live.page.expected_errors = [GONE]
        live.__init__(live.page, call)
        expect(live.card.locator("[data-unlisted]")).to_have_value("Half a point")
        expect(live.page.locator("[data-end-field]")).to_have_value("Half an end")
        expect(live.page.locator("[data-note=interview]")).to_have_value("On all of it")
        live.sees(live.status, "2 lines not added yet")

    def test_a_text_that_is_too_long_is_kept_and_what_comes_after_it_is_saved(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        live.press("Enter")
        note_of(live).fill("x" * 100_001)
        live.sees(live.status, "Too long to save")
        note_of(live).press("End")
        live.page.keyboard.type("And a sentence after it.")
        live.page.locator("[data-note=interview]").fill("On all of it")
        live.card.get_by_text("Brings up caching").click()
        live.page.evaluate(ONLINE)
        live.saved()
        eventually(live.page, lambda: texts(live), {"x" * 100_001 + "And a sentence after it."})
        assert Tick.objects.count() == 1
        assert Note.objects.get().text == "On all of it"
        context = live.page.context
        live.page.close(run_before_unload=False)
        live.page = context.new_page()
        live.page.expected_errors = [GONE]
        live.page.goto(f"/interviews/{call.interview.pk}/live/")
        shown = live.page.locator(".one.is-shown textarea")
        expect(shown).to_have_value("x" * 100_001 + "And a sentence after it.")
        expect(live.page.locator("[data-status]")).to_contain_text("Too long to save")
        shown.fill("Shorter.")
        expect(live.page.locator("[data-status]")).to_contain_text("Saved")
        saved(live.page)
        assert set(Note.objects.values_list("text", flat=True)) == {"Shorter.", "On all of it"}
