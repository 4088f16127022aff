"""Nothing typed is lost: reload, no server, signed out, refused, two windows; and events against a fresh page."""

import errno
import re
from unittest import mock

import pytest
from django.db import OperationalError
from playwright.sync_api import expect

from interviews.factories import PanelistFactory
from interviews.models import LateCommand, Note, Rating, Tick
from interviews.streams.live_socket import LiveSocket
from interviews.tests.commanding import Sender
from interviews.tests.live_page import CACHE, GONE, ONLINE, QUERY, REPORT, SLOW, silent
from tests.steps import step

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


# Answers to a request with two commands that are no receipts, and how many requests deliver both: together again, or
# one by one where one of them may be what failed.
NO_RECEIPTS = [
    ({"status": 302, "headers": {"Location": "/sign-in/"}}, 2),
    ({"status": 403, "body": "<h1>Forbidden</h1>", "content_type": "text/html"}, 3),
    ({"status": 404, "body": "<h1>Not here</h1>", "content_type": "text/html"}, 3),
    ({"status": 429, "headers": {"Retry-After": "0"}, "body": "{}"}, 2),
    ({"status": 502, "body": "<h1>Bad gateway</h1>", "content_type": "text/html"}, 3),
    ({"status": 200, "body": "<form>Sign in</form>", "content_type": "text/html"}, 3),
    ({"status": 200, "json": {"receipt": "another"}}, 3),
    ({"status": 200, "body": '{"receipt": ', "content_type": "application/json"}, 3),
]


def once_with(answer, answered):
    """A handler of requests that gives this answer to the first of them; all are in `answered`."""

    def answer_once(route):
        answered.append(route)
        route.fulfill(**answer) if len(answered) == 1 else route.continue_()

    return answer_once


class TestNotes:
    def test_save_by_themselves_as_they_are_or_say_why_not(self, make_call, open_live):
        live = open_live(make_call(live=True))
        field = live.card.locator("textarea")
        with step("fast typing is few commands and the last text"):
            live.press("n")
            live.page.keyboard.type("Asked back what the mix of reads and writes is.", delay=5)
            live.saved()
            note = Note.objects.get()
            assert note.text == "Asked back what the mix of reads and writes is."
            assert note.revision <= 2
        with step("they are there after a reload, with their empty lines"):
            field.fill("")
            live.type("\nMeasured first.\n")
            live.saved()
            live.open()
            expect(field).to_have_value("\nMeasured first.\n")
            assert Note.objects.get().text == "\nMeasured first.\n"
        with step("hostile text is saved byte for byte"):
            text = "</textarea><script>1</script> שלום مرحبا 👩🏽‍🚀 e\u0301 &amp; \u202etxt"
            field.fill(text)
            live.saved()
            assert Note.objects.get().text == text
            live.open()
            expect(field).to_have_value(text)
        with step("one that is too long says so and is saved once it is shorter"):
            field.fill("x" * 100_001)
            expect(live.card.get_by_text("too long to save")).to_be_visible()
            field.fill("x" * 100_000)
            expect(live.card.get_by_text("too long to save")).to_be_hidden()
            live.saved()
            assert len(Note.objects.get().text) == 100_000
        with step("a character that cannot be saved is refused with the reason and the text"):
            live.page.expected_errors.append(GONE)
            field.evaluate("field => { field.value = 'half \\ud83d'; field.dispatchEvent(new Event('input')) }")
            tray = live.page.locator("[data-tray]")
            live.sees(tray, "half a character")
            expect(tray.get_by_role("button", name="Copy")).to_be_visible()
            assert len(Note.objects.get().text) == 100_000

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
    def test_full_disk_offline_and_no_server_are_said_and_lose_nothing(self, make_call, open_live, live_site):
        call = make_call(live=True)
        live = open_live(call)
        live.page.expected_errors += [GONE, "503 (Service Unavailable)"]
        try_now = live.page.get_by_role("button", name="Try now")
        full = OperationalError("full")
        full.__cause__ = OSError(errno.ENOSPC, "No space left on device")
        with step("a full disk is said in words and can be tried again at once"):
            with mock.patch("interviews.live.dispatch.apply_command", side_effect=full):
                live.press("Enter", "1")
                live.sees(live.status, re.compile(r"its disk is full · \d changes? saved on this device"))
                expect(try_now).to_be_visible()
            try_now.click()
            live.saved()
            expect(try_now).to_be_hidden()
            assert call.kinds() == ["ask", "tick"]
        with step("offline is said and passes"):
            live.page.context.set_offline(True)
            live.press("m", "d")
            live.sees(live.status, "Offline · 2 changes saved on this device")
            live.page.context.set_offline(False)
            live.saved()
            assert (Rating.objects.get().value, Rating.objects.get().dont_know) == (2, True)
        with step("server down, then up: everything is delivered in order"):
            before = len(call.kinds())
            live_site.stop()
            live.press("2", "f", "2", "g", "n")
            live.type("Typed without a server")
            live.sees(live.status, re.compile(r"The server isn’t responding · \d changes? saved on this device"))
            live.shows(CACHE)
            expect(live.card.get_by_role("radio", name="Good")).to_be_checked()
            assert live.page.evaluate("!dispatchEvent(new Event('beforeunload', {cancelable: true}))")
            live_site.start()
            live.page.evaluate(ONLINE)
            live.saved()
            assert call.kinds()[before:] == ["tick", "ask", "tick", "rate", "note"]
            assert Note.objects.get().text == "Typed without a server"
            assert live.page.evaluate("dispatchEvent(new Event('beforeunload', {cancelable: true}))")

    @pytest.mark.usefixtures("over_http")  # a cookie is taken away, which an open socket does not notice
    def test_signed_out_everything_waits_for_its_own_person(self, make_call, open_live, open_page):
        call = make_call(live=True)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        live.press("Enter")
        live.saved()
        sign_in = live.page.get_by_role("link", name="Sign in again")
        mine = live.page.context.cookies()
        with step("signed out, everything is saved here until the person signs in"):
            nobody = [cookie | {"value": "nobody"} for cookie in mine if cookie["name"] == "sessionid"]
            live.page.context.add_cookies(nobody)
            live.press("1", "g", "n")
            live.type("Still here")
            live.sees(sign_in, "3 changes saved on this device")
            live.sees(live.card, "you, ")
            live.page.context.add_cookies(mine)
            live.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
            live.saved()
            assert (Tick.objects.count(), Rating.objects.count(), Note.objects.get().text) == (1, 1, "Still here")
        with step("another person who signs in here sends and sees nothing of it"):
            jo = PanelistFactory(interview=call.interview)
            hers = open_page(jo.user).context.cookies()
            Sender(jo.user, call.interview).send("note", call.question(SLOW).pk, "CANARY", base_rev=0)
            live.page.context.add_cookies(hers)
            live.press("Escape", "2", "e")
            live.sees(sign_in, "2 changes saved on this device")
            with live.page.expect_response("**/events/**"):
                live.page.evaluate(ONLINE)
            expect(live.card.locator("textarea")).to_have_value("Still here")
            assert Tick.objects.count() == 1
            live.page.context.add_cookies(mine)
            live.page.evaluate(ONLINE)
            live.saved()
            assert set(Tick.objects.values_list("panelist", flat=True)) == {call.lead.pk}
            assert (Tick.objects.count(), Rating.objects.get().value) == (2, 4)
            assert Rating.objects.get().panelist == call.lead

    def test_what_comes_after_my_submission_elsewhere_is_kept_and_said(self, make_call, open_live, monkeypatch):
        call = make_call(ended=True, minutes_in=60)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        # The page is told nothing before it sends.
        live.page.route("**/events/*", lambda route: route.abort())
        monkeypatch.setattr(LiveSocket, "_tell", silent)
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
        monkeypatch.setattr(LiveSocket, "_tell", silent)
        call.elsewhere().send("end")
        live.press("j")
        tray = live.page.locator("[data-tray]")
        live.sees(tray, "The interview has ended.")
        live.saved()
        tray.get_by_role("button", name="Dismiss").click()
        expect(tray).to_be_hidden()

    @pytest.mark.parametrize("answers", [NO_RECEIPTS[:4], NO_RECEIPTS[4:]], ids=["refusals", "others"])
    @pytest.mark.usefixtures("over_http")
    def test_an_answer_that_is_no_receipt_leaves_the_command_waiting(self, answers, make_call, open_live):
        live = open_live(make_call(live=True))
        live.page.expected_errors += [GONE, "redirect"]
        for number, (prompt, (answer, requests)) in enumerate(
            zip((SLOW, CACHE, QUERY, REPORT), answers, strict=True), 1
        ):
            answered = []
            with step(str(answer)):
                live.page.locator(".outline").get_by_text(prompt).click()
                live.shows(prompt)
                live.page.route("**/commands/", once_with(answer, answered))
                # Asking and rating travel together.
                live.press("g")
                live.saved()
                assert Rating.objects.count() == number
                assert len(answered) == requests
                live.page.unroute("**/commands/")


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
