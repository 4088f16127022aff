"""One note on two pages of the same person: whatever arrives first, no text goes from a field or from the server."""

import json
import re

import pytest
from playwright.sync_api import expect

from interviews.models import Note
from interviews.tests.live_page import CACHE, DJANGO, GONE, ONLINE, QUERY, REPORT, SLOW
from tests.steps import step
from tests.waiting import eventually, saved, stored

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.usefixtures("over_http")]
FIRST, SECOND = "Written in the first.", "Written in the second."
BOTH = re.compile("first[^$]*second|second[^$]*first")
WRITE = """([question, text]) => {
    const field = document.querySelector(`[data-note="${question}"]`);
    field.value = text;
    field.dispatchEvent(new Event("input"));
}"""


class Pages:
    """Two pages of one person on one call. `other` reaches no server; what it tried to send is in `tried`."""

    def __init__(self, live):
        self.live, self.call = live, live.call
        live.page.expected_errors.append(GONE)
        self.field = live.card.locator("textarea")
        self.other = None
        self.look_at(SLOW)

    def look_at(self, prompt):
        """Both are at a question without a note; `other` is a new page."""
        if self.other:
            self.other.close()
        self.prompt, self.tried = prompt, []
        self.live.page.unroute_all()
        self.other = self.live.page.context.new_page()
        self.other.goto(self.live.page.url)
        expect(self.other.locator("[data-status]")).to_contain_text(re.compile("Saved|Nothing to save"))
        self.other.route("**/commands/", self._refuse)
        for page in (self.live.page, self.other):
            page.locator(".outline").get_by_text(prompt).click()
            expect(page.locator(".one.is-shown h2")).to_have_text(prompt)
            expect(page.locator(".one.is-shown textarea")).to_have_value("")

    @property
    def notes(self):
        """Those on this question."""
        return Note.objects.filter(question=self.call.question(self.prompt))

    def _refuse(self, route):
        self.tried.append(route.request.post_data)
        route.abort()

    def block(self):
        """Nor does the first page."""
        self.live.page.route("**/commands/", lambda route: route.abort())

    def unblock(self):
        self.live.page.unroute("**/commands/")
        self.live.page.evaluate(ONLINE)

    def write_in_other(self, text=SECOND, *, is_sent=True):
        """Write there, and wait until it was stored and, in vain, sent."""
        self.other.locator(".one.is-shown textarea").fill(text)
        eventually(self.other, lambda: text in stored(self.other), True)
        if is_sent:
            eventually(self.other, lambda: any(text in body for body in self.tried), True)

    def deliver_for_other(self):
        """What a page sends while it goes may still arrive, though nobody hears the answer."""
        assert self.call.elsewhere().post(json.loads(self.tried[-1])).status_code == 200

    def close_other(self):
        self.other.close(run_before_unload=False)

    def settled(self):
        """Everything of both has its receipt."""
        self.live.saved()
        eventually(self.live.page, lambda: stored(self.live.page), [])

    def shows_what_the_server_has(self):
        eventually(self.live.page, lambda: self.field.input_value() == self.notes.get().text, True)


@pytest.fixture
def pages(make_call, open_live):
    return Pages(open_live(make_call(live=True)))


class TestAPageThatIsGone:
    def test_its_text_and_mine_are_both_kept(self, pages):
        with step("both waited, then both texts are kept"):
            pages.block()
            pages.field.fill(FIRST)
            pages.write_in_other()
            pages.close_other()
            pages.unblock()
            pages.settled()
            expect(pages.field).to_have_value(BOTH)
            pages.shows_what_the_server_has()
        pages.look_at(CACHE)
        with step("it sent its text while it went, then the late receipt takes nothing away"):
            pages.block()
            pages.field.fill(FIRST)
            pages.write_in_other()
            pages.deliver_for_other()
            pages.unblock()
            expect(pages.field).to_have_value(BOTH)
            pages.close_other()
            pages.settled()
            expect(pages.field).to_have_value(BOTH)
            pages.field.press("Control+End")
            pages.live.type(" And on.")
            pages.settled()
            pages.shows_what_the_server_has()
            assert pages.notes.get().text == f"{SECOND}\n\n— also written, on another page —\n{FIRST} And on."
        pages.look_at(QUERY)
        with step("my text was saved first, then the field gets the other too"):
            pages.write_in_other()
            pages.field.fill(FIRST)
            pages.live.saved()
            pages.close_other()
            expect(pages.field).to_have_value(BOTH)
            pages.settled()
            pages.shows_what_the_server_has()
        pages.look_at(REPORT)
        with step("my text is on its way when the other is found"):
            held = []

            def hold_first(route):
                route.continue_() if held else held.append(route)

            pages.live.page.route("**/commands/", hold_first)
            pages.write_in_other()
            pages.field.fill(FIRST)
            eventually(pages.live.page, lambda: len(held), 1)
            pages.close_other()
            pages.live.page.wait_for_timeout(300)
            held[0].continue_()
            pages.settled()
            expect(pages.field).to_have_value(BOTH)
            pages.shows_what_the_server_has()
        pages.look_at(DJANGO)
        with step("my text was saved unheard, and the news of both came before my receipt"):
            lost, back = [], []

            def lose(route):
                if back or FIRST not in route.request.post_data:
                    route.continue_()
                else:
                    route.fetch()
                    lost.append(route.abort())

            pages.live.page.route("**/commands/", lose)
            pages.write_in_other()
            pages.field.fill(FIRST)
            eventually(pages.live.page, lambda: bool(lost), True)
            pages.close_other()
            eventually(pages.live.page, pages.notes.filter(revision=2).exists, True)
            with pages.live.page.expect_response("**/events/**"):
                pages.live.page.evaluate(ONLINE)
            expect(pages.field).to_have_value(FIRST)
            back.append(True)
            pages.live.page.evaluate(ONLINE)
            pages.live.saved()
            expect(pages.field).to_have_value(BOTH)
            pages.settled()
            pages.shows_what_the_server_has()

    def test_what_i_write_meanwhile_is_not_doubled_and_not_lost(self, pages):
        with step("what I type into its text before that is saved is one text"):
            pages.block()
            pages.write_in_other()
            pages.close_other()
            expect(pages.field).to_have_value(SECOND)
            pages.field.fill("Written, then changed, in the second.")
            pages.live.page.wait_for_timeout(600)
            pages.unblock()
            pages.settled()
            pages.shows_what_the_server_has()
            assert pages.notes.get().text == "Written, then changed, in the second."
        pages.look_at(CACHE)
        with step("what I change after it was sent in vain is one text"):
            tried = []
            pages.live.page.route("**/commands/", lambda route: tried.append(route.abort()))
            pages.field.fill(FIRST)
            eventually(pages.live.page, lambda: bool(tried), True)
            pages.field.fill("Written, then changed, in the first.")
            pages.live.page.wait_for_timeout(600)
            pages.unblock()
            pages.settled()
            pages.shows_what_the_server_has()
            assert pages.notes.get().text == "Written, then changed, in the first."
        pages.look_at(QUERY)
        with step("what I type while it is found is kept beside it"):
            pages.block()
            pages.write_in_other()
            # In one go: typed, and not given away before the other page's text is there.
            pages.field.evaluate("field => { field.value = 'Typed at that moment: the first.' }")
            pages.close_other()
            pages.live.page.wait_for_timeout(300)
            pages.field.dispatch_event("input")
            pages.unblock()
            expect(pages.field).to_have_value(BOTH)
            pages.settled()
            pages.shows_what_the_server_has()
        pages.look_at(REPORT)
        with step("what is typed while a page goes does not change a command that waits"):
            pages.block()
            pages.field.fill("Kept")
            page = pages.live.page
            eventually(page, lambda: stored(page), ["Kept"])
            page.evaluate(
                """() => {
                    dispatchEvent(new Event("pagehide"));
                    const field = document.querySelector(".one.is-shown textarea");
                    field.value = "Kept, and more";
                    field.dispatchEvent(new Event("input"));
                    dispatchEvent(new Event("pagehide"));
                }"""
            )
            eventually(page, lambda: stored(page), ["Kept", "Kept, and more"])
            page.evaluate("dispatchEvent(new Event('pageshow'))")
            pages.unblock()
            pages.settled()
            assert pages.notes.get().text == "Kept, and more"
        pages.look_at(DJANGO)
        with step("a text that was refused stays in its field"):
            pages.write_in_other()
            pages.field.evaluate("field => { field.value = 'half \\ud83d'; field.dispatchEvent(new Event('input')) }")
            pages.live.sees(pages.live.page.locator("[data-tray]"), "half a character")
            pages.close_other()
            eventually(pages.live.page, pages.notes.exists, True)
            pages.live.saved()
            assert pages.field.evaluate("field => field.value.startsWith('half')")

    def test_several_notes_and_several_texts_of_one_come_in_order(self, pages):
        pages.block()
        pages.write_in_other()
        # The first was sent and may have arrived; so this is another command.
        pages.write_in_other(f"{SECOND} And more.", is_sent=False)
        cache = pages.call.question(CACHE).pk
        pages.other.evaluate(WRITE, [cache, "On caching"])
        pages.other.evaluate(WRITE, ["interview", "On all of it"])
        eventually(pages.other, lambda: {"On caching", "On all of it"} <= set(stored(pages.other)), True)
        pages.close_other()
        expect(pages.field).to_have_value(f"{SECOND} And more.")
        pages.unblock()
        pages.settled()
        texts = dict(Note.objects.values_list("question", "text"))
        slow = pages.call.question(SLOW).pk
        assert texts == {slow: f"{SECOND} And more.", cache: "On caching", None: "On all of it"}
        assert Note.objects.get(question=slow).revision == 2
        for question, text in texts.items():
            expect(pages.live.page.locator(f"[data-note='{question or 'interview'}']")).to_have_value(text)


class TestTwoLivingPages:
    def test_200_edits_in_turn_keep_both_texts(self, pages):
        other = pages.other
        other.unroute("**/commands/")
        fields = [pages.live.page.locator(".one.is-shown textarea"), other.locator(".one.is-shown textarea")]
        for turn in range(200):
            fields[turn % 2].evaluate(
                """(field, word) => {
                    const line = field.value.split("\\n").findIndex((one) => one.startsWith(word));
                    const lines = field.value.split("\\n");
                    if (line < 0) lines.push(word);
                    else lines[line] += " and on";
                    field.value = lines.join("\\n");
                    field.dispatchEvent(new Event("input"));
                }""",
                ["first", "second"][turn % 2],
            )
            pages.live.page.wait_for_timeout(20)
        for page in (pages.live.page, other):
            saved(page)
        pages.settled()
        with pages.live.page.expect_response("**/events/**"):
            pages.live.page.evaluate(ONLINE)
        with other.expect_response("**/events/**"):
            other.evaluate(ONLINE)
        text = Note.objects.get().text
        for field in fields:
            expect(field).to_have_value(text)
        for word in ("first", "second"):
            assert f"{word}{' and on' * 99}" in text.split("\n")
