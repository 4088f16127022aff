"""Nothing typed is lost: reload, no server, signed out, refused, two windows; and events against a fresh page."""

import errno
import re
from unittest import mock

import pytest
from django.db import OperationalError
from playwright.sync_api import expect

from interviews.factories import PanelistFactory
from interviews.models import LateCommand, Note, Rating, Tick
from interviews.streams.consumers import LiveConsumer
from interviews.tests.commanding import Sender
from interviews.tests.live_page import CACHE, GONE, SLOW, silent

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


class TestNotes:
    def test_save_by_themselves_and_stand_there_after_a_reload(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.press("n")
        live.type("\nMeasured first.\n")
        live.saved()
        live.open()
        expect(live.card.locator("textarea")).to_have_value("\nMeasured first.\n")
        assert Note.objects.get().text == "\nMeasured first.\n"

    def test_fast_typing_is_few_commands_and_the_last_text(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.press("n")
        live.page.keyboard.type("Asked back what the mix of reads and writes is.", delay=5)
        live.saved()
        note = Note.objects.get()
        assert note.text == "Asked back what the mix of reads and writes is."
        assert note.revision <= 2

    def test_hostile_text_is_kept_byte_for_byte(self, make_call, open_live):
        text = "</textarea><script>1</script> שלום مرحبا 👩🏽‍🚀 e\u0301 &amp; \u202etxt"
        live = open_live(make_call(live=True))
        live.card.locator("textarea").fill(text)
        live.saved()
        assert Note.objects.get().text == text
        live.open()
        expect(live.card.locator("textarea")).to_have_value(text)

    def test_a_note_that_is_too_long_says_so_and_is_saved_once_it_is_shorter(self, make_call, open_live):
        live = open_live(make_call(live=True))
        field = live.card.locator("textarea")
        field.fill("x" * 100_001)
        expect(live.card.get_by_text("too long to save")).to_be_visible()
        field.fill("x" * 100_000)
        expect(live.card.get_by_text("too long to save")).to_be_hidden()
        live.saved()
        assert len(Note.objects.get().text) == 100_000

    def test_a_character_that_cannot_be_kept_is_refused_with_the_reason_and_the_text(self, make_call, open_live):
        live = open_live(make_call(live=True))
        live.page.expected_errors.append(GONE)
        live.card.locator("textarea").evaluate(
            "field => { field.value = 'half \\ud83d'; field.dispatchEvent(new Event('input')) }"
        )
        tray = live.page.locator("[data-tray]")
        live.sees(tray, "half a character")
        expect(tray.get_by_role("button", name="Copy")).to_be_visible()
        assert not Note.objects.exists()

    def test_two_windows_keep_both_texts(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.press("n")
        live.type("Here.")
        live.saved()
        note = Note.objects.get()
        call.elsewhere().send("note", call.question(SLOW).pk, "Elsewhere.\n", base_rev=0)
        live.press("n", "End")
        live.type(" More.")
        live.saved()
        note.refresh_from_db()
        assert "Elsewhere." in note.text
        assert "Here. More." in note.text
        expect(live.card.locator("textarea")).to_have_value(note.text)
        live.card.locator("textarea").press("Control+End")
        live.type(" And on.")
        live.saved()
        note.refresh_from_db()
        assert note.text.count("Elsewhere.") == 1
        assert note.text.endswith("And on.")


class TestFaults:
    def test_server_down_then_up_delivers_everything_in_order(self, make_call, open_live, live_site):
        call = make_call(live=True)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        live.press("Enter")
        live.saved()
        live_site.stop()
        live.press("1", "f", "2", "g", "n")
        live.type("Typed without a server")
        live.sees(live.status, re.compile(r"The server doesn’t answer · \d changes? saved on this device"))
        live.shows(CACHE)
        expect(live.card.get_by_role("radio", name="Good")).to_be_checked()
        assert live.page.evaluate("!dispatchEvent(new Event('beforeunload', {cancelable: true}))")
        live_site.start()
        live.page.evaluate("dispatchEvent(new Event('online'))")
        live.saved()
        assert call.kinds() == ["ask", "tick", "ask", "tick", "rate", "note"]
        assert Note.objects.get().text == "Typed without a server"
        assert live.page.evaluate("dispatchEvent(new Event('beforeunload', {cancelable: true}))")

    def test_a_full_disk_is_said_in_words_and_can_be_tried_again_at_once(self, make_call, open_live):
        live = open_live(make_call(live=True))
        live.page.expected_errors.append("503 (Service Unavailable)")
        try_now = live.page.get_by_role("button", name="Try now")
        full = OperationalError("full")
        full.__cause__ = OSError(errno.ENOSPC, "No space left on device")
        with mock.patch("interviews.live.dispatch.apply_command", side_effect=full):
            live.press("Enter", "1")
            live.sees(live.status, re.compile(r"its disk is full · \d changes? saved on this device"))
            expect(try_now).to_be_visible()
        try_now.click()
        live.saved()
        expect(try_now).to_be_hidden()
        assert Tick.objects.count() == 1

    def test_offline_is_said_and_passes(self, make_call, open_live):
        live = open_live(make_call(live=True))
        live.page.expected_errors.append(GONE)
        live.page.context.set_offline(True)
        live.press("Enter", "1", "2")
        live.sees(live.status, "Offline · 3 changes saved on this device")
        live.page.context.set_offline(False)
        live.saved()
        assert Tick.objects.count() == 2

    @pytest.mark.usefixtures("over_http")  # a cookie is taken away, which an open socket does not notice
    def test_signed_out_in_mid_call_keeps_everything_until_somebody_signed_in(self, make_call, open_live, open_page):
        call = make_call(live=True)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        live.press("Enter")
        live.saved()
        cookies = live.page.context.cookies()
        live.page.context.add_cookies(
            [cookie | {"value": "nobody"} for cookie in cookies if cookie["name"] == "sessionid"]
        )
        live.press("1", "g", "n")
        live.type("Still here")
        live.sees(live.page.get_by_role("link", name="Sign in again"), "3 changes saved on this device")
        live.sees(live.card, "you, ")
        live.page.context.add_cookies(cookies)
        live.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        live.saved()
        assert (Tick.objects.count(), Rating.objects.count(), Note.objects.get().text) == (1, 1, "Still here")

    @pytest.mark.usefixtures("over_http")  # a cookie is taken away, which an open socket does not notice
    def test_somebody_else_who_signs_in_here_sends_and_sees_nothing_of_it(self, make_call, open_live, open_page):
        call = make_call(live=True)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        live.press("Enter")
        live.saved()
        jo = PanelistFactory(interview=call.interview)
        hers = open_page(jo.user).context.cookies()
        mine = live.page.context.cookies()
        Sender(jo.user, call.interview).send("note", call.question(SLOW).pk, "CANARY", base_rev=0)
        live.page.context.add_cookies(hers)
        live.press("1", "g")
        live.sees(live.page.get_by_role("link", name="Sign in again"), "2 changes saved on this device")
        with live.page.expect_response("**/events/**"):
            live.page.evaluate("dispatchEvent(new Event('online'))")
        expect(live.card.locator("textarea")).to_have_value("")
        assert not Tick.objects.exists()
        live.page.context.add_cookies(mine)
        live.page.evaluate("dispatchEvent(new Event('online'))")
        live.saved()
        assert (Tick.objects.get().panelist, Rating.objects.get().panelist) == (call.lead, call.lead)

    def test_what_comes_after_my_submission_elsewhere_is_kept_and_said(self, make_call, open_live, monkeypatch):
        call = make_call(ended=True, minutes_in=60)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        # The page is told nothing before it sends.
        live.page.route("**/events/*", lambda route: route.abort())
        monkeypatch.setattr(LiveConsumer, "_tell", silent)
        other = call.elsewhere()
        other.send("scorecard", "recommendation", 3)
        other.send("scorecard", "because", "She thinks aloud.")
        assert other.send("submit", None, {"last_n": other.n}).status_code == 200
        live.press("n")
        live.type("Too late")
        live.page.unroute("**/events/*")
        live.press("Escape")
        live.sees(live.said, "This is saved, and offered to you as a revision.")
        expect(live.page.get_by_role("heading", name="Your scorecard is submitted")).to_be_visible()
        live.saved()
        assert LateCommand.objects.get().value == "Too late"

    def test_too_late_goes_to_the_tray_with_the_reason(self, make_call, open_live, monkeypatch):
        call = make_call(live=True)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        live.press("Enter")
        live.saved()
        # This page has not heard of it yet.
        live.page.route("**/events/*", lambda route: route.abort())
        monkeypatch.setattr(LiveConsumer, "_tell", silent)
        call.elsewhere().send("end")
        live.press("j")
        tray = live.page.locator("[data-tray]")
        live.sees(tray, "The interview has ended.")
        live.saved()
        tray.get_by_role("button", name="Dismiss").click()
        expect(tray).to_be_hidden()

    @pytest.mark.parametrize(
        ("answer", "requests"),
        [
            ({"status": 302, "headers": {"Location": "/sign-in/"}}, 2),
            ({"status": 403, "body": "<h1>Forbidden</h1>", "content_type": "text/html"}, 3),
            ({"status": 404, "body": "<h1>Not here</h1>", "content_type": "text/html"}, 3),
            ({"status": 429, "headers": {"Retry-After": "0"}, "body": "{}"}, 2),
            ({"status": 502, "body": "<h1>Bad gateway</h1>", "content_type": "text/html"}, 3),
            ({"status": 200, "body": "<form>Sign in</form>", "content_type": "text/html"}, 3),
            ({"status": 200, "json": {"receipt": "another"}}, 3),
            ({"status": 200, "body": '{"receipt": ', "content_type": "application/json"}, 3),
        ],
        ids=lambda given: str(given["status"]) if isinstance(given, dict) else "",
    )
    @pytest.mark.usefixtures("over_http")
    def test_an_answer_that_is_no_receipt_leaves_the_command_waiting(self, answer, requests, make_call, open_live):
        # Asking and ticking travel together; where one of them may be what failed, then one by one.
        live = open_live(make_call(live=True))
        live.page.expected_errors += [GONE, "redirect"]
        answered = []

        def once(route):
            answered.append(route)
            route.fulfill(**answer) if len(answered) == 1 else route.continue_()

        live.page.route("**/commands/", once)
        live.press("1")
        live.saved()
        assert Tick.objects.count() == 1
        assert len(answered) == requests


class TestOtherDevices:
    def test_this_page_catches_up_with_another_one(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.press("Enter")
        live.saved()
        other = call.elsewhere()
        other.send("tick", call.point("Brings up caching").pk)
        other.send("rate", call.question(SLOW).pk, 4)
        other.send("note", call.question(SLOW).pk, "From the other one")
        other.send(
            "loose_end", "0a4c4d51-5c3c-4d5e-9d6b-0d4f1f3c1c11", {"text": "Vary", "question": None, "is_done": False}
        )
        live.page.evaluate("dispatchEvent(new Event('online'))")
        expect(live.card.get_by_role("checkbox", name="Brings up caching")).to_be_checked()
        expect(live.card.get_by_role("radio", name="Excellent")).to_be_checked()
        expect(live.card.locator("textarea")).to_have_value("From the other one")
        expect(live.page.locator("#rail").get_by_role("checkbox", name="Vary")).to_be_visible()
        # Who has just done something is not taken along.
        live.page.keyboard.press("Shift")
        other.send("ask", call.question(CACHE).pk, "now")
        live.sees(live.page.locator("[data-looking]"), f"Being asked now: {CACHE}")
        live.page.get_by_role("button", name="Go to it").click()
        live.shows(CACHE)

    def test_applying_the_events_comes_to_what_a_fresh_page_says(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.press("Enter", "1", "f", "1", "2", "2", "d", "g", "u")
        live.type("A view")
        live.press("Enter", "x", "3", "j", "n")
        live.type("Note")
        live.press("Escape", "l")
        live.type("Vary")
        live.press("Enter")
        live.saved()
        call.elsewhere().send("gate", call.interview.sections.get(gate__gt="").pk, True)
        call.elsewhere().send("end")
        before, after = live.page.evaluate(
            """async () => {
                const { apply } = await import("/static/js/live/state.js");
                const before = JSON.parse(document.querySelector("#live-state").textContent);
                const { events } = await (await fetch(`${before.urls.events}?since=0.0`)).json();
                const told = [...events, ...events].reduce(apply, before);
                const html = await (await fetch(location.href)).text();
                const page = new DOMParser().parseFromString(html, "text/html");
                return [told, JSON.parse(page.querySelector("#live-state").textContent)];
            }"""
        )
        assert normal(before) == normal(after)


def normal(state):
    """The state without the times of reading and of the last save, in an order of its own."""
    for name in ("now", "saved_at"):
        state["interview"].pop(name)
    for name in ("ticks", "unlisted", "loose_ends"):
        state[name].sort(key=str)
    return state
