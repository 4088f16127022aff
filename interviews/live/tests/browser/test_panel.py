"""Several people in one call, each in a browser of their own."""

import asyncio
import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.factories import HiringManagerFactory, InterviewerFactory
from harness.proxy import Proxy
from interviews.factories import PanelistFactory, ShadowFactory
from interviews.models import Event, Interview, Panelist, Tick
from interviews.streams import notify, socket_monitor
from interviews.streams.live_socket import LiveSocket
from interviews.tests.commanding import sender
from interviews.tests.live_page import CACHE, ONLINE, QUERY, REPORT, SLOW, LivePage, silent
from tests.steps import step
from tests.waiting import eventually

GONE = "Failed to load resource"

# What the page shows of the facts that all share, without its own person's "you".
SHOWN = """() => {
  // A card that is not in sight is painted when it comes into sight, or onto paper.
  dispatchEvent(new Event("beforeprint"));
  const text = (root, selector) => [...root.querySelectorAll(selector)].map((element) => element.textContent.trim());
  const heard = [...document.querySelectorAll("[data-point-row].is-heard, .is-unlisted.is-heard")];
  return {
    outline: text(document, ".outline [data-look] .mark"),
    current: text(document, ".outline [data-look]").findIndex((words) => words.includes("being asked")),
    heard: heard.map((row) => row.querySelector("[data-text]").textContent).sort(),
    turn: text(document, "[data-people] li:has([data-asks]:not([hidden])) [data-name]"),
  };
}"""


@pytest.fixture
def two(make_call: Callable, open_page: Callable) -> Callable:
    """The lead Mira and the interviewer Jo on the live page of one call: `mira, jo = two()`."""

    def open_both(**fields):
        call = make_call(live=True, minutes_in=1, **fields)
        call.jo = PanelistFactory(interview=call.interview, user=InterviewerFactory(name="Jo Tanaka"))
        return LivePage(open_page(call.lead.user), call), LivePage(open_page(call.jo.user, width=560), call)

    return open_both


def shown(live: LivePage) -> dict:
    return live.page.evaluate(SHOWN)


def assert_same(*pages: LivePage) -> None:
    """All show the same facts as the first, now or within a moment."""

    def differences() -> list[tuple[dict, dict]]:
        first, *others = (shown(page) for page in pages)
        return [(first, other) for other in others if other != first]

    eventually(pages[0].page, differences, [])


@pytest.mark.sqlite_only
class TestLateLead:
    def test_an_interviewer_leads_a_call_whose_lead_is_missing_and_adds_a_stand_in(self, make_call, open_page):
        call = make_call(minutes_in=6)
        call.jo = PanelistFactory(interview=call.interview, user=InterviewerFactory(name="Jo Tanaka"))
        sam = InterviewerFactory(name="Sam Vella")
        call.interview.opening.managers.add(HiringManagerFactory(name="Hana Berg"))
        jo = LivePage(open_page(call.jo.user, width=560), call)
        jo.sees(jo.page.locator("[data-take-lead]"), re.compile("Hana Berg"))
        jo.page.get_by_role("button", name="Lead this call").first.click()
        jo.sees(jo.page.locator("#take-lead h2"), re.compile(r"Planned for \d\d:\d\d. Lead this call\?"))
        jo.page.locator("#take-lead").get_by_role("button", name="Lead this call").click()
        expect(jo.page.get_by_role("button", name="Start the interview")).to_be_focused()
        jo.page.keyboard.press("Enter")
        jo.saved()
        assert Panelist.objects.get(pk=call.jo.pk).is_lead
        manage = open_page(call.jo.user, width=390)
        manage.goto(call.interview.get_absolute_url())
        manage.get_by_label("Add to the panel").select_option(label=f"Sam Vella · {sam.email}")
        manage.get_by_role("button", name="Add", exact=True).click()
        jo.page.locator("[data-do=rail]").click()
        jo.sees(jo.page.locator("[data-people]"), re.compile("Sam"))
        pace = jo.page.locator("[data-pace-words]")
        jo.sees(pace, re.compile("Began 6 min late, so it has 44 min."))
        jo.page.get_by_role("button", name="+5 min for the call").click()
        jo.sees(pace, re.compile("so it has 49 min."))
        jo.page.get_by_label("May run over").check()
        jo.sees(pace, re.compile("Began 6 min late and may run over."))
        jo.page.get_by_role("button", name="Pause the call").click()
        jo.saved()
        after = Interview.objects.get(pk=call.interview.pk)
        assert (after.minutes, after.may_run_over, after.paused_by) == (55, True, call.jo.user)


class TestFacts:
    def test_all_see_who_is_where_and_who_heard_what_and_their_own_ratings_and_notes(self, two):
        mira, jo = two()
        row = mira.page.locator("[data-people] li").nth(1)
        with step("the panel says who is where"):
            mira.sees(row, "interviewing · on this question")
            mira.sees(mira.page.locator(".live-bar [data-present]"), "2 on this page")
            assert mira.page.locator("#rail .card:has([data-people])").evaluate(
                "(card) => card.scrollWidth <= card.clientWidth"
            )
            jo.press("j")
            mira.sees(row, f"on “{QUERY}”")
            jo.press("k")
            mira.sees(row, "on this question")
        with step("who heard what is seen by both with name and time"):
            mira.press("Enter", "1")
            jo.sees(jo.card.locator("[data-who]").first, re.compile(r"^Mira, \d\d:\d\d$"))
            jo.page.get_by_label("Brings up caching").check()
            for page, words in (
                (jo, r"^Mira, \d\d:\d\d · you, \d\d:\d\d$"),
                (mira, r"^you, \d\d:\d\d · Jo, \d\d:\d\d$"),
            ):
                expect(page.card.locator("[data-who]").first).to_have_text(re.compile(words))
                expect(page.card.locator("[data-heard]")).to_have_text("")  # a cue is worth nothing
            assert_same(mira, jo)
        with step("an extra point of one is ticked by the other"):
            mira.press("u")
            mira.type("Asks for the numbers")
            mira.press("Enter")
            jo.page.get_by_label("Asks for the numbers").check()
            mira.sees(mira.card.locator(".is-unlisted [data-who]"), re.compile(r"you, .* · Jo, "))
            expect(jo.card.get_by_role("button", name="Edit")).to_be_hidden()
        with step("ratings and notes are seen by their author only"):
            mira.press("Escape", "e", "n")
            mira.type("Sharp as a knife")
            mira.saved()
            mira.press("2")
            jo.sees(jo.card.locator("[data-who]").nth(1), "Mira")  # what came after them has arrived
            assert "Sharp" not in jo.page.content()
            expect(jo.card.get_by_role("radio", name="Excellent")).not_to_be_checked()
        with step("the panel says who is away"):
            jo.page.goto("/")
            mira.sees(row, "interviewing · away")
            mira.sees(mira.page.locator(".live-bar [data-present]"), "1 on this page")
            jo.open()
            mira.sees(row, "on this question")
        with step("who leaves the panel in mid call hears nothing more"):
            jo.page.expected_errors += [GONE]
            heard = shown(jo)["heard"]
            seat = mira.call.jo
            seat.left_at = timezone.now()
            seat.save()
            mira.sees(row, "away")
            mira.press("2")
            mira.saved()
            jo.page.wait_for_timeout(300)
            assert shown(jo)["heard"] == heard
            assert shown(mira)["heard"] != heard

    def test_nothing_of_a_fully_blind_call_is_seen_but_what_is_asked(self, two):
        mira, jo = two(is_fully_blind=True)
        mira.press("Enter", "1", "2")
        mira.saved()
        assert Tick.objects.count() == 2
        jo.sees(jo.card.locator("[data-covered-words]"), "Asked by Mira")
        assert shown(jo)["heard"] == []

    @pytest.mark.sqlite_only
    def test_shadow_ticks_for_themselves_and_asks_nothing(self, two, open_page):
        mira, jo = two()
        sam = ShadowFactory(interview=mira.call.interview, user=InterviewerFactory(name="Sam Kovac"))
        shadow = LivePage(open_page(sam.user), mira.call)
        expect(shadow.page.locator("[data-ask]")).to_be_hidden()
        mira.press("Enter")
        shadow.sees(shadow.card.locator("[data-covered-words]"), "Asked by Mira")
        shadow.press("1")
        shadow.saved()
        assert Tick.objects.get().panelist == sam
        sender(jo.call.jo).send("tick", mira.call.point("Brings up queries").pk)
        mira.sees(mira.card.locator("[data-who]").nth(1), "Jo")
        eventually(mira.page, lambda: shown(mira)["heard"], ["Brings up queries"])


@pytest.mark.sqlite_only
class TestUndisturbed:
    def test_what_one_writes_stays_in_place_while_others_tick_note_and_move_on(self, two):
        mira, jo = two()
        mira.press("Enter")
        field = jo.card.locator("textarea")
        field.focus()
        jo.type("She starts with")
        place = "document.activeElement.getBoundingClientRect().top"
        before = jo.page.evaluate(place)
        mira.press("1", "2", "u")
        mira.type("A good point that is not in the script, and rather long for a window as narrow as this one is")
        mira.press("Enter")
        jo.sees(jo.card.locator(".is-unlisted"), "A good point")
        mira.press("Escape", "f")
        jo.sees(jo.page.locator("[data-looking]"), f"Being asked now: {CACHE}")
        jo.sees(jo.said, f"Mira asks: {CACHE}")
        expect(jo.page.get_by_role("button", name="Ask again")).to_be_visible()
        last, moves = jo.card.locator(".step").last.bounding_box(), jo.page.locator(".foot").bounding_box()
        assert last["x"] + last["width"] <= moves["x"]
        jo.type(" the cache")
        expect(field).to_be_focused()
        expect(field).to_have_value("She starts with the cache")
        assert abs(jo.page.evaluate(place) - before) < 4
        jo.shows(SLOW)

    def test_who_only_reads_along_is_taken_along_and_a_late_click_does_no_harm(self, two):
        mira, jo = two()
        mira.press("Enter")
        jo.sees(jo.card.locator("[data-covered-words]"), "Asked by Mira")
        jo.page.wait_for_timeout(4_100)
        # As if the hand was on its way to the key when the next question came.
        jo.page.evaluate(
            """() => new MutationObserver((_, self) => {
                if (!document.querySelector(".one.is-shown h2").textContent.includes("cached")) return;
                self.disconnect();
                document.dispatchEvent(new KeyboardEvent("keydown", { key: "e", code: "KeyE", bubbles: true }));
            }).observe(document.querySelector(".q"), { subtree: true, attributes: true })"""
        )
        mira.press("1", "f")
        jo.shows(CACHE)
        jo.sees(jo.said, "your input was ignored")
        jo.page.wait_for_timeout(800)
        jo.press("g")
        jo.saved()
        ratings = Event.objects.filter(kind="rate").values_list("payload__question", "payload__value")
        assert list(ratings) == [(mira.call.question(CACHE).pk, 3)]


@pytest.mark.sqlite_only
class TestHandingOver:
    def test_next_asks_for_who_has_the_word_and_only_looks_for_the_others(self, two):
        mira, jo = two()
        mira.press("Enter")
        jo.sees(jo.card.locator("[data-covered-words]"), "Asked by Mira")
        jo.press("j")
        jo.shows(QUERY)
        mira.shows(SLOW)
        jo.press("k")
        mira.page.get_by_role("button", name="Pass to Jo").click()
        jo.sees(jo.said, "You ask next")
        mira.sees(mira.page.locator("[data-next-up]"), "Jo asks next")
        jo.press("j")
        mira.sees(mira.page.locator("[data-looking]"), QUERY)
        mira.press("t", "1")
        mira.sees(mira.said, "You ask next")
        jo.page.get_by_role("button", name="Panel & notes").click()
        expect(jo.page.get_by_role("button", name="Take over")).to_be_visible()
        assert_same(mira, jo)

    def test_lead_goes_over_with_gates_and_end(self, two, axe):
        mira, jo = two()
        mira.press("t")
        axe(mira.page, "dialog[open]")
        mira.press("2")
        axe(mira.page, "dialog[open]")
        mira.page.get_by_role("button", name="Make lead").click()
        jo.sees(jo.said, "You are now leading")
        jo.page.get_by_role("button", name="Wrap up").click()
        mira.page.get_by_role("button", name="Wrap up").click()
        mira.sees(mira.page.locator("#wrap-up"), "The lead ends the call.")
        jo.page.get_by_role("button", name="End the call").click()
        expect(mira.page.get_by_role("heading", name="The call has ended")).to_be_visible()
        assert_same(mira, jo)


@pytest.mark.sqlite_only
class TestPrivacy:
    def test_keys_hide_what_the_candidate_may_not_see_and_record_nothing_meanwhile(self, two, axe):
        mira, jo = two()
        with step("a panel with presence has nothing that axe finds"):
            mira.press("Enter", "1")
            expect(jo.card.locator("[data-who]").first).to_contain_text("Mira")
            axe(mira.page)
            axe(jo.page)
        with step("one key hides names and notes, also after loading again"):
            mira.press("g", "n")
            mira.type("Not for her eyes")
            mira.saved()
            done = mira.call.kinds()
            mira.press("h")
            for _ in range(2):
                for hidden in (
                    "h1",
                    "[data-people]",
                    "[data-next-up]",
                    ".one.is-shown .rate",
                    ".one.is-shown textarea",
                ):
                    expect(mira.page.locator(hidden)).to_be_hidden()
                assert "Ada" not in mira.page.title()
                expect(mira.card.locator("h2")).to_be_visible()
                mira.open()
        with step("the button shows them again"):
            mira.page.get_by_role("button", name="Names and notes hidden").click()
            mira.page.get_by_role("button", name="Prompt only").click()
            expect(mira.page.locator("h1")).to_have_text("Ada Okafor")
            expect(mira.card.locator("textarea")).to_have_value("Not for her eyes")
        with step("it hides them from within a dialog"):
            for opening, opened in (("w", "#wrap-up"), ("t", "#hand-over"), ("x", "#skip-menu")):
                mira.press(opening)
                expect(mira.page.locator(opened)).to_be_visible()
                mira.press("h")
                expect(mira.page.locator(opened)).to_be_hidden()
                expect(mira.page.locator("h1")).to_be_hidden()
                mira.press("h", "h")
        with step("what is typed unseen goes into no field and becomes no keys"):
            mira.press("h", "n")
            mira.sees(mira.said, "Notes are hidden. Press h twice to show them")
            mira.page.wait_for_timeout(500)  # sooner, h, n and j would be one burst, and so text
            for character in "just 1 g enough x":
                mira.page.keyboard.press(character if character != " " else "Space")
                mira.page.wait_for_timeout(150)
            mira.page.wait_for_timeout(1_100)
            mira.press("h", "h")
            expect(mira.card.locator("textarea")).to_have_value("Not for her eyes")
            mira.shows(SLOW)
            mira.saved()
            expect(jo.page.locator("[data-covered]:not([hidden])")).to_have_count(1)
            assert mira.call.kinds() == done
        with step("prompt only shows nothing else, and its keys say why"):
            mira.press("h", "h")
            parts = [
                "h1",
                "#outline",
                "#rail",
                ".points",
                ".rate",
                ".flags",
                "textarea",
                ".meta",
                "details",
                "[data-offers]",
            ]
            for part in [*parts, "[data-do=wrap-up]", "[data-next-up]"]:
                expect(mira.page.locator(part).locator("visible=true")).to_have_count(0)
            expect(mira.card.locator("h2")).to_be_visible()
            expect(mira.page.locator("[data-clock]")).to_be_visible()
            for key, why in [("1", "Points"), ("u", "Points"), ("g", "Ratings"), ("n", "Notes"), ("f", "Follow-ups")]:
                mira.page.wait_for_timeout(1_100)
                mira.press(key)
                mira.sees(mira.said, f"{why} are hidden. Press h to show them")
            mira.page.wait_for_timeout(1_100)
            mira.press("Control+k")
            expect(mira.page.locator("#go-to")).to_be_hidden()
            mira.press("h")
            expect(mira.page.locator("h1")).to_be_visible()
            mira.saved()
            assert mira.call.kinds() == done


@pytest.mark.sqlite_only
class TestTakenOff:
    @pytest.mark.usefixtures("over_http")
    def test_the_page_says_so_and_stands_still(self, two):
        mira, jo = two()
        mira.press("Enter")
        jo.sees(jo.card.locator("[data-covered-words]"), "Asked by Mira")
        jo.page.expected_errors += [GONE]
        jo.page.route("**/commands/", lambda route: route.abort())
        jo.press("n")
        jo.type("Still here")
        Panelist.objects.filter(pk=jo.call.jo.pk).update(left_at=timezone.now())
        expect(jo.page.get_by_role("heading", name="You’re no longer on this panel")).to_be_visible()
        expect(jo.card.locator("[data-point]").first).to_be_disabled()
        expect(jo.card.locator("textarea")).to_have_value("Still here")
        expect(jo.page.get_by_role("button", name="Wrap up")).to_be_hidden()
        # What was written before leaving arrives later, and the notice leads to it.
        jo.page.unroute("**/commands/")
        jo.page.evaluate(ONLINE)
        jo.saved()
        jo.page.get_by_role("link", name="Read what I wrote").click()
        expect(jo.page.get_by_role("heading", name="Your text")).to_be_visible()
        expect(jo.page.get_by_text("Still here")).to_be_visible()


@pytest.mark.sqlite_only
class TestLookingAround:
    def test_enter_ends_it_and_takes_nobody_along_and_a_skip_does_not_end_it(self, two):
        mira, jo = two()
        mira.press("Enter")
        jo.sees(jo.card.locator("[data-covered-words]"), "Asked by Mira")
        last = jo.page.locator(".outline [data-look]").last
        with step("Enter goes along and takes nobody along"):
            asked = jo.card.get_attribute("data-card")
            last.evaluate("link => link.click()")
            jo.press("Enter")
            expect(jo.card).to_have_attribute("data-card", asked)
        with step("a skip does not end it"):
            last.evaluate("link => link.click()")
            looked = jo.card.get_attribute("data-card")
            mira.press("x", "2")
            jo.page.wait_for_timeout(4_500)
            mira.press("j")
            expect(jo.page.locator("[data-looking]")).to_be_visible()
            expect(jo.card).to_have_attribute("data-card", looked)


class TestFour:
    def test_ticks_skips_and_hand_overs_of_four_end_in_the_same_screen(self, make_call, open_page):
        call = make_call(live=True, minutes_in=1)
        seats = [call.lead]
        for name, make in (
            ("Jo Tanaka", PanelistFactory),
            ("Luc Perrin", PanelistFactory),
            ("Sam Kovac", ShadowFactory),
        ):
            seats.append(make(interview=call.interview, user=InterviewerFactory(name=name)))
        mira, jo, luc, sam = (LivePage(open_page(seat.user), call) for seat in seats)
        jo.page.expected_errors += [GONE]
        mira.press("Enter", "1")
        luc.sees(luc.card.locator("[data-covered-words]"), "Asked by Mira")
        luc.press("2", "1")
        jo.sees(jo.card.locator("[data-who]").nth(1), "Luc")
        mira.page.get_by_role("button", name="Pass to Luc").click()
        luc.sees(luc.said, "You ask next")
        luc.press("f", "x", "1")
        jo.page.context.set_offline(True)
        jo.press("2")
        luc.press("j", "1", "2", "3")
        jo.page.context.set_offline(False)
        for page in (mira, jo, luc, sam):
            page.saved()
        late = LivePage(open_page(seats[1].user, width=560), call)
        assert_same(mira, jo, luc, sam, late)


class TestBrokenLines:
    """R-3 and R-4 of the catalogue: sockets and notifications break; all pages agree within seconds."""

    def test_sockets_dropped_fifty_times_in_every_way(self, two, open_page, live_site):
        mira, _ = two()
        call = mira.call
        proxy = Proxy(live_site.port)
        try:
            page = open_page(call.jo.user, base_url=f"http://127.0.0.1:{proxy.port}")
            page.expected_errors += [GONE]
            mira.page.expected_errors += [GONE]
            jo = LivePage(page, call)
            jo.page.evaluate("window.isTheSame = true")
            browser = sender(call.lead, "another")
            point = call.point("Brings up caching")
            ways: list[Callable[[], None]] = [
                lambda: proxy.end_all(reset=True),
                lambda: proxy.end_all(reset=False),
                *(lambda code=code: close_all(code) for code in (1000, 1001, 1011, 1012, 4000)),
            ]
            for number, way in zip(range(50), itertools.cycle(ways), strict=False):
                way()
                browser.send("tick", point.pk, number % 2 == 0)
                jo.page.wait_for_timeout(40)
            browser.send("ask", call.question(REPORT).pk, "now")
            browser.send("tick", point.pk, True)
            assert_same(mira, jo)
            jo.sees(jo.page.locator(".outline [data-look]:has-text('being asked')"), REPORT)
            assert jo.page.evaluate("window.isTheSame")
        finally:
            proxy.close()

    def test_line_that_is_silent_is_left_for_another(self, two, open_page, live_site, monkeypatch):
        mira, jo = two()
        # Nothing comes through any more: the page asks by itself.
        monkeypatch.setattr("interviews.streams.live_socket.LiveSocket._tell", silent)
        jo.page.expected_errors += [GONE]
        mira.press("Enter", "1")
        expect(jo.card.locator("[data-who]").first).to_contain_text("Mira")

    @pytest.mark.sqlite_only
    def test_what_a_frame_did_not_bring_is_asked_for(self, two, monkeypatch):
        mira, jo = two()
        whole, told = LiveSocket._tell, []

        async def without_every_other(self, news: dict[str, Any] | None, answer: str = "") -> None:
            told.append(news)
            less = news and news | {"events": news["events"][len(told) % 2 :]}
            await whole(self, less, answer)

        monkeypatch.setattr(LiveSocket, "_tell", without_every_other)
        mira.press("Enter", "1", "2", "1", "x", "1")
        expect(jo.page.locator(".outline [data-look]").first).to_contain_text("skipped")
        assert_same(mira, jo)

    @pytest.mark.sqlite_only
    def test_layer_that_drops_doubles_or_reorders_every_poke(self, over_http, two, monkeypatch):
        # What travels over the socket is delivered without the layer, if there is one process.
        mira, jo = two()
        send, questions = notify.send, jo.page.locator(".outline [data-look]")
        for fault, prompt in (("drops", SLOW), ("doubles", REPORT), ("reorders", CACHE)):
            with step(fault):
                layer = FaultyLayer(monkeypatch, send, fault)
                mira.page.locator(".outline").get_by_text(prompt).click()
                mira.shows(prompt)
                mira.press("Enter", "1", "2", "1", "x", "1")
                jo.sees(questions.filter(has_text=prompt), "skipped")
                assert_same(mira, jo)
                eventually(mira.page, lambda layer=layer: layer.seen > 0, True)


def close_all(code: int) -> None:
    """The server closes every socket with this code."""
    for loop, monitor in list(socket_monitor._monitors.items()):
        for socket in list(monitor.sockets):
            if loop.is_running():
                asyncio.run_coroutine_threadsafe(socket.close(code), loop)


class FaultyLayer:
    """In place of `notify.send`: a layer that drops, doubles or reorders what it is given."""

    def __init__(self, monkeypatch, send: Callable, fault: str) -> None:
        self.send, self.fault, self.seen = send, fault, 0
        self.held: list = []
        monkeypatch.setattr(notify, "send", self)

    async def __call__(self, group: str, message: dict) -> None:
        self.seen += 1
        if self.fault == "drops":
            return
        if self.fault == "doubles":
            await self.send(group, message)
            await self.send(group, message)
            return
        self.held.append((group, message))
        if len(self.held) == 2:
            for late in reversed(self.held):
                await self.send(*late)
            self.held.clear()
