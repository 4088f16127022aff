"""One note on two pages of the same person: whatever arrives first, no text goes from a field or from the server."""

import json
import re

import pytest
from playwright.sync_api import expect

from interviews.models import Note
from interviews.tests.live_page import CACHE, GONE, ONLINE, SLOW
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
        self.live, self.call, self.tried = live, live.call, []
        live.page.expected_errors.append(GONE)
        self.other = live.page.context.new_page()
        self.other.goto(live.page.url)
        expect(self.other.locator("[data-status]")).to_contain_text(re.compile("Saved|Nothing to save"))
        self.other.route("**/commands/", self._refuse)
        self.field = live.card.locator("textarea")

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
        eventually(self.live.page, lambda: self.field.input_value() == Note.objects.get().text, True)


@pytest.fixture
def pages(make_call, open_live):
    return Pages(open_live(make_call(live=True)))


class TestAPageThatIsGone:
    def test_both_waited_then_both_texts_are_kept(self, pages):
        pages.block()
        pages.field.fill(FIRST)
        pages.write_in_other()
        pages.close_other()
        pages.unblock()
        pages.settled()
        expect(pages.field).to_have_value(BOTH)
        pages.shows_what_the_server_has()

    def test_it_sent_its_text_while_it_went_then_the_late_receipt_takes_nothing_away(self, pages):
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
        assert Note.objects.get().text == f"{SECOND}\n\n— also written, on another page —\n{FIRST} And on."

    def test_my_text_was_saved_first_then_the_field_gets_the_other_too(self, pages):
        pages.write_in_other()
        pages.field.fill(FIRST)
        pages.live.saved()
        pages.close_other()
        expect(pages.field).to_have_value(BOTH)
        pages.settled()
        pages.shows_what_the_server_has()

    def test_my_text_is_on_its_way_when_the_other_is_found(self, pages):
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

    def test_my_text_was_saved_unheard_and_the_news_of_both_came_before_my_receipt(self, pages):
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
        eventually(pages.live.page, Note.objects.filter(revision=2).exists, True)
        with pages.live.page.expect_response("**/events/**"):
            pages.live.page.evaluate(ONLINE)
        expect(pages.field).to_have_value(FIRST)
        back.append(True)
        pages.live.page.evaluate(ONLINE)
        pages.live.saved()
        expect(pages.field).to_have_value(BOTH)
        pages.settled()
        pages.shows_what_the_server_has()

    def test_what_i_type_into_its_text_before_that_is_saved_is_one_text(self, pages):
        pages.block()
        pages.write_in_other()
        pages.close_other()
        expect(pages.field).to_have_value(SECOND)
        pages.field.fill("Written, then changed, in the second.")
        pages.live.page.wait_for_timeout(600)
        pages.unblock()
        pages.settled()
        pages.shows_what_the_server_has()
        assert Note.objects.get().text == "Written, then changed, in the second."

    def test_what_i_change_after_it_was_sent_in_vain_is_one_text(self, pages):
        tried = []
        pages.live.page.route("**/commands/", lambda route: tried.append(route.abort()))
        pages.field.fill(FIRST)
        eventually(pages.live.page, lambda: bool(tried), True)
        pages.field.fill("Written, then changed, in the first.")
        pages.live.page.wait_for_timeout(600)
        pages.unblock()
        pages.settled()
        pages.shows_what_the_server_has()
        assert Note.objects.get().text == "Written, then changed, in the first."

    def test_what_i_type_while_it_is_found_is_kept_beside_it(self, pages):
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

    def test_a_text_that_was_refused_stays_in_its_field(self, pages):
        pages.write_in_other()
        pages.field.evaluate("field => { field.value = 'half \\ud83d'; field.dispatchEvent(new Event('input')) }")
        pages.live.sees(pages.live.page.locator("[data-tray]"), "half a character")
        pages.close_other()
        eventually(pages.live.page, Note.objects.exists, True)
        pages.live.saved()
        assert pages.field.evaluate("field => field.value.startsWith('half')")

    def test_what_is_typed_while_a_page_goes_does_not_change_a_command_that_is_kept(self, pages):
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
        assert Note.objects.get().text == "Kept, and more"


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
