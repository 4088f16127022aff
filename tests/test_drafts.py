"""Drafts of forms survive reload, expired sign-in and errors, until the form is saved."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.factories import CuratorFactory, HiringManagerFactory
from interviews.factories import CandidateFactory, InterviewFactory, OpeningFactory
from interviews.models import Candidate, Interview
from question_bank.factories import PointFactory, QuestionFactory, ScriptItemFactory, SectionFactory
from question_bank.models import Question
from tests.steps import step
from tests.waiting import eventually

pytestmark = pytest.mark.sqlite_only

PASSWORD = "correct horse battery staple"
BACK = re.compile(r"Restored your unsaved changes from \d\d:\d\d: .+\. Discard changes")
KEPT = """async () => {
    const { connect, done, DRAFTS } = await import("/static/js/outbox/storage.js");
    return done((await connect()).transaction(DRAFTS).objectStore(DRAFTS).getAll());
}"""

# Whether one of the drafts has the values of the page's fields.
SHOWN = """(drafts) => {
    const shown = (name) => {
        const [field, ...others] = document.getElementsByName(name);
        if (field?.multiple) return [...field.selectedOptions].map(({ value }) => value);
        const isChoice = ["checkbox", "radio"].includes(field?.type);
        return isChoice ? [field, ...others].filter(({ checked }) => checked).map(({ value }) => value) : field?.value;
    };
    const isShown = ([name, value]) => JSON.stringify(value) === JSON.stringify(shown(name));
    return drafts.some((now) => Object.entries(now).every(isShown));
}"""


@pytest.fixture(autouse=True)
def _database(transactional_db: None) -> None:
    """The browser's server reads from other connections."""


@pytest.fixture
def question() -> Question:
    question = QuestionFactory(prompt="Where would you cache?")
    PointFactory(question=question, text="browser", position=1)
    return question


def draft_is_kept(page: Page) -> None:
    """Wait until a draft has all that the page shows: some milliseconds after the last key."""
    eventually(page, lambda: page.evaluate(SHOWN, [row["value"]["now"] for row in page.evaluate(KEPT)]), True)


def no_draft_is_left(page: Page) -> None:
    """Wait until the page has deleted the draft of what it says is saved."""
    eventually(page, lambda: drafts(page), [])


def drafts(page: Page) -> list[str]:
    return [row["key"] for row in page.evaluate(KEPT)]


def opened(open_page: Callable[..., Page], user: AbstractBaseUser, address: str) -> Page:
    page = open_page(user)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    return page


class TestReload:
    def test_text_and_added_rows_are_back_until_they_are_discarded_or_saved(self, open_page, question, axe):
        page = opened(open_page, CuratorFactory(), reverse("question-edit", args=[question.pk]))
        with step("after a week it is still there with its day"):
            page.get_by_label("Why we ask").fill("Old.")
            draft_is_kept(page)
            page.evaluate(
                """async () => {
                    const { createDrafts } = await import("/static/js/outbox/storage.js");
                    const drafts = createDrafts(document.body.dataset.user);
                    const [{ name, value }] = await drafts.all();
                    await drafts.put(name, { ...value, at: value.at - 8 * 86400000 });
                }"""
            )
            page.reload()
            day = re.compile(r"from \d+ \w+, \d\d:\d\d: Why we ask\.")
            expect(page.locator("[data-draft-line]")).to_have_text(day)
            expect(page.get_by_label("Why we ask")).to_have_value("Old.")
        with step("discarding brings back what is saved"):
            page.get_by_role("button", name="Discard changes").click()
            expect(page.locator("[data-draft-line]")).to_have_count(0)
            expect(page.get_by_label("Why we ask")).to_have_value(question.purpose)
            no_draft_is_left(page)
        page.get_by_label("Why we ask").fill("To hear where they look first. 🦊")
        page.get_by_role("button", name="Add a point").click()
        for text in ("web server", "memory", "database", "edge"):
            page.keyboard.type(text)
            page.keyboard.press("Enter")
        page.keyboard.type("disk")
        page.keyboard.press("Alt+ArrowUp")
        draft_is_kept(page)
        page.reload()
        expect(page.locator("[data-draft-line]")).to_have_text(BACK)
        expect(page.get_by_label("Why we ask")).to_have_value("To hear where they look first. 🦊")
        axe(page)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".message")).to_be_visible()
        no_draft_is_left(page)
        question.refresh_from_db()
        assert question.purpose == "To hear where they look first. 🦊"
        texts = [point.text for point in question.points.all()]
        assert texts == ["browser", "web server", "memory", "database", "disk", "edge"]
        page.goto(reverse("question-edit", args=[question.pk]))
        expect(page.locator("[data-draft-line]")).to_have_count(0)

    def test_rows_of_a_script_are_back_in_their_sections(self, open_page, question):
        first = SectionFactory(title="First", position=1)
        ScriptItemFactory(section=first, question=question)
        SectionFactory(script=first.script, title="Second", position=2)
        page = opened(open_page, CuratorFactory(), reverse("script-edit", args=[first.script.pk]))
        page.get_by_role("button", name="Add a section").click()
        page.keyboard.type("Third")
        titles = '[data-rows="sections"] > ol > li:not([hidden]) [name$="-title"]'
        before = page.locator(titles).evaluate_all("(fields) => fields.map((field) => field.value)")
        draft_is_kept(page)
        page.reload()
        expect(page.locator("[data-draft-line]")).to_have_text(BACK)
        assert page.locator(titles).evaluate_all("(fields) => fields.map((field) => field.value)") == before
        assert "Third" in before


class TestRestoring:
    """A draft over a row that another person changed since."""

    def restored(self, open_page: Callable[..., Page]) -> tuple[Page, Candidate]:
        """Notes and email were typed and the tab closed; then another person changes the notes and the name."""
        opening = OpeningFactory(managers=[hana := HiringManagerFactory(), jo := HiringManagerFactory(name="Jo")])
        ada = CandidateFactory(opening=opening, name="Ada", notes="", email="")
        page = opened(open_page, hana, reverse("candidate-edit", args=[ada.pk]))
        page.get_by_label("Notes").fill("Mine.")
        page.get_by_label("Email").fill("ada@example.org")
        draft_is_kept(page)
        other = opened(open_page, jo, reverse("candidate-edit", args=[ada.pk]))
        other.get_by_label("Notes").fill("Theirs.")
        other.get_by_label("Name").fill("Ada Okafor")
        other.get_by_role("button", name="Save").click()
        expect(other.locator(".message")).to_be_visible()
        page.reload()
        return page, ada

    def test_restores_what_its_author_changed_and_saving_it_shows_what_both_did(self, open_page, axe):
        page, ada = self.restored(open_page)
        with step("only what its author changed is restored and named"):
            expect(page.locator("[data-draft-line]")).to_contain_text(": Email, Notes.")
            expect(page.get_by_label("Name")).to_have_value("Ada Okafor")
            expect(page.get_by_label("Notes")).to_have_value("Mine.")
        page.expected_errors.append("409")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".clash")).to_contain_text("Last saved by Jo")
        expect(page.locator(".clash").get_by_role("cell", name="Theirs.")).to_be_visible()
        axe(page)
        page.get_by_label("Use this for Notes, as saved").check()
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".message")).to_be_visible()
        ada.refresh_from_db()
        assert (ada.name, ada.email, ada.notes) == ("Ada Okafor", "ada@example.org", "Theirs.")
        no_draft_is_left(page)

    def test_rows_that_were_added_meanwhile_are_not_typed_over(self, open_page, question):
        address = reverse("question-edit", args=[question.pk])
        page = opened(open_page, CuratorFactory(), address)
        page.locator('[name="points-0-text"]').fill("browser cache")
        draft_is_kept(page)
        PointFactory(question=question, text="theirs", position=0)
        page.reload()
        expect(page.locator("[data-draft-line]")).to_be_visible()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".message")).to_be_visible()
        assert [point.text for point in question.points.all()] == ["theirs", "browser cache"]


class TestSigningOut:
    def test_it_asks_and_then_removes_this_persons_drafts_alone(self, open_page, question, axe):
        page = opened(open_page, CuratorFactory(), reverse("question-edit", args=[question.pk]))
        page.get_by_label("Why we ask").fill("Mine.")
        draft_is_kept(page)
        page.evaluate(
            """async () => {
                const { createDrafts } = await import("/static/js/outbox/storage.js");
                await createDrafts(999).put("question:1", { now: {}, was: {} });
            }"""
        )
        page.goto("/")
        page.locator(".site-person summary").click()
        page.get_by_role("button", name="Sign out").click()
        dialog = page.locator("#sign-out-first")
        expect(dialog).to_contain_text("1 draft isn’t saved yet")
        expect(dialog.get_by_role("link", name="Open “Edit question”")).to_be_visible()
        expect(dialog.get_by_text("Changes to an interview")).to_be_hidden()
        axe(page)
        page.get_by_role("button", name="Sign out and delete drafts").click()
        page.wait_for_url("**/sign-in/**")
        eventually(page, lambda: drafts(page), ["999:question:1"])

    def test_with_nothing_unsaved_it_does_not_ask(self, open_page):
        page = opened(open_page, CuratorFactory(), "/account/")
        page.locator(".site-person summary").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()


class TestSaving:
    def test_somebody_elses_save_meanwhile_is_told_of(self, open_page, question):
        page = opened(open_page, CuratorFactory(), reverse("question-edit", args=[question.pk]))
        page.get_by_label("Why we ask").fill("Mine.")
        draft_is_kept(page)
        other = opened(open_page, CuratorFactory(), reverse("question-edit", args=[question.pk]))
        other.get_by_label("Why we ask").fill("Theirs.")
        other.get_by_role("button", name="Save", exact=True).click()
        expect(other.locator(".message")).to_be_visible()
        page.reload()
        page.expected_errors.append("409")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("This was changed while you had it open")).to_be_visible()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".message")).to_be_visible()
        question.refresh_from_db()
        assert question.purpose == "Mine."

    def test_a_form_that_comes_back_with_errors_keeps_its_draft(self, open_page):
        opening = OpeningFactory(managers=[hana := HiringManagerFactory()])
        page = opened(open_page, hana, reverse("candidate-create", args=[opening.pk]))
        page.get_by_label("Notes").fill("Eight years of it.")
        page.expected_errors.append("422")
        page.get_by_role("button", name="Add candidate").click()
        expect(page.get_by_label("Notes")).to_have_value("Eight years of it.")
        expect(page.locator("[data-draft-line]")).to_have_count(0)
        page.goto(reverse("candidate-create", args=[opening.pk]))
        expect(page.get_by_label("Notes")).to_have_value("Eight years of it.")
        page.get_by_label("Name").fill("Ada Okafor")
        page.get_by_role("button", name="Add candidate").click()
        page.wait_for_url("**/candidates/*/")
        no_draft_is_left(page)
        assert Candidate.objects.get().notes == "Eight years of it."


class TestSignIn:
    def cancel(self, open_page: Callable[..., Page]) -> tuple[Page, Interview, Any]:
        hana = HiringManagerFactory()
        hana.set_password(PASSWORD)
        hana.save()
        interview = InterviewFactory(candidate=CandidateFactory(opening=OpeningFactory(managers=[hana])))
        page = opened(open_page, hana, reverse("interview-cancel", args=[interview.pk]))
        page.get_by_label("Reason").fill("The candidate has withdrawn")
        draft_is_kept(page)
        page.context.clear_cookies(name="sessionid")
        return page, interview, hana

    def sign_in(self, page: Page, user: Any) -> None:
        page.get_by_label("Email").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "sign-in" not in url)

    def test_text_without_password_and_token_is_there_after_an_expired_sign_in(self, open_page):
        page, interview, hana = self.cancel(open_page)
        page.get_by_role("button", name="Cancel interview").click()
        page.wait_for_url("**/sign-in/**")
        assert PASSWORD not in json.dumps(page.evaluate(KEPT))
        assert "csrf" not in json.dumps(page.evaluate(KEPT))
        self.sign_in(page, hana)
        expect(page.get_by_label("Reason")).to_have_value("The candidate has withdrawn")
        page.get_by_role("button", name="Cancel interview").click()
        expect(page.locator(".message")).to_be_visible()
        interview.refresh_from_db()
        assert interview.cancel_reason == "The candidate has withdrawn"
        no_draft_is_left(page)

    def test_another_user_of_the_same_browser_sees_nothing(self, open_page):
        page, interview, hana = self.cancel(open_page)
        jo = HiringManagerFactory()
        interview.opening.managers.add(jo)
        client = Client()
        client.force_login(jo)
        origin = page.evaluate("location.origin")
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": origin}])
        page.goto(reverse("interview-cancel", args=[interview.pk]))
        expect(page.get_by_label("Reason")).to_have_value("")
        expect(page.locator("[data-draft-line]")).to_have_count(0)
        assert drafts(page) == [f"{hana.pk}:cancel:{interview.pk}"]


class TestTwoPagesOfOneForm:
    def test_each_keeps_its_own_text_also_once_the_other_is_saved(self, open_page):
        manager = HiringManagerFactory()
        opening = OpeningFactory(managers=[manager])
        address = reverse("candidate-create", args=[opening.pk])
        first = opened(open_page, manager, address)
        second = first.context.new_page()
        second.goto(address)
        first.get_by_label("Name").fill("Ada")
        second.get_by_label("Name").fill("Bob")
        for page in (first, second):
            draft_is_kept(page)
        with step("a third one begins with neither"):
            third = first.context.new_page()
            third.goto(address)
            third.get_by_label("Source").fill("Referral")
            draft_is_kept(third)
            expect(third.get_by_label("Name")).to_have_value("")
            third.close()
        with step("a reloaded one has its own"):
            second.reload()
            expect(second.get_by_label("Name")).to_have_value("Bob")
        second.get_by_role("button", name="Add candidate").click()
        expect(second.get_by_role("heading", name="Bob")).to_be_visible()
        with step("saving one leaves the other's"):
            first.reload()
            expect(first.locator("[data-draft-line]")).to_have_text(BACK)
            expect(first.get_by_label("Name")).to_have_value("Ada")
