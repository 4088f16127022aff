"""The edit pages in a browser: rows by mouse and by keyboard, unsaved changes, no script at all."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from accounts.factories import CuratorFactory
from question_bank.factories import PointFactory, QuestionFactory, ScriptItemFactory, SectionFactory, TopicFactory
from question_bank.models import Question, Script
from tests.waiting import eventually

pytestmark = pytest.mark.sqlite_only


def rows(page: Page, prefix: str) -> Locator:
    return page.locator(f'[data-rows="{prefix}"] > ol > li:not([hidden])')


def save(page: Page, name: str = "Save") -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator(".message")).to_be_visible()


@pytest.fixture
def question(transactional_db):
    question = QuestionFactory(prompt="Where would you cache?")
    for position, text in enumerate(("browser", "web server"), start=1):
        PointFactory(question=question, text=text, position=position)
    return question


class TestQuestionRows:
    def test_rows_are_added_moved_and_removed_by_keyboard(self, question, open_page, axe):
        page = open_page(CuratorFactory())
        page.goto(reverse("question-edit", args=[question.pk]))
        expect(rows(page, "points")).to_have_count(2)
        page.get_by_role("button", name="Add a point").press("Enter")
        # Three blank rows came with the page; the fourth is made of the template.
        for text in ("memory", "database", "edge", "proxy"):
            page.keyboard.type(text)
            page.keyboard.press("Enter")
        page.keyboard.type("disk")
        page.keyboard.press("Alt+ArrowUp")
        rows(page, "points").nth(0).get_by_role("button", name="Remove").press("Enter")
        expect(page.get_by_role("button", name="Undo").first).to_be_focused()
        axe(page)
        save(page)
        texts = [point.text for point in question.points.all()]
        assert texts == ["web server", "memory", "database", "edge", "disk", "proxy"]

    def test_row_that_was_removed_can_be_kept_and_dragged(self, question, open_page):
        page = open_page(CuratorFactory())
        page.goto(reverse("question-edit", args=[question.pk]))
        rows(page, "points").nth(0).get_by_role("button", name="Remove").click()
        page.get_by_role("button", name="Undo").first.click()
        second = rows(page, "points").nth(1)
        # Onto its lower half.
        below = {"x": 40, "y": second.bounding_box()["height"] - 4}
        rows(page, "points").nth(0).locator("[data-row-drag]").drag_to(second, target_position=below)
        save(page)
        assert [point.text for point in question.points.all()] == ["web server", "browser"]

    def test_new_question_is_written_without_a_mouse(self, transactional_db, open_page, axe):
        TopicFactory(name="Speed")
        QuestionFactory(prompt="Which columns deserve an index?")
        QuestionFactory(prompt="What makes a slow query?")
        page = open_page(CuratorFactory())
        page.goto(reverse("question-create"))
        axe(page)
        page.get_by_label("Prompt").fill("What makes a query slow?")
        expect(page.locator("#similar")).to_contain_text("What makes a slow query?")
        page.get_by_label("Topic").select_option("Speed")
        page.get_by_role("button", name="Add a point").press("Enter")
        page.keyboard.type("names indexes")
        rows(page, "points").nth(0).get_by_label("Kind").select_option("Cue")
        suggests = rows(page, "points").nth(0).get_by_label("Suggests")
        offered = page.get_by_role("listbox", name="Questions")
        suggests.focus()
        for words, option in (
            ("makes", "What makes a slow query?"),
            ("index columns", "Which columns deserve an index?"),
        ):
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type(words)
            page.keyboard.press("Enter")  # takes nothing that is not yet offered, and does not send the form
            expect(offered.get_by_role("option", selected=True)).to_contain_text(option)
            axe(page)
            page.keyboard.press("Enter")
            expect(suggests).to_have_value(option)
        expect(offered).to_be_hidden()
        page.expected_errors += ["ERR_FAILED", "htmx:"]
        page.route(f"**{reverse('question-choose')}**", lambda route: route.abort())
        with page.expect_event("requestfailed"):
            suggests.fill(option)
        with page.expect_navigation():
            suggests.press("Enter")  # sends the form, as in a field without an offer
        point = Question.objects.get(prompt="What makes a query slow?").points.get()
        assert (point.kind, point.leads_to.prompt) == ("cue", "Which columns deserve an index?")


class TestUnsaved:
    def test_leaving_with_changes_asks_and_without_does_not(self, question, open_page):
        page = open_page(CuratorFactory())
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        address = reverse("question-edit", args=[question.pk])
        page.goto(address)
        page.get_by_role("link", name="Cancel").click()
        expect(page.locator("[data-open-question]")).to_be_visible()
        assert asked == []
        page.goto(address)
        page.get_by_label("Guidance").press_sequentially("Let them walk")
        page.get_by_role("link", name="Cancel").click()
        eventually(page, lambda: asked, ["beforeunload"])
        assert page.url.endswith(address)
        save(page)
        assert asked == ["beforeunload"]

    def test_form_that_came_back_still_counts_as_unsaved(self, question, open_page, axe):
        page = open_page(CuratorFactory())
        page.expected_errors = ["409"]
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(reverse("question-edit", args=[question.pk]))
        Question.objects.filter(pk=question.pk).update(prompt="In their words")
        page.get_by_label("Prompt").fill("In my words")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("This was changed while you had it open")
        expect(page.get_by_role("cell", name="In their words")).to_be_visible()
        expect(page.get_by_role("textbox", name="Prompt")).to_have_value("In my words")
        axe(page)
        page.get_by_label("Purpose").or_(page.get_by_label("Why we ask")).click()
        page.get_by_role("link", name="Cancel").click()
        expect(page.locator("[data-open-question]")).to_be_visible()
        assert asked == ["beforeunload"]


class TestScriptRows:
    @pytest.fixture
    def script(self, transactional_db):
        speed = SectionFactory(title="Speed", minutes=15, position=1)
        queues = SectionFactory(script=speed.script, title="Queues", minutes=10, position=2)
        for section, prompt in ((speed, "Where to cache?"), (speed, "Which index?"), (queues, "Why a queue?")):
            ScriptItemFactory(section=section, question=QuestionFactory(prompt=prompt), position=len(prompt))
        return speed.script

    def titles(self, script: Script) -> dict[str, list[str]]:
        sections = Script.objects.with_parts().get(pk=script.pk).sections.all()
        return {section.title: [str(item) for item in section.items.all()] for section in sections}

    def test_question_moves_on_into_the_next_section(self, script, open_page, axe):
        page = open_page(CuratorFactory())
        page.goto(reverse("script-edit", args=[script.pk]))
        axe(page)
        page.locator("[name=items-1-is_must_ask]").focus()
        page.keyboard.press("Alt+ArrowDown")
        save(page, "Publish")
        assert sorted(map(len, self.titles(script).values())) == [1, 2]
        assert len(self.titles(script)["Queues"]) == 2
        # The same with the mouse: a question back to the first section, then that section to the end.
        page.goto(reverse("script-edit", args=[script.pk]))
        sections = rows(page, "sections")
        handle = ":scope > .row-buttons [data-row-drag]"
        question = sections.nth(1).locator("[data-rows=items] > ol > li:visible").first
        question.locator(handle).drag_to(sections.first.locator("[data-rows=items] > ol > li:visible").first)
        expect(sections.first.locator("[data-rows=items] > ol > li:visible")).to_have_count(2)
        sections.first.locator(handle).drag_to(
            sections.nth(1).locator("[data-rows=items] > ol > li:visible").last, target_position={"x": 20, "y": 20}
        )
        save(page, "Publish")
        assert {title: len(questions) for title, questions in self.titles(script).items()} == {"Queues": 1, "Speed": 2}
        assert list(self.titles(script)) == ["Queues", "Speed"]

    def test_minutes_add_up_while_sections_come_and_go(self, script, open_page):
        page = open_page(CuratorFactory())
        page.goto(reverse("script-edit", args=[script.pk]))
        total = page.locator("[data-total-minutes]")
        expect(total).to_have_text("25")
        # One blank section came with the page; the second is made of the template.
        for title, minutes in (("Yours", "5"), ("REST", "7")):
            page.get_by_role("button", name="Add a section").press("Enter")
            page.keyboard.type(title)
            rows(page, "sections").last.get_by_label("Minutes").fill(minutes)
        expect(total).to_have_text("37")
        rows(page, "sections").nth(1).locator(":scope > .row-buttons [data-row-remove]").click()
        expect(total).to_have_text("27")
        rows(page, "sections").last.locator(":scope > .row-buttons [data-row-up]").click()
        save(page, "Publish")
        assert list(self.titles(script)) == ["Speed", "REST", "Yours"]

    def test_script_for_a_45_minute_slot_is_built_from_nothing_by_keyboard(self, transactional_db, open_page, axe):
        QuestionFactory(prompt="Where to cache?", minutes=8, form="design")
        QuestionFactory(prompt="Which index?", minutes=8, form="debugging")
        QuestionFactory(prompt="Tell me about an outage.", minutes=10, form="behavioural")
        page = open_page(CuratorFactory())
        page.goto(reverse("script-create"))
        keys, found = page.keyboard, page.locator("#picks-found")
        page.get_by_label("Name").focus()
        keys.type("Backend, short")
        page.get_by_label("Slot").focus()
        keys.type("45")
        for title, minutes, words in (
            ("Cases", "20", ("cache", "index")),
            ("Work", "15", ("outage",)),
            ("Yours", "10", ()),
        ):
            page.get_by_role("button", name="Add a section").press("Enter")
            keys.type(title)
            keys.press("Tab")
            keys.type(minutes)
            keys.press("Enter")  # goes on to the questions
            expect(page.get_by_role("heading", name=f"Add questions to “{title}”")).to_be_visible()
            for word in words:
                keys.type(word)
                keys.press("Enter")
                expect(found.locator("[data-pick]:focus")).to_contain_text(word)
                keys.press("Enter")
                expect(found.get_by_text("In the script")).to_be_visible()
                keys.press("/")
            axe(page)
            keys.press("Escape")
        rows(page, "sections").last.get_by_label("Candidate’s own questions").press("Space")
        plan = page.get_by_role("status").filter(has_text="in total")
        expect(plan).to_contain_text("45 min of 45")
        expect(page.locator(".warn-ink")).to_have_count(0)
        save(page, "Publish")
        script = Script.objects.get(name="Backend, short")
        assert self.titles(script) == {
            "Cases": ["Where to cache?", "Which index?"], "Work": ["Tell me about an outage."], "Yours": [],
        }  # fmt: skip


class TestWithoutAScript:
    def test_rows_are_written_numbered_and_removed(self, question, open_page):
        page = open_page(CuratorFactory(), java_script_enabled=False)
        page.goto(reverse("question-edit", args=[question.pk]))
        expect(page.get_by_role("button", name="Add a point")).to_be_hidden()
        page.locator("[name=points-2-text]").fill("memory")
        page.locator("[name=points-2-ORDER]").fill("0")
        page.get_by_label("Remove this point").first.check()
        save(page)
        assert [point.text for point in question.points.all()] == ["memory", "web server"]
