"""What is typed, on paper; and how much of a low window is left to the question."""

import io

import pypdf
import pytest

from interviews.factories import NoteFactory
from interviews.tests.live_page import SLOW
from interviews.tests.submitting import ended_interview, questions, seat

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
LONG = "\n".join(f"Line {number} of the note." for number in range(1, 121))
# How much of the window is covered by what stays in place, in px, where the question is scrolled to.
COVERED = """() => {
  document.querySelector(".one.is-shown textarea").scrollIntoView({ block: "center" });
  const stays = ({ position }) => ["sticky", "fixed"].includes(position);
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility() && stays(getComputedStyle(element)) && element.textContent.trim()
      && !element.matches(".said, .skip-link"))
    .map((element) => element.getBoundingClientRect())
    .map(({ top, bottom }) => Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0)))
    .reduce((sum, height) => sum + height, 0);
}"""


def printed(page) -> str:
    pages = pypdf.PdfReader(io.BytesIO(page.pdf(print_background=False))).pages
    return "\n".join(page.extract_text() for page in pages)


class TestPaper:
    def test_a_long_note_is_printed_whole_from_the_live_page(self, make_call, open_live):
        call = make_call(live=True)
        NoteFactory(panelist=call.lead, question=call.question(SLOW), text=LONG)
        text = printed(open_live(call).page)
        assert "Line 1 of the note." in text
        assert "Line 120 of the note." in text

    def test_and_from_the_scorecard(self, open_page):
        interview = ended_interview()
        mira = seat(interview, "Mira Rahman", "lead")
        NoteFactory(panelist=mira, question=questions(interview, 1)[0], text=LONG)
        page = open_page(mira.user)
        page.goto(f"/interviews/{interview.pk}/scorecard/")
        text = printed(page)
        assert "Line 120 of the note." in text
        assert text.count("Line 60 of the note.") == 1


class TestLook:
    def test_a_select_leaves_room_for_what_is_beside_it(self, make_call, open_page):
        call = make_call()
        page = open_page(call.lead.user)
        page.goto(call.interview.get_absolute_url())
        row = page.locator("p.cluster:has(> select)").first
        label, select = row.locator("label").bounding_box(), row.locator("select").bounding_box()
        assert select["y"] < label["y"] + label["height"]

    def test_paragraphs_of_a_prompt_are_paragraphs(self, make_call, open_live):
        call = make_call(live=True)
        question = call.question(SLOW)
        question.prompt = "A page is slow.\n\nHow do you speed it up?"
        question.save()
        live = open_live(call)
        assert (
            live.card.locator("h2").evaluate("element => getComputedStyle(element).whiteSpaceCollapse")
            == "preserve-breaks"
        )

    def test_a_low_window_belongs_to_the_question(self, make_call, open_page):
        call = make_call(live=True, minutes_in=3)
        page = open_page(call.lead.user, width=320, height=256)
        page.goto(f"/interviews/{call.interview.pk}/live/")
        assert page.evaluate(COVERED) <= 128
