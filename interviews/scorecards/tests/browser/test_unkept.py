"""A browser that keeps nothing: it is said at once, changes are saved directly, and "Saved" still means a receipt."""

import re

import pytest
from playwright.sync_api import expect

from interviews.models import Note, Receipt, Tick
from interviews.scorecards.tests.browser.test_scorecard import SLOW, Form, mira  # noqa: F401  a fixture
from interviews.tests.live_page import GONE, ONLINE
from tests import waiting
from tests.steps import step
from tests.windows import PARKED

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.usefixtures("over_http")]
UNKEPT = "This browser can’t store drafts; stay online"
OPEN = "Object.defineProperty(IDBFactory.prototype, 'open', {value: () => %s})"
STORAGE = {
    "absent": "Object.defineProperty(globalThis, 'indexedDB', {value: undefined})",
    "blocked": OPEN % "{ throw new DOMException('no', 'SecurityError') }",
    "broken": OPEN % "{ const it = {}; setTimeout(() => { it.error = new Error('no'); it.onerror() }, 50); return it }",
    "slow": OPEN % "({})",
    "without locks": "Object.defineProperty(Navigator.prototype, 'locks', {value: undefined})",
}
# Before the scripts of each page: what its session says is missing.
CASES = "".join(f"case '{how}': {{ {script}; break }} " for how, script in STORAGE.items())
BREAK = f"switch (sessionStorage.getItem('how')) {{ {CASES} }}"
# Every word that the status line ever says.
LISTEN = """() => {
    globalThis.told = new Set();
    const place = document.querySelector("[data-status-words]");
    const note = () => place.closest("[hidden]") || told.add(place.textContent);
    const everything = {subtree: true, childList: true, characterData: true, attributes: true};
    new MutationObserver(note).observe(place.parentElement, everything);
    note();
}"""


def saved(page):
    return {words for words in page.evaluate("[...told]") if words.startswith("Saved")}


def take_away(page, how):
    """The pages that this window opens next lack this."""
    page.goto(PARKED)
    page.evaluate("how => sessionStorage.setItem('how', how)", how)


class TestNothingKept:
    def test_it_is_said_and_changes_are_saved_directly(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        page, field = live.page, live.card.locator("textarea")
        page.expected_errors.append(GONE)
        expect(page.get_by_text(UNKEPT)).to_be_hidden()
        with step("once it is full that is said, and once there is room it keeps again"):
            storage = page.context.new_cdp_session(page)
            origin = page.evaluate("location.origin")
            storage.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
            field.fill("x" * 50_000)
            expect(page.get_by_text(UNKEPT)).to_be_visible()
            live.saved()
            assert Note.objects.get().text == "x" * 50_000
            storage.send("Storage.overrideQuotaForOrigin", {"origin": origin})
            field.fill("There is room again.")
            expect(page.get_by_text(UNKEPT)).to_be_hidden()
            live.saved()
        page.add_init_script(BREAK)
        for how in STORAGE:
            with step(how):
                take_away(page, how)
                # As if nothing was saved yet, so that "Saved" is a word of these changes.
                for kind in (Receipt, Note, Tick):
                    kind.objects.all().delete()
                page.goto(f"/interviews/{call.interview.pk}/live/")
                expect(page.get_by_text(UNKEPT)).to_be_visible()
                page.route("**/commands/", lambda route: route.abort())
                page.evaluate(LISTEN)
                field.fill("Kept by the server")
                page.locator(".one.is-shown [data-point]").first.click()
                expect(page.locator("[data-status]")).to_contain_text(re.compile(r"\d changes? not saved yet"))
                assert saved(page) == set()
                assert page.evaluate("!dispatchEvent(new Event('beforeunload', {cancelable: true}))")
                page.unroute("**/commands/")
                page.evaluate(ONLINE)
                waiting.saved(page)
                expect(page.locator("[data-status]")).to_contain_text("Saved")
                assert (Note.objects.get().text, Tick.objects.count()) == ("Kept by the server", 1)

    def test_so_does_the_scorecard(self, open_page, mira):  # noqa: F811
        page = open_page(mira.user)
        page.add_init_script(BREAK)
        for how in ("absent", "slow"):
            with step(how):
                take_away(page, how)
                form = Form(page, mira)
                expect(page.get_by_text(UNKEPT)).to_be_visible()
                form.answer(SLOW).get_by_role("textbox").fill(f"Kept by the server: {how}")
                form.saved()
                assert Note.objects.get().text == f"Kept by the server: {how}"
        form.answer(SLOW).get_by_role("textbox").fill("Kept, and submitted")
        form.submit()
        assert Note.objects.get().text == "Kept, and submitted"
