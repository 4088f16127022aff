"""The scorecard after the call: polish, rate, recommend, submit, read it back, take the PDF."""

import io
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import expect

from interviews.factories import LooseEndFactory, ScriptedPointFactory, ScriptedQuestionFactory
from interviews.models import LateCommand, Note, Panelist, Rating, Scorecard, ScorecardVersion
from interviews.tests.commanding import sender
from interviews.tests.live_page import ONLINE
from interviews.tests.submitting import ended_interview, questions, rate, seat, submit, tick
from tests.steps import step
from tests.waiting import saved

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
SLOW = "How would you speed it up?"
QUEUE = "How do you lay that out?"


class Form:
    """The scorecard page of one panelist in a browser."""

    def __init__(self, page: Any, panelist: Panelist) -> None:
        self.page, self.panelist = page, panelist
        self.status = page.locator("[data-status]")
        self.button = page.locator("[data-submit]")
        self.review = page.get_by_role("dialog", name=re.compile("^Submit your scorecard"))
        page.goto(f"/interviews/{panelist.interview_id}/scorecard/")
        expect(self.button).to_be_enabled()

    def answer(self, prompt: str) -> Any:
        return self.page.get_by_role("article", name=prompt)

    def open_rating(self, prompt: str) -> Any:
        self.answer(prompt).get_by_role("button", name=re.compile("change the rating")).click()
        return self.answer(prompt).get_by_role("group", name="How was the answer?")

    def saved(self) -> None:
        saved(self.page)

    def recommend(self, words: str = "Yes") -> None:
        self.page.get_by_text(words, exact=True).click()

    def submit(self) -> None:
        """Both steps; without a recommendation "No decision"."""
        if not self.page.locator("[data-recommend] input:checked").count():
            self.page.get_by_role("radio", name="No decision").check()
        self.button.click()
        self.review.get_by_role("button", name="Submit now").click()
        self.page.wait_for_url("**/scorecards/*/")


@pytest.fixture
def mira() -> Panelist:
    """The lead of an ended interview with two asked questions and one that was not."""
    interview = ended_interview()
    slow, _ = (*questions(interview, 1, prompt=SLOW), *questions(interview, 1, prompt=QUEUE))
    ScriptedQuestionFactory(section=slow.section, prompt="Never came up?")
    mira = seat(interview, "Mira Rahman", "lead")
    tick(mira, ScriptedPointFactory(question=slow, text="measures first"))
    return mira


@pytest.fixture
def form(open_page: Any, mira: Panelist) -> Form:
    return Form(open_page(mira.user), mira)


class TestWholeWay:
    def test_everything_saves_itself_and_submitting_leads_to_what_was_submitted(
        self, open_page: Any, mira: Panelist, axe: Any, tmp_path: Path
    ):
        LooseEndFactory(panelist=mira, text="Vary header, from caching")
        form = Form(open_page(mira.user), mira)
        page = form.page
        with step("unrated answers are counted"):
            expect(page.locator("[data-unrated]")).to_contain_text("2 answers have no rating.")
            form.answer(SLOW).get_by_role("textbox").fill("Log first. 🦊\nשלום <b>")
            form.open_rating(SLOW).get_by_text("Good").click()
            expect(page.locator("[data-unrated]")).to_contain_text("1 answer has no rating.")
        with step("a loose end is one click from Open questions"):
            page.get_by_label("Open questions").fill("Tokens")
            page.get_by_role("button", name=re.compile("Vary header")).click()
            expect(page.get_by_label("Open questions")).to_have_value("Tokens\nVary header, from caching")
            form.saved()
            assert Scorecard.objects.get().still_open == "Tokens\nVary header, from caching"
        page.get_by_label("What stood out").fill("Outbox\nIdempotency")
        page.get_by_text("Strong yes").click()
        page.get_by_label("Why?").fill("She thinks aloud.")
        axe(page)
        with step("submitting leads to what was submitted"):
            form.submit()
            for words in ("Strong yes", "She thinks aloud.", "Log first. 🦊", "Idempotency", "measures first", "Good"):
                expect(page.get_by_text(words).first).to_be_visible()
            axe(page)
            version = ScorecardVersion.objects.get()
            assert '"text":"Log first. 🦊\\nשלום <b>"' in version.snapshot
            assert Note.objects.get().is_after_call
            assert Rating.objects.get().value == 3
        submitted = page.url
        with step("the PDF is made, downloaded and read"):
            page.get_by_role("link", name="Scorecards as PDF").click()
            expect(page.get_by_role("link", name="Download the PDF")).to_be_visible()
            axe(page)
            with page.expect_download() as download:
                page.get_by_role("link", name="Download the PDF").click()
            assert re.fullmatch(r"scorecard-\d+-[0-9a-f]{8}\.pdf", download.value.suggested_filename)
            download.value.save_as(tmp_path / "it.pdf")
            pages = pypdf.PdfReader(io.BytesIO((tmp_path / "it.pdf").read_bytes())).pages
            text = "".join(one.extract_text() for one in pages)
            for words in ("Ada Okafor", "She thinks aloud."):
                assert words in text
        with step("others are a click away once one's own is in"):
            jo = seat(mira.interview, "Jo Tanaka")
            rate(jo, mira.interview.questions.get(prompt=SLOW), 2)
            submit(jo, because="Jo’s reason")
            page.goto(submitted)
            page.get_by_role("navigation", name="Submitted scorecards").get_by_text("Jo Tanaka").click()
            expect(page.get_by_text("Jo’s reason")).to_be_visible()

    def test_long_texts_are_held_or_shown_whole(self, open_page: Any, mira: Panelist):
        mira.notes.create(text="word " * 3000 + "w" * 3000, at=mira.interview.ended_at)
        form = Form(open_page(mira.user), mira)
        form.open_rating(SLOW)
        with step("nothing runs out of the form"):
            assert self.too_wide(form.page) == []
        with step("a sentence that is too long is said and holds the submission"):
            form.page.get_by_label("Why?").fill("w" * 1002)
            expect(form.page.get_by_text("2 characters too long to save.")).to_be_visible()
            form.button.click()
            expect(form.page.get_by_text("Shorten it, then submit.")).to_be_visible()
            expect(form.page.get_by_label("Why?")).to_be_focused()
            assert not ScorecardVersion.objects.exists()
        form.page.get_by_label("Why?").fill("w" * 1000)
        form.submit()
        assert Scorecard.objects.get().because == "w" * 1000
        with step("nothing runs out of what was submitted"):
            assert self.too_wide(form.page) == []

    def too_wide(self, page: Any) -> list[int]:
        return [width for width in (480, 560, 700, 1440) if self.width_of_content(page, at=width) > width]

    def width_of_content(self, page: Any, *, at: int) -> int:
        page.set_viewport_size({"width": at, "height": 1000})
        width: int = page.evaluate("document.documentElement.scrollWidth")
        return width


class TestAnswers:
    def test_are_rated_noted_and_found(self, form: Form):
        page = form.page
        with step("the live page's keys do not rate"):
            page.locator("h1").click()
            for key in ("g", "d", "1", "x"):
                page.keyboard.press(key)
            form.saved()
            assert not Rating.objects.exists()
        with step("“I don’t know” raises Poor to Mixed and disables Poor"):
            ratings = form.open_rating(SLOW)
            ratings.get_by_text("Poor").click()
            form.answer(SLOW).get_by_label("said “I don’t know”").check()
            expect(ratings.get_by_role("radio", name="Mixed")).to_be_checked()
            expect(ratings.get_by_role("radio", name="Poor")).to_be_disabled()
            expect(form.answer(SLOW).get_by_text("can’t be rated below Mixed")).to_be_visible()
            form.saved()
            assert (Rating.objects.get().value, Rating.objects.get().dont_know) == (2, True)
        with step("the notice leads to the first that is not rated"):
            page.get_by_role("button", name="Rate them").or_(page.get_by_role("button", name="Rate it")).click()
            expect(form.answer(QUEUE).get_by_role("radio", name="Poor")).to_be_focused()
        with step("a rating can be cleared"):
            form.answer(QUEUE).get_by_role("group", name="How was the answer?").get_by_text("Good").click()
            form.answer(QUEUE).get_by_role("button", name="Clear the rating").click()
            expect(form.answer(QUEUE).get_by_text("not rated yet")).to_be_visible()
            form.saved()
            assert Rating.objects.get(question__prompt=QUEUE).value is None
        with step("a question that was not asked is behind a click and can be noted"):
            expect(page.get_by_text("Never came up?")).to_be_hidden()
            page.get_by_text("Show the other question").click()
            form.answer("Never came up?").get_by_role("textbox").fill("Brought it up himself.")
            form.saved()
            assert Note.objects.get().text == "Brought it up himself."
        with step("a note changed in two places keeps both texts"):
            question = form.panelist.interview.questions.get(prompt=SLOW)
            sender(form.panelist, "elsewhere").send("note", question.pk, "from my phone", base_rev=0)
            field = form.answer(SLOW).get_by_role("textbox")
            field.fill("from this page")
            expect(field).to_have_value(re.compile("from my phone"))
            form.saved()
            note = Note.objects.get(question=question)
            assert "from this page" in note.text
            assert note.revision == 2


class TestEnd:
    def test_the_first_step_wants_a_recommendation_and_the_second_lists_what_is_missing(self, form: Form, axe: Any):
        form.button.click()
        expect(form.page.get_by_text("Choose a recommendation first.")).to_be_visible()
        expect(form.page.get_by_role("radio", name="Strong no")).to_be_focused()
        expect(form.review).to_be_hidden()
        form.recommend("Yes")
        form.page.get_by_role("radio", name="No decision").check()
        expect(form.page.get_by_text("Choose a recommendation first.")).to_be_hidden()
        # The second click of a double click does not take the second step.
        form.button.dblclick()
        missing = form.review.get_by_role("listitem").filter(visible=True)
        expect(missing).to_have_text([re.compile("2 answers have no rating"), re.compile("You gave no reason")])
        expect(form.review).to_contain_text("Your recommendation: No decision")
        axe(form.page)
        form.review.get_by_role("button", name="Add a reason").click()
        expect(form.page.get_by_label("Why?")).to_be_focused()
        form.page.keyboard.type("I saw too little.")
        form.open_rating(SLOW).get_by_text("Good").click()
        form.open_rating(QUEUE).get_by_text("Good").click()
        form.button.focus()
        form.page.keyboard.press("Enter")
        form.page.keyboard.press("Enter")
        expect(form.review.get_by_text("Nothing is missing.")).to_be_visible()
        assert not ScorecardVersion.objects.exists()
        form.page.keyboard.press("Tab")
        form.page.keyboard.press("Enter")
        form.page.wait_for_url("**/scorecards/*/")
        card = Scorecard.objects.get()
        assert (card.recommendation, card.is_undecided, card.because) == (None, True, "I saw too little.")
        expect(form.page.get_by_text("No decision")).to_be_visible()

    def test_submitted_in_another_tab_it_says_so_and_what_comes_later_is_kept_beside_it(self, form: Form):
        submit(form.panelist)
        form.page.get_by_label("Why?").fill("Too late, but not lost.")
        expect(form.page.get_by_text("This scorecard was submitted on another page.")).to_be_visible()
        expect(form.button).to_be_disabled()
        assert LateCommand.objects.get().value == "Too late, but not lost."
        assert ScorecardVersion.objects.count() == 1

    def test_submitted_twice_at_the_same_moment_the_second_is_told(self, form: Form):
        form.page.expected_errors = ["409"]
        form.recommend()
        form.saved()
        submit(form.panelist)
        form.button.click()
        form.review.get_by_role("button", name="Submit now").click()
        expect(form.page.get_by_text("Couldn’t submit:")).to_be_visible()
        assert ScorecardVersion.objects.count() == 1

    def test_signed_out_or_offline_everything_typed_is_saved_before_it_is_submitted(self, form: Form):
        page = form.page
        page.expected_errors = ["401", "ERR_INTERNET_DISCONNECTED"]
        with step("signed out, it says so and saves what was typed here"):
            cookies = page.context.cookies()
            page.context.clear_cookies(name="sessionid")
            page.get_by_label("What stood out").fill("Outbox")
            expect(page.get_by_role("link", name="Sign in again. 1 change saved on this device")).to_be_visible()
        with step("signed in again, it arrives"):
            page.context.add_cookies(cookies)
            page.evaluate(ONLINE)
            form.saved()
            assert Scorecard.objects.get().stood_out == "Outbox"
        with step("offline, submitting waits until everything is saved"):
            page.context.set_offline(True)
            form.recommend()
            page.get_by_label("Why?").fill("She thinks aloud.")
            form.button.click()
            expect(form.review.get_by_text("2 changes are not saved yet. Submitting waits for them.")).to_be_visible()
            form.review.get_by_role("button", name="Submit now").click()
            expect(page.get_by_text("Submitting once everything is saved…")).to_be_visible()
            expect(form.status).to_contain_text("Offline · 2 changes saved on this device")
            assert not ScorecardVersion.objects.exists()
            page.context.set_offline(False)
            page.wait_for_url("**/scorecards/*/")
            assert "She thinks aloud." in ScorecardVersion.objects.get().snapshot
