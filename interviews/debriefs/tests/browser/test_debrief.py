"""Debrief, revision, decision and comparison in a browser, by keyboard alone; and pages with too much on them."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.factories import HiringManagerFactory
from accounts.models import User
from interviews.factories import CandidateFactory, NoteFactory, OpeningFactory
from interviews.models import Decision, Interview, Opening, Panelist, ScorecardVersion
from interviews.tests.submitting import ended_interview, questions, rate, seat, submit
from question_bank.factories import QuestionFactory
from tests.looking import look_at
from tests.steps import step
from tests.test_drafts import PASSWORD, draft_is_kept, no_draft_is_left

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

LONG_NAME = "Maximiliana-Konstantina von Hohenzollern-Sigmaringen y Fernández de Córdoba"


@pytest.fixture
def opening(transactional_db: None) -> Opening:
    return OpeningFactory(managers=[HiringManagerFactory(name="Hana Berg")])


@pytest.fixture
def hana(opening: Opening) -> User:
    found: User = opening.managers.get()
    return found


@pytest.fixture
def interviews(opening: Opening) -> list[Interview]:
    """Two candidates on the same four questions; on one of them Mira and Jo are two steps apart."""
    sources = [QuestionFactory(prompt=prompt) for prompt in ("Slow page?", "Tokens?", "Queues?", "Paging?")]
    panel = [seat(ended_interview(), name).user for name in ("Mira Rahman", "Jo Tanaka")]
    found = []
    for name, jo_rates in (("Ada Okafor", 4), ("Kwame Mensah", 3)):
        start = timezone.now() - dt.timedelta(hours=30)
        candidate = CandidateFactory(opening=opening, name=name)
        end = start + dt.timedelta(hours=1)
        interview = ended_interview(candidate=candidate, scheduled_for=start, ended_at=end)
        seats = [
            Panelist.objects.create(interview=interview, user=user, part=part)
            for user, part in zip(panel, ("lead", "interviewer"), strict=True)
        ]
        for source in sources:
            [question] = questions(interview, 1, source=source, prompt=source.prompt, topic=source.prompt.strip("?"))
            for panelist, rating in zip(seats, (2, jo_rates if source == sources[1] else 2), strict=True):
                rate(panelist, question, rating)
                NoteFactory(panelist=panelist, question=question, text=f"{panelist} on {source.prompt}")
        for panelist in seats:
            submit(panelist, recommendation=3, because=f"{panelist} would.")
        found.append(interview)
    return found


def enter(page: Page, role: Any, name: str, key: str = "Enter") -> None:
    """Use what Tab leads to, without the mouse. That Tab leads there, `look_at` sees to."""
    page.get_by_role(role, name=name).first.focus()
    page.keyboard.press(key)


class TestJourney:
    def test_read_revise_decide_and_compare_by_keyboard(self, open_page, hana, interviews, axe):
        ada = interviews[0]
        mira = open_page(ada.panelists.get(part="lead").user)
        mira.goto(reverse("debrief", args=[ada.pk]))
        expect(mira.get_by_text("Tokens: Mira rated Mixed, Jo Excellent")).to_be_visible()
        expect(mira.get_by_text("Jo Tanaka on Tokens?")).to_be_visible()
        expect(mira.get_by_role("button", name="Record the decision")).to_have_count(0)
        axe(mira)
        enter(mira, "link", "Revise my scorecard")
        expect(mira.get_by_role("heading", level=1)).to_contain_text("Revise your scorecard")
        mira.get_by_label("Rating: Tokens?").focus()
        mira.keyboard.type("Good")
        mira.get_by_label("Reason for the revision").focus()
        mira.keyboard.type("Jo asked better.")
        axe(mira)
        enter(mira, "button", "Submit revision")
        expect(mira.get_by_text("revised to Good")).to_be_visible()
        assert not ScorecardVersion.objects.get(number=2).is_blind

        page = open_page(hana)
        page.goto("/")
        enter(page, "link", "Ada Okafor")
        expect(page.get_by_text("Jo asked better.")).to_be_visible()
        enter(page, "link", "Decide")
        against = page.get_by_label("Why overrule this, in one sentence?")
        page.get_by_role("radio", name="Offer").focus()
        page.keyboard.press("Space")
        expect(against).to_be_visible()  # the answers are rated Mixed on average
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("radio", name="Hold")).to_be_checked()
        expect(against).to_be_hidden()
        page.keyboard.press("ArrowDown")
        expect(against).to_be_visible()  # most recommend yes
        page.get_by_label("Why?").focus()
        page.keyboard.type("The role is gone.")
        axe(page)
        page.expected_errors.append("422")
        enter(page, "button", "Record the decision")
        expect(page.get_by_text("Enter why you’re overruling this, in one sentence.")).to_be_visible()
        axe(page)
        against.focus()
        page.keyboard.type("There is no budget any more.")
        enter(page, "button", "Record the decision")
        expect(page.get_by_text("Decision recorded.")).to_be_visible()
        expect(page.get_by_text("There is no budget any more.")).to_be_visible()
        axe(page)
        assert Decision.objects.get().choice == "decline"

        enter(page, "link", "Compare candidates")
        expect(page.get_by_text("Ada Okafor and Kwame Mensah: too close to call")).to_be_visible()
        enter(page, "checkbox", "Hide names until decided", key="Space")
        enter(page, "button", "Compare")
        expect(page.get_by_text("Candidate A and Candidate B: too close to call")).to_be_visible()
        assert "Okafor" not in page.content()
        axe(page)

    def test_without_scripts_it_is_decided_all_the_same(self, open_page, hana, interviews):
        page = open_page(hana, java_script_enabled=False)
        page.goto(reverse("debrief", args=[interviews[0].pk]))
        page.get_by_role("radio", name="Hold").check()
        page.get_by_label("Why?").fill("No budget yet.")
        page.get_by_role("button", name="Record the decision").click()
        expect(page.get_by_text("Decision recorded.")).to_be_visible()
        assert Decision.objects.get().reason == "No budget yet."


class TestDraft:
    def test_it_survives_reload_and_sign_in_and_goes_with_the_decision(self, open_page, hana, interviews):
        hana.set_password(PASSWORD)
        hana.save()
        ada = interviews[0]
        address = reverse("debrief", args=[ada.pk])
        tendai = HiringManagerFactory(name="Tendai Moyo")
        ada.opening.managers.add(tendai)
        page = open_page(hana)
        why = page.get_by_label("Why?")
        page.goto(address)
        page.get_by_role("radio", name="Advance").check()
        why.fill("Thinks aloud.")
        draft_is_kept(page)
        with step("it survives a reload"):
            page.reload()
            expect(page.get_by_text("Your unsaved changes from")).to_be_visible()
            expect(why).to_have_value("Thinks aloud.")
        with step("a session of someone else finds none"):
            client = Client()
            client.force_login(tendai)
            hers, theirs = page.context.cookies(), client.cookies["sessionid"].value
            origin = page.evaluate("location.origin")
            page.context.add_cookies([{"name": "sessionid", "value": theirs, "url": origin}])
            page.reload()
            expect(why).to_have_value("")
            page.context.add_cookies(hers)
        with step("it survives an expired sign-in"):
            page.context.clear_cookies()
            page.goto(address)
            expect(page).to_have_title("Sign in · Interview Script")
            page.get_by_label("Email").fill(hana.email)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            expect(why).to_have_value("Thinks aloud.")
        with step("a decision in between is above what was typed"):
            page.get_by_label("Why overrule this, in one sentence?").fill("She learns fast.")
            Decision.objects.create(
                interview=ada, number=1, choice="hold", reason="Wait for the other one.",
                decided_by=tendai, decided_at=ada.ended_at, token="00000000-0000-0000-0000-000000000001",
            )  # fmt: skip
            page.expected_errors.append("409")
            page.get_by_role("button", name="Record the decision").click()
            expect(page.get_by_text("A decision was recorded after you opened this page.")).to_be_visible()
            expect(page.get_by_text("Wait for the other one.")).to_be_visible()
            expect(why).to_have_value("Thinks aloud.")
        with step("it goes with the decision"):
            page.get_by_role("button", name="Record the decision").click()
            expect(page.get_by_text("Decision recorded.")).to_be_visible()
            assert [decision.choice for decision in Decision.objects.all()] == ["hold", "go_on"]
            no_draft_is_left(page)


@pytest.mark.slow
class TestTooMuch:
    def test_twelve_panelists_and_forty_questions_stay_readable(self, open_page, opening, hana):
        interview = ended_interview(candidate=CandidateFactory(opening=opening, name=LONG_NAME))
        asked = [
            question
            for number in range(10)
            for question in questions(interview, 4, topic=f"Topic number {number} of ten")
        ]
        for number in range(12):
            panelist = seat(interview, f"{LONG_NAME} {number}", "lead" if not number else "interviewer")
            for at, question in enumerate(asked):
                rate(panelist, question, 1 + (number + at) % 4)
            NoteFactory(panelist=panelist, question=asked[0], text="w" * 5_000 + " word" * 1_000)
            submit(panelist, recommendation=1 + number % 4, because="because " * 100)
        page = open_page(hana)
        assert look_at(page, reverse("debrief", args=[interview.pk])) == []

    def test_eight_long_names_are_compared(self, open_page, opening, hana):
        source = [QuestionFactory() for _ in range(12)]
        for number in range(9):
            interview = ended_interview(candidate=CandidateFactory(opening=opening, name=f"{LONG_NAME} {number}"))
            panelist = seat(interview, "Mira Rahman", "lead")
            for one in source:
                [question] = questions(interview, 1, source=one, prompt="What would you do? " * 20)
                rate(panelist, question, 3)
            submit(panelist)
        assert look_at(open_page(hana), reverse("opening-compare", args=[opening.pk])) == []

    def test_nobody_is_there_yet(self, open_page, opening, hana):
        page = open_page(hana)
        assert look_at(page, reverse("opening-compare", args=[opening.pk]), is_another=True) == []
        interview = ended_interview(candidate=CandidateFactory(opening=opening, name="Ada Okafor"))
        submit(seat(interview, "Mira Rahman", "lead"))
        assert look_at(page, reverse("debrief", args=[interview.pk]), is_another=True) == []

    def test_the_closed_page_can_be_read_and_used(self, open_page, opening, hana, axe):
        interview = ended_interview(candidate=CandidateFactory(opening=opening, name="Ada Okafor"))
        seat(interview, "Jo Tanaka")
        submit(seat(interview, "Mira Rahman", "lead"))
        assert look_at(open_page(hana), reverse("debrief", args=[interview.pk]), is_another=True) == []
        jo = open_page(interview.panelists.get(part="interviewer").user)
        jo.expected_errors.append("409")
        jo.goto(reverse("debrief", args=[interview.pk]))
        expect(jo.get_by_role("heading", level=1)).to_have_text("Submit your scorecard to open the debrief")
        axe(jo)
