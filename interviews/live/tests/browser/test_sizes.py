"""What an interviewer needs is in sight: every question of two built-in scripts, at every size of window."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.factories import InterviewerFactory
from interviews.factories import CandidateFactory, InterviewFactory
from interviews.models import Interview, Panelist, ScriptedQuestion
from interviews.tests.commanding import sender
from question_bank.factories import PointFactory, QuestionFactory, ScriptFactory, ScriptItemFactory, SectionFactory
from question_bank.models import Script
from question_bank.seeds.files import read_bank
from question_bank.seeds.loading import seed_bank
from tests.looking import USUAL, run_axe
from tests.steps import step
from tests.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

SIZES = [(1440, 900), (1180, 820), (1024, 768), (700, 900), (560, 700), (480, 800), (390, 800)]
# A window of 1440×900 at 200 %, and one of 1280×1024 at 400 %.
HALVED, ZOOMED = (720, 450), (320, 256)
SCRIPTS = ["backend-then-django", "senior-backend"]

# Of every question, moved through by its link and perhaps asked: what is not in sight at the top of the page, and what
# sticks out.
LOOK = """async (isAsked) => {
    const box = (element) => element.getBoundingClientRect();
    const top = () => box(document.querySelector("[data-top]")).bottom;
    const isSeen = (element) => {
        const {left, right, width, height, top: above} = box(element);
        if (above < 0 || left < 0 || right > innerWidth + 1 || above + height > innerHeight + 1) return false;
        return element.contains(document.elementFromPoint(left + width / 2, above + height / 2));
    };
    const isBegun = (element) => {
        const {left, width, top: above} = box(element);
        const at = document.elementFromPoint(left + width / 2, above + 16);
        return above > 0 && above + 24 < innerHeight && element.contains(at);
    };
    const found = [];
    for (const link of document.querySelectorAll(".outline [data-look]")) {
        link.click();
        const ask = document.querySelector("[data-ask]");
        if (isAsked && ask.checkVisibility()) ask.click();
        await new Promise(requestAnimationFrame);
        scrollTo(0, 0);
        const card = document.querySelector(".one.is-shown");
        const name = card.querySelector("h2").textContent.slice(0, 60);
        const steps = [...card.querySelectorAll(".step")];
        if (!steps.every(isSeen)) found.push(`rating: ${name}`);
        const moves = [...document.querySelectorAll("[data-next], [data-ask]")].filter((one) => one.checkVisibility());
        if (card.dataset.question && !(moves.length && moves.every(isSeen))) found.push(`next: ${name}`);
        const note = card.querySelector("[data-note]");
        if (note && !isBegun(note)) found.push(`note: ${name}`);
        if (document.documentElement.scrollWidth > innerWidth) found.push(`too wide: ${name}`);
    }
    return found;
}"""
# How much of the window is left between the bars that stick or lie at the top of the page.
CONTENT = """() => {
    const top = Math.max(0, document.querySelector("[data-top]").getBoundingClientRect().bottom);
    return (document.querySelector(".one.is-shown .rating").getBoundingClientRect().top - top) / innerHeight;
}"""


@pytest.fixture
def usual() -> Interview:
    """One question of four points, one with an exhibit of forty lines, and one with three long paragraphs."""
    script = ScriptFactory()
    section = SectionFactory(script=script, minutes=30)
    four = QuestionFactory(
        prompt="Users wait for a report that takes minutes to build. How would you design that in a web application?",
        guidance="Let the ideas come.",
        purpose="Whether they take slow work out of the request.",
    )
    texts = ["Says what happens after the request", "Sends the user a link to the result"]
    for position, text in enumerate([*texts, "Retries are safe to run twice", "Tells the user how far it is"], start=1):
        PointFactory(question=four, text=text, position=position)
    lines = "\n".join(
        f"{number:>4}  Seq Scan on orders  (cost=0.00..{number}.00 rows=1 width=8)" for number in range(40)
    )
    plan = QuestionFactory(
        prompt="What do you read in this plan?", exhibit=f"{lines}\n{'x' * 400}", exhibit_says="A query plan"
    )
    long = QuestionFactory(
        prompt="\n\n".join("A story of a service that was slow and then fell over. " * 4 for _ in range(3))
    )
    for position, question in enumerate([four, plan, long], start=1):
        ScriptItemFactory(section=section, question=question, position=position)
    return begun(script)


def begun(script: Script) -> Interview:
    """A live interview of two on that script, at its first question."""
    panel = [
        (InterviewerFactory(name="Mira Rossi"), Panelist.Part.LEAD),
        (InterviewerFactory(name="Jo Tanaka"), "interviewer"),
    ]
    interview = InterviewFactory(candidate=CandidateFactory(name="Ada Okafor"), script=script, panel=panel, live=True)
    first = ScriptedQuestion.objects.filter(interview=interview).in_order()[0]
    Interview.objects.filter(pk=interview.pk).update(
        current_question=first, current_since=interview.started_at, welcome_seconds=0
    )
    ScriptedQuestion.objects.filter(pk=first.pk).update(state="asked", asked_at=interview.started_at)
    return interview


def opened(open_page: Any, interview: Interview, width: int, height: int, **options: Any) -> Any:
    page = open_page(interview.panelists.get(part=Panelist.Part.LEAD).user, width=width, height=height, **options)
    page.goto(f"/interviews/{interview.pk}/live/")
    page.locator("[data-status][data-waiting]").wait_for()
    page.locator("[data-stopwatch]:not(:empty)").wait_for(state="attached")
    return page


class TestEveryQuestion:
    def test_rating_next_and_note_are_in_sight_at_seven_sizes(self, transactional_db, open_page):
        seed_bank(read_bank())
        missing = {}
        for key in SCRIPTS:
            interview = begun(Script.objects.get(key=key))
            page = opened(open_page, interview, *SIZES[0])
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                missing[f"{key} {width}×{height}"] = page.evaluate(LOOK, False)
        assert {size: found for size, found in missing.items() if found} == {}, json.dumps(missing, indent=1)


class TestUsualQuestion:
    def test_fits_every_window_and_has_nothing_that_axe_finds(self, usual, open_page, axe):
        page = opened(open_page, usual, 1440, 900)
        card, guidance = page.locator(".one.is-shown"), page.locator(".one.is-shown .guide")
        look = "(number) => document.querySelectorAll('.outline [data-look]')[number].click()"
        with step("axe finds nothing, in the dark and in narrow windows neither"):
            axe(page)
            for width, height in ((560, 700), ZOOMED):
                page.set_viewport_size({"width": width, "height": height})
                expect(card.locator("h2")).to_be_visible()
                assert run_axe(page, "light", USUAL) == []
        with step("points and notes are two columns where there is room"):
            page.set_viewport_size({"width": 1440, "height": 900})
            point, note = card.locator(".point").first.bounding_box(), card.locator("textarea").bounding_box()
            assert point["x"] + point["width"] < note["x"]
            assert abs(point["y"] - note["y"]) < 8
        with step("prompt, points, note and rating are on screen together beside the video"):
            page.set_viewport_size({"width": 560, "height": 700})
            hidden = page.evaluate("""() => {
                const top = document.querySelector("[data-top]").getBoundingClientRect().bottom;
                const parts = document.querySelectorAll(".one.is-shown :is(h2, .point, textarea, .step)");
                return [...parts].filter((part) => {
                    const {left, width, top: above, bottom} = part.getBoundingClientRect();
                    const at = document.elementFromPoint(left + width / 2, (above + bottom) / 2);
                    return above < top || bottom > innerHeight || !part.contains(at);
                }).map((part) => part.textContent.trim());
            }""")
            assert hidden == []
        with step("exhibits and paragraphs keep their lines and the width of the page"):
            for width, height in [*SIZES, HALVED, ZOOMED]:
                page.set_viewport_size({"width": width, "height": height})
                assert [line for line in page.evaluate(LOOK, False) if not line.startswith("note")] == []
            pre = page.locator(".exhibit pre")
            page.evaluate(look, 1)
            sizes = "(pre) => [pre.scrollHeight > pre.clientHeight, pre.scrollWidth > pre.clientWidth]"
            assert pre.evaluate(sizes) == [True, True]
            assert len(pre.inner_text().strip("\n").splitlines()) == 41
            page.evaluate(look, 2)
            assert card.locator("h2").inner_text().count("\n\n") == 2
        with step("at 400 % at least half of the height is content"):
            page.evaluate(look, 0)
            page.evaluate("scrollTo(0, 0)")
            assert page.evaluate(CONTENT) >= 0.5
            # Where the mark has no room, the set rating is underlined.
            card.locator(".step").nth(2).click()
            lines = "(words) => words.map((one) => getComputedStyle(one).textDecorationLine)"
            words = card.locator(".step b")
            eventually(page, lambda: words.evaluate_all(lines), ["none", "none", "underline", "none"])
            page.evaluate("scrollTo(0, 200)")
            assert page.evaluate(CONTENT) >= 0.75
        with step("guidance stays folded or open on every question and after loading again"):
            page.set_viewport_size({"width": 1440, "height": 900})
            assert not guidance.is_visible()
            page.get_by_text("Why we ask, guidance").locator("visible=true").click()
            page.reload()
            guidance.wait_for()
            page.evaluate(look, 0)
            page.get_by_text("Why we ask, guidance").locator("visible=true").click()
            page.reload()
            page.locator("[data-status][data-waiting]").wait_for()
            assert not guidance.is_visible()

    def test_nothing_moves_when_the_connection_goes(self, usual, open_page):
        places = """() => {
            const card = ".one.is-shown :is(h2, .point, textarea, .step)";
            const moves = "[data-next], [data-end-field], [data-do=rail]";
            const all = document.querySelectorAll(`[data-clock], ${card}, ${moves}`);
            const seen = [...all].filter((one) => one.checkVisibility());
            return seen.map((one) => [one.localName, Math.round(one.getBoundingClientRect().top)]);
        }"""
        # Buttons that something else lies over.
        free = """() => [...document.querySelectorAll(".live-top [data-do]")].filter((one) => {
            const { left, right, top, bottom } = one.getBoundingClientRect();
            const ends = [left + 4, right - 4].map((x) => document.elementFromPoint(x, (top + bottom) / 2));
            return one.checkVisibility() && !ends.every((end) => one.contains(end));
        }).map((one) => one.outerHTML)"""
        # Words of the bar that have no room.
        cut = """() => [...document.querySelectorAll(".live-who h1, .live-status > *")].filter((one) => {
            return one.scrollWidth > one.clientWidth && one.checkVisibility({ visibilityProperty: true });
        }).map((one) => one.textContent.trim())"""
        lead = usual.panelists.get(part="lead")
        Interview.objects.filter(pk=usual.pk).update(started_at=timezone.now() - timedelta(minutes=20))
        page = opened(open_page, usual, 1440, 900)
        page.expected_errors += ["ERR_INTERNET_DISCONNECTED", "Failed to load resource"]
        for width, height in [(1440, 900), (390, 800), (320, 256), (560, 700)]:
            page.set_viewport_size({"width": width, "height": height})
            before = page.evaluate(places)
            page.context.set_offline(True)
            page.locator(".one.is-shown .step").nth(2).click()
            page.locator("[data-status].warn").wait_for()
            assert page.evaluate(places) == before, (width, height)
            assert page.evaluate(free) == [], (width, height)
            page.context.set_offline(False)
            page.evaluate("dispatchEvent(new Event('online'))")
            page.locator("[data-status].good").wait_for()
            elsewhere = sender(lead, f"elsewhere-{width}")
            for part, words in (("interviewer", "Jo asks next"), ("lead", "You ask next")):
                elsewhere.send("turn", None, usual.panelists.get(part=part).pk)
                page.locator("[data-turn]", has_text=words).wait_for(state="attached")
                assert page.evaluate(places) == before, (width, height, words)
        assert page.evaluate(cut) == []
        page.locator(".one.is-shown h2").focus()
        page.keyboard.press("h")
        page.keyboard.press("h")
        page.get_by_text("Prompt only").wait_for()
        assert page.evaluate(cut) == []
        page.keyboard.press("h")
        page.locator("[data-do=rail]").click()
        page.locator("[data-nudge]").click()
        page.locator("[data-nudge-field]").fill("Ask about the locks")
        page.keyboard.press("Escape")
        page.locator("[data-status]", has_text="1 line not added yet").wait_for()
        assert page.evaluate(cut) == []

    def test_no_hints_of_keys_where_there_is_no_keyboard(self, usual, open_page):
        page = opened(open_page, usual, 390, 800, has_touch=True, is_mobile=True)
        assert page.locator("kbd:visible").count() == 0

    def test_forced_colours_and_paper_show_everything(self, usual, open_page):
        ScriptedQuestion.objects.filter(interview=usual).update(seconds=5 * 60 * 4)
        page = opened(open_page, usual, 1440, 900)
        with step("forced colours show what is set and how far a bar is"):
            self.assert_forced_colours(page)
        with step("paper has every part of every question"):
            page.set_viewport_size({"width": 560, "height": 700})
            self.assert_paper(page)

    def assert_forced_colours(self, page):
        page.emulate_media(forced_colors="active")
        bar = page.locator("[data-pace-question] progress")
        # Five times its plan: a fifth of the bar was planned, the rest is hatched, not full.
        eventually(page, lambda: bar.evaluate("(bar) => bar.position") < 0.25, True)
        assert bar.get_attribute("aria-valuetext").endswith(", over")
        frame = "(bar) => [getComputedStyle(bar).backgroundImage.split('(')[0], getComputedStyle(bar).borderTopWidth]"
        assert bar.evaluate(frame) == ["repeating-linear-gradient", "1px"]
        page.emulate_media(forced_colors="none")
        assert bar.evaluate(frame) == ["repeating-linear-gradient", "0px"]
        page.emulate_media(forced_colors="active")
        page.locator(".one.is-shown .step").nth(2).click()
        mark = "(step) => getComputedStyle(step.querySelector('.word'), '::before').visibility"
        steps = page.locator(".one.is-shown .step")
        eventually(page, lambda: [steps.nth(number).evaluate(mark) for number in (1, 2)], ["hidden", "visible"])
        page.emulate_media(forced_colors="none")

    def assert_paper(self, page):
        page.locator(".one.is-shown [data-point]").first.click()
        page.locator(".one.is-shown [data-note]").fill("Measured first.")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        for text in ["Whether they take slow work out of the request.", "Let the ideas come.", "A query plan"]:
            assert page.get_by_text(text).is_visible()
        assert page.locator("article h2:visible").count() == 3
        # A note is printed once, in full: not its field, too.
        assert page.locator(".paper-text:visible").all_inner_texts() == ["Measured first."]
        assert page.locator(".one.is-shown [data-note]:visible, .gate-choice:visible").count() == 0
        # A heading without anything below it is left out.
        assert page.locator(".block:visible:has(.add):not(:has(.point:not(.add)))").count() == 0
        # Marks are drawn: printers leave backgrounds out.
        tick = "(box) => getComputedStyle(box, '::before').borderBottom"
        drawn = page.locator("article.one [data-point]").first.evaluate(tick)
        ink = page.locator("article.one h2").first.evaluate("(words) => getComputedStyle(words).color")
        assert drawn == f"2px solid {ink}"
        mark = "(step) => getComputedStyle(step.querySelector('.word'), '::before').visibility"
        assert page.locator("article.one .step").nth(2).evaluate(mark) == "visible"
        assert page.locator("article.one .rate:visible").count() == 3
        assert page.locator("[data-next]:visible, .notes button:visible, .copy:visible").count() == 0
