"""The page in every state, at every width, light and dark: nothing overflows, hides or offends axe."""

import pytest
from playwright.sync_api import expect

from interviews.tests.live_page import CACHE, REPORT, SLOW, LivePage
from tests.steps import step

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
WIDTHS = [480, 560, 700, 1440]

# Elements that stick out of the page, and targets that are too small to hit; but for links in a sentence.
MISFITS = """() => {
    const isSeen = {visibilityProperty: true, opacityProperty: true};
    const seen = (element) => element.checkVisibility(isSeen) && !element.closest(".sr-only, .skip-link");
    const name = (element) => `${element.localName}.${element.className} ${element.textContent.trim().slice(0, 40)}`;
    const all = [...document.querySelectorAll("body *")].filter(seen);
    const wide = document.documentElement.scrollWidth > innerWidth
        ? all.filter((element) => element.getBoundingClientRect().right > innerWidth + 1) : [];
    const size = (element) => element.getBoundingClientRect();
    const isInSentence = (element) => element.matches("p a") && getComputedStyle(element).display === "inline";
    const small = all.filter((element) => element.matches("button, a, select, textarea, input, label, summary"))
        .filter((element) => !isInSentence(element))
        .filter((element) => !element.closest("label") || element.matches("label"))
        .filter((element) => size(element).width < 24 || size(element).height < 23.5);
    return {wide: wide.map(name), small: small.map(name)};
}"""


# What has the focus and is under something else.
COVERED = """() => {
    const all = [...document.querySelectorAll(".one.is-shown :is(input, button, textarea, summary, a)")];
    const seen = all.filter((element) => element.checkVisibility() && !element.matches(".sr-only"));
    return seen.filter((element) => {
        element.focus();
        const {left, top, width, height} = element.getBoundingClientRect();
        const at = document.elementFromPoint(left + width / 2, top + Math.min(height, 40) / 2);
        return !(element.contains(at) || at?.contains(element) || at?.closest("label")?.contains(element));
    }).map((element) => element.outerHTML.slice(0, 80));
}"""


def assert_fits(live):
    assert live.page.evaluate(MISFITS) == {"wide": [], "small": []}


def assert_fits_at_every_width(live):
    for width in WIDTHS:
        live.page.set_viewport_size({"width": width, "height": 1000})
        assert_fits(live)


class TestEveryWidth:
    def test_nothing_overflows_and_everything_can_be_hit(self, make_call, open_live):
        live = open_live(make_call(live=True, minutes_in=70), width=WIDTHS[0])
        assert_fits_at_every_width(live)
        live.press("Enter", "1", "f", "1", "d", "u")
        live.type("A good point that nobody had thought of, with averyveryverylongwordthatbreaksnowhereatall" * 3)
        live.press("Enter")
        assert_fits_at_every_width(live)
        live.press("x")
        assert_fits_at_every_width(live)
        live.press("4", "k")
        assert_fits_at_every_width(live)
        live.press("Control+k")
        assert_fits_at_every_width(live)

    def test_what_one_reaches_for_is_in_sight(self, make_call, open_live):
        live = open_live(make_call(live=True))
        with step("reasons to skip come into sight as a whole"):
            button = live.page.locator("[data-skip]").bounding_box()
            # The first reason is in the window, the last is not.
            live.page.set_viewport_size({"width": 1440, "height": int(button["y"]) - 90})
            live.press("x")
            for number in (1, 5):
                expect(live.page.locator(f"[data-reason='{number}']")).to_be_in_viewport(ratio=1)
            live.press("Escape")
        with step("the link to the assignment is beside a question that names it"):
            live.page.set_viewport_size({"width": 1440, "height": 1000})
            live.page.locator(".outline").get_by_text("Which tools make your test data?").click()
            link = live.card.get_by_role("link", name="Ada Okafor’s assignment")
            assert link.get_attribute("href") == "https://example.org/assignment"
            live.page.locator(".outline").get_by_text(SLOW).click()
            expect(live.card.get_by_role("link", name="assignment")).to_have_count(0)
        with step("the bar at the bottom covers nothing"):
            for width in (480, 560, 700):
                live.page.set_viewport_size({"width": width, "height": 700})
                live.page.evaluate("scrollTo(0, 0)")
                live.page.locator("[data-do=outline]").click()
                live.page.locator(".outline").get_by_text(REPORT).click()
                live.shows(REPORT)
                for part in [live.card.locator(".rate"), live.page.get_by_role("button", name="Ask this")]:
                    expect(part).to_be_in_viewport(ratio=1)
                assert live.page.evaluate(COVERED) == [], width

    def test_outline_and_rail_are_drawers_that_take_and_give_back_the_focus(self, make_call, open_live):
        live = open_live(make_call(live=True), width=560)
        # The page begins where the first key acts.
        live.focuses("h2")
        expect(live.page.locator("#outline")).to_be_hidden()
        live.page.locator("[data-do=outline]").click()
        expect(live.page.locator("#outline")).to_be_visible()
        live.press("Escape")
        expect(live.page.locator("#outline")).to_be_hidden()
        live.focuses("button do")
        live.press("l")
        live.type("Vary")
        live.press("Enter")
        live.sees(live.page.locator("#rail"), "Vary")
        live.press("Escape")
        expect(live.page.locator("#rail")).to_be_hidden()
        live.sees(live.page.locator("[data-do=rail]"), "Panel & notes · 1")
        # Opened by a key from the button, so back there; from the question, back to the question.
        live.focuses("button do")
        live.press("Enter", "Escape", "j", "x", "Escape")
        live.focuses("h2")
        live.press("l", "Escape")
        live.focuses("h2")
        live.press("h")
        live.focuses("h2")


class TestEveryState:
    def test_prepare(self, make_call, open_live, axe):
        live = open_live(make_call())
        expect(live.page.get_by_role("heading", name="Prepare")).to_be_visible()
        expect(live.card.locator("input:enabled")).to_have_count(0)
        live.press("j")
        live.shows(CACHE)
        live.press("1", "g", "x")
        live.saved()
        assert live.call.kinds() == []
        axe(live.page)
        assert_fits(live)

    def test_live_ended_and_submitted(self, make_call, open_live, axe):
        call = make_call(live=True, minutes_in=60)
        live, other = open_live(call), call.elsewhere()
        with step("gate, dialogs and drawers"):
            live.page.locator(".outline").get_by_text("Continue to Django?").click()
            axe(live.page)
            for key, name in [("?", "#help"), ("Control+k", "#go-to")]:
                live.press(key)
                expect(live.page.locator(name)).to_be_visible()
                axe(live.page, name)
                live.press("Escape")
            live.page.get_by_role("button", name="Wrap up").click()
            axe(live.page, "#wrap-up")
            live.press("Escape")
            live.page.set_viewport_size({"width": 560, "height": 800})
            for drawer in ["outline", "rail"]:
                live.page.locator(f"[data-do={drawer}]").click()
                axe(live.page, f"#{drawer}")
                live.press("Escape")
            live.page.set_viewport_size({"width": 1440, "height": 1000})
        with step("with everything on"):
            live.page.locator(".outline").get_by_text(SLOW).click()
            live.press("Enter", "1", "p", "d", "u")
            live.type("A view")
            live.press("Enter", "l")
            live.type("Vary")
            live.press("Enter")
            expect(live.page.locator("[data-clock]")).to_contain_text("10 min over")
            expect(live.page.locator("[data-pace-words]")).to_contain_text("10 min over; wrap up when you can.")
            axe(live.page)
            live.press("x")
            expect(live.page.locator("#skip-menu")).to_be_visible()
            axe(live.page, "#skip-menu")
            live.press("Escape")
            live.saved()
        with step("ended, it can still be ticked and rated"):
            other.send("end")
            expect(live.page.get_by_role("heading", name="The call has ended")).to_be_visible()
            expect(live.page.get_by_role("button", name="Skip")).to_be_hidden()
            expect(live.page.get_by_role("button", name="Wrap up")).to_be_hidden()
            before = call.kinds()
            live.press("2", "g")
            live.saved()
            assert call.kinds() == [*before, "tick", "rate"]
            axe(live.page)
            assert_fits(live)
        with step("submitted, it is for reading only"):
            other.send("scorecard", "recommendation", 3)
            other.send("scorecard", "because", "She thinks aloud.")
            assert other.send("submit", None, {"last_n": other.n}).status_code == 200
            expect(live.page.get_by_role("heading", name="Your scorecard is submitted")).to_be_visible()
            expect(live.card.locator("input:enabled, button.flag:enabled")).to_have_count(0)
            expect(live.card.locator("textarea")).not_to_be_editable()
            axe(live.page)

    def test_cancelled(self, make_call, open_page, axe):
        call = make_call(cancelled=True, cancel_reason="The candidate withdrew.")
        page = open_page(call.lead.user)
        page.expected_errors.append("409")
        live = LivePage(page, call)
        live.sees(page.locator("#main"), "The candidate withdrew.")
        expect(page.locator("textarea:visible:not([readonly]), input:visible:enabled")).to_have_count(0)
        live.press("1", "j")
        live.shows(CACHE)
        axe(page)

    def test_a_shadow_looks_and_ticks_for_themselves_but_asks_nothing(self, make_call, open_live):
        call = make_call(part="shadow", live=True)
        live = open_live(call)
        expect(live.page.get_by_role("button", name="Ask this")).to_be_hidden()
        expect(live.page.get_by_role("button", name="Skip")).to_be_hidden()
        live.press("1", "j", "x", "Enter")
        live.shows(CACHE)
        live.saved()
        assert call.kinds() == ["tick"]
        assert call.question(SLOW).state == "unasked"
