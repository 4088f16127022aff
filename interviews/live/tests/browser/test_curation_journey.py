"""From what an interviewer notices in a call to a better question, by keyboard alone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.factories import CuratorFactory
from interviews.tests.live_page import SLOW, LivePage
from question_bank.models import Question

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
# Two keys a second are a minute.
KEYS_MOST = 120


class Keys:
    """A curator without a mouse. `pressed` counts the keys; a sentence is typed on top."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def tab_to(self, name: str) -> None:
        words = "(document.activeElement.innerText || '').trim()"
        while self.page.evaluate(words) != name:
            self.press("Tab")
            assert self.pressed < KEYS_MOST, f"Tab does not lead to “{name}”"


def test_from_the_call_to_a_new_version_and_a_brownie_point(make_call, open_page, axe):
    call = make_call(live=True, minutes_in=1)
    question = Question.objects.get(prompt=SLOW)
    prepare = open_page(call.lead.user)
    prepare.goto(call.interview.get_absolute_url())
    prepare.locator(".frozen summary").first.focus()
    prepare.keyboard.press("i")
    expect(prepare.get_by_role("textbox", name="Suggestion")).to_be_focused()
    expect(prepare.locator("main")).to_contain_text(SLOW)
    prepare.keyboard.type("Say which page.")
    prepare.keyboard.press("Control+Enter")
    expect(prepare.locator(".message")).to_contain_text("Sent to the curators.")
    assert prepare.url.endswith(call.interview.get_absolute_url())

    mira = LivePage(open_page(call.lead.user, width=560), call)
    mira.press("Enter", "u")
    mira.type("A CDN in front")
    mira.press("Enter", "Escape")
    mira.press("i")
    dialog = mira.page.get_by_role("dialog")
    expect(dialog).to_contain_text(SLOW)
    axe(mira.page)
    mira.type("Redis has changed")
    mira.press("Tab", "ArrowRight", "Enter")
    mira.sees(mira.toast, "Sent to the curators")
    mira.saved()
    call.elsewhere().send("end")
    call.elsewhere().send("submit")

    page = open_page(CuratorFactory(name="Arin Kim"))
    page.goto(reverse("suggestion-list"))
    expect(page.locator("main")).to_contain_text("Redis has changed")
    axe(page)
    curator = Keys(page)
    curator.tab_to("Accept and edit")
    curator.press("Enter")
    expect(page.get_by_text("Mira Rossi suggested: Redis has changed")).to_be_visible()
    prompt = page.get_by_role("textbox", name="Prompt")
    expect(prompt).to_be_focused()
    curator.press("Control+A")
    page.keyboard.type("A page takes ten seconds. Where do you look first?")
    expect(page.locator("#preview h3")).to_contain_text("A page takes ten seconds.")
    curator.press("Control+Enter")
    expect(page.locator(".message").last).to_contain_text("Saved as version 2.")
    curator.tab_to("Add as a point")
    curator.press("Enter")
    expect(page.locator(".message").last).to_contain_text("Added as a brownie point, version 3: “A CDN in front”.")
    expect(page.get_by_role("listitem").filter(has_text="A CDN in front")).to_be_visible()
    assert curator.pressed < KEYS_MOST
    question.refresh_from_db()
    assert (question.prompt, question.version) == ("A page takes ten seconds. Where do you look first?", 3)
    assert question.points.filter(text="A CDN in front", kind="brownie").exists()
