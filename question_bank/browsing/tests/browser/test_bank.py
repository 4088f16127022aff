"""The bank in a browser: search while typing, the list by keyboard, one column beside a call."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.factories import InterviewerFactory
from question_bank.browsing.listing import LIST_LENGTH
from question_bank.factories import PointFactory, QuestionFactory, TopicFactory

pytestmark = pytest.mark.sqlite_only

LIST = reverse("question-list")


@pytest.fixture
def questions(transactional_db):
    topic = TopicFactory(key="speed", name="Speed")
    caching = QuestionFactory(topic=topic, prompt="Where would you cache?", position=1)
    PointFactory(question=caching, text="names the browser")
    index = QuestionFactory(topic=topic, prompt="Which columns deserve an index?", position=2)
    QuestionFactory(parent=caching, prompt="What does a cache cost?", condition="when caching comes up")
    return caching, index


class TestSearch:
    def test_slash_leads_to_the_search_and_typing_narrows_the_list(self, questions, open_page, axe):
        page = open_page(InterviewerFactory())
        page.goto(LIST)
        expect(page.locator("[data-question]")).to_have_count(3)
        middles = "(all) => all.map((one) => one.getBoundingClientRect()).map((box) => box.top + box.height / 2)"
        row = page.locator("#found, #level, #form").evaluate_all(middles)
        assert max(row) - min(row) < 2, "count and filters in one row"
        page.keyboard.press("/")
        page.keyboard.type("CÁCHE browser")
        expect(page.locator("[data-question]")).to_have_count(1)
        expect(page.get_by_text("1 question matching “CÁCHE browser”")).to_be_visible()
        expect(page).to_have_url(re.compile(re.escape("?q=C%C3%81CHE+browser") + "$"))
        axe(page)
        page.keyboard.press("Escape")
        expect(page.locator("[data-question]")).to_have_count(3)

    def test_search_keeps_the_open_question(self, questions, open_page):
        page = open_page(InterviewerFactory())
        page.goto(questions[0].get_absolute_url())
        page.keyboard.press("/")
        page.keyboard.type("index")
        expect(page.locator("[data-question]")).to_have_count(1)
        expect(page.get_by_role("heading", name="Where would you cache?")).to_be_visible()
        page.reload()
        expect(page.locator("[data-question]")).to_have_count(1)
        expect(page.get_by_role("heading", name="Where would you cache?")).to_be_visible()


class TestList:
    def test_arrows_walk_and_enter_opens_only_the_question(self, questions, open_page, axe):
        page = open_page(InterviewerFactory())
        page.goto(LIST)
        page.evaluate("document.querySelector('#search').dataset.kept = 'yes'")
        page.locator("#search").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="What does a cache cost?")).to_be_visible()
        expect(page).to_have_title("What does a cache cost? · Question bank · Interview Script")
        expect(page.locator("#results [aria-current]")).to_contain_text("What does a cache cost?")
        expect(page.locator("#search")).to_have_attribute("data-kept", "yes")
        axe(page)
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        expect(page.locator("#search")).to_be_focused()
        page.go_back()
        expect(page.get_by_text("Choose a question to read it here")).to_be_visible()

    def test_topic_narrows_the_list_and_can_be_gone_back_from(self, questions, open_page):
        QuestionFactory(topic=TopicFactory(name="Queues"))
        page = open_page(InterviewerFactory())
        page.goto(LIST)
        page.get_by_role("link", name="Speed 3").click()
        expect(page.locator("[data-question]")).to_have_count(3)
        expect(page.locator("#ways [aria-current]")).to_contain_text("Speed")
        page.go_back()
        expect(page.locator("[data-question]")).to_have_count(4)

    def test_more_goes_on_from_the_first_new_question(self, open_page, transactional_db):
        QuestionFactory.create_batch(LIST_LENGTH + 2, topic=TopicFactory())
        page = open_page(InterviewerFactory())
        page.goto(LIST)
        page.get_by_role("link", name="Show more").press("Enter")
        expect(page.locator("[data-question]")).to_have_count(LIST_LENGTH + 2)
        expect(page.locator("[data-question]").nth(LIST_LENGTH)).to_be_focused()

    def test_slash_is_left_alone_for_those_who_switched_keys_off(self, questions, open_page):
        page = open_page(InterviewerFactory(has_keys_on=False))
        page.goto(LIST)
        page.keyboard.press("/")
        expect(page.locator("#search")).not_to_be_focused()


class TestOneColumn:
    def test_list_then_question_then_back(self, questions, open_page, axe):
        page = open_page(InterviewerFactory(), width=560)
        page.goto(f"{LIST}?topic=speed")
        expect(page.get_by_text("Choose a question to read it here")).to_be_hidden()
        page.get_by_role("link", name="Which columns deserve an index?").press("Enter")
        expect(page.get_by_role("heading", name="Which columns deserve an index?")).to_be_visible()
        for part in ("#results", "#search", "#ways"):
            expect(page.locator(part)).to_be_hidden()
        expect(page.locator("#question")).to_be_focused()
        axe(page)
        page.get_by_role("link", name="All questions").click()
        expect(page.locator("#results")).to_be_visible()
        expect(page).to_have_url(re.compile(r"\?topic=speed$"))

    def test_nothing_is_wider_than_the_window(self, transactional_db, open_page):
        question = QuestionFactory(prompt="Unbroken" * 100, guidance="Unbroken" * 100)
        PointFactory(question=question, text="Unbroken" * 30)
        page = open_page(InterviewerFactory(), width=360)
        for address in (LIST, question.get_absolute_url()):
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") == 360
