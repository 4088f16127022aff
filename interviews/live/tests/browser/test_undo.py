"""Undo and redo: by key and by button, moves included, across a reload; and what the others see of it."""

import re

import pytest
from playwright.sync_api import expect

from accounts.factories import InterviewerFactory
from interviews.factories import PanelistFactory
from interviews.models import Interview, Panelist, Rating, ScriptedQuestion, Tick
from interviews.tests.commanding import sender
from interviews.tests.live_page import CACHE, QUERY, REPORT, SLOW, LivePage
from tests.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
State = ScriptedQuestion.State

# How many acts of this user can be undone, as stored on the device.
STORED = """async (user) => {
    const { createDrafts } = await import("/static/js/outbox/storage.js");
    return (await createDrafts(`undo:${user}`).all()).length;
}"""


class TestAlone:
    def test_every_act_is_undone_and_redone_across_a_reload(self, make_call, open_live):
        call = make_call(minutes_in=-20)
        live = open_live(call)
        start = live.page.get_by_role("button", name="Start the interview")
        start.click()
        early = live.page.get_by_role("dialog", name="Start early?")
        live.sees(early, re.compile(r"planned for .*, in 20 min\."))
        early.get_by_role("button", name="Start now").click()
        live.sees(live.toast, "You started the interview")
        live.toast.get_by_role("button", name="Undo").click()
        expect(start).to_be_visible()
        live.toast.get_by_role("button", name="Redo").click()
        live.sees(live.page.locator("[data-pace-welcome]"), "Welcome1 min")
        live.press("Enter")
        live.sees(live.card, "Asked at")
        live.press("s")
        live.sees(live.page.locator("[data-paused]"), re.compile(r"^\s*Paused since \d\d:\d\d by Mira Rossi\."))
        above, below = (live.page.locator(one).bounding_box() for one in ("[data-over-card]", ".one.is-shown .meta"))
        assert above["y"] + above["height"] <= below["y"]  # a line that comes covers nothing of the question
        live.press("z")
        live.sees(live.toast, "Undone: pausing the call")
        expect(live.page.locator("[data-paused]")).to_be_hidden()
        live.press("1", "g", "f")
        live.shows(CACHE)
        live.press("u")
        live.type("A view")
        live.press("Enter", "x", "2", "l")
        live.type("Vary")
        live.press("Enter", "k")
        live.shows(SLOW)
        live.saved()
        before = facts(call)
        live.open()
        undone = [
            ("going to “A page is slow", CACHE),
            ("to follow up later: “Vary”", CACHE),
            ("skipping, already answered", CACHE),
            ("the point “A view”", CACHE),
            ("asking “Where can", SLOW),
            ("rating Good", SLOW),
            ("tick “Brings up caching”", SLOW),
        ]
        for words, prompt in undone:
            live.press("z")
            live.sees(live.toast, f"Undone: {words}")
            live.shows(prompt)
        live.saved()
        assert facts(call) == (State.ASKED, State.UNASKED, 0, [None], SLOW)
        expect(live.page.get_by_role("checkbox", name="Vary")).to_have_count(0)
        for _ in undone[:-1]:
            live.press("Shift+z")
        live.page.locator("[data-top]").get_by_role("button", name="Redo").click()
        live.shows(SLOW)
        live.saved()
        assert facts(call) == before
        expect(live.page.locator("[data-top]").get_by_role("button", name="Redo")).to_be_disabled()
        expect(live.page.get_by_role("checkbox", name="Vary")).to_be_visible()
        eventually(live.page, lambda: live.page.evaluate(STORED, call.lead.user_id) >= len(undone), True)
        live.page.goto("/")
        live.page.locator(".site-person summary").click()
        live.page.get_by_role("button", name="Sign out").click()
        live.page.get_by_role("button", name="Sign in").wait_for()
        eventually(live.page, lambda: live.page.evaluate(STORED, call.lead.user_id), 0)

    def test_what_a_colleague_recorded_meanwhile_stays_even_if_one_was_offline(self, make_call, open_live):
        call = make_call(live=True)
        jo = sender(PanelistFactory(interview=call.interview))
        live = open_live(call)
        live.press("Enter", "2", "j")
        live.shows(QUERY)
        live.page.locator(".outline").get_by_text(REPORT).click()
        live.press("Enter")
        live.saved()
        live.page.expected_errors += ["Failed to load resource", "WebSocket"]
        live.page.context.set_offline(True)
        jo.send("tick", call.point("Report point 1").pk)
        live.press("z")
        live.sees(live.toast, "Undone: asking “A report")
        live.page.context.set_offline(False)
        live.sees(live.toast, "stays asked: something is recorded there")
        live.saved()
        assert call.question(REPORT).state == State.ASKED
        # The move itself is taken back.
        assert Interview.objects.get().current_question == call.question(QUERY)


def facts(call):
    interview = Interview.objects.get(pk=call.interview.pk)
    current = interview.current_question and interview.current_question.prompt
    heard = Tick.objects.filter(panelist=call.lead).count()
    ratings = list(Rating.objects.filter(panelist=call.lead).values_list("value", flat=True))
    return call.question(SLOW).state, call.question(CACHE).state, heard, ratings, current


class TestPanel:
    @pytest.fixture
    def two(self, make_call, open_page):
        call = make_call(live=True, minutes_in=1)
        call.jo = PanelistFactory(interview=call.interview, user=InterviewerFactory(name="Jo Tanaka"))
        return LivePage(open_page(call.lead.user), call), LivePage(open_page(call.jo.user, width=560), call)

    def test_the_others_see_who_did_it_in_the_same_words_and_stay_where_they_are(self, two):
        mira, jo = two
        theirs = jo.page.locator("[data-toast=theirs]")
        mira.press("Enter")
        jo.sees(jo.card.locator("[data-covered-words]"), "Asked by Mira")
        jo.card.locator("textarea").focus()
        place = "document.activeElement.getBoundingClientRect().top"
        top = jo.page.evaluate(place)
        mira.press("x", "1")
        mira.sees(mira.toast, f"You skipped, out of time: {SLOW}")
        jo.sees(theirs, f"Mira skipped, out of time: {SLOW}")
        mira.toast.get_by_role("button", name="Undo").click()
        jo.sees(theirs, "Mira undid the skip")
        mira.page.get_by_role("button", name="Mark as not asked").click()
        jo.sees(theirs, f"Mira marked as not asked: {SLOW}")
        mira.press("z")
        jo.sees(jo.card.locator("[data-covered-words]"), "Asked by Mira")
        assert abs(jo.page.evaluate(place) - top) < 4
        mira.page.get_by_role("button", name="Make Jo lead").click()
        mira.page.get_by_role("button", name="Make lead").click()
        mira.sees(mira.toast, "You made Jo the lead")
        jo.sees(theirs, "Mira made you the lead")
        mira.toast.get_by_role("button", name="Undo").click()
        jo.sees(jo.said, "You are now interviewing")
        mira.page.get_by_role("button", name="Wrap up").click()
        mira.page.get_by_role("button", name="End the call").click()
        jo.sees(theirs, "Mira ended the call")
        mira.toast.get_by_role("button", name="Undo").click()
        jo.sees(theirs, "Mira reopened the call")
        expect(mira.page.locator("[data-skip]")).to_be_visible()
        mira.saved()
        assert mira.call.lead == Panelist.objects.get(part=Panelist.Part.LEAD)
        assert Interview.objects.get().current_question == mira.call.question(SLOW)
