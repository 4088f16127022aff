"""The whole way in one browser: sign in, conduct the call by keyboard alone, submit, and read the PDF back."""

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accounts.models import User
from interviews.models import Interview, Panelist, Rating, ScorecardVersion, Tick
from interviews.tests.live_page import Keyboard
from tests.demo import load_commands
from tests.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, name: str) -> None:
    """Move on with Tab until the control of that name has the focus; a person without a mouse can do no other."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate("(document.activeElement.innerText || document.activeElement.ariaLabel || '').trim()")
        if focused.startswith(name):
            return
    raise AssertionError(f"Tab does not lead to “{name}”")


@pytest.fixture
def password(transactional_db, tmp_path):
    load_commands(tmp_path)
    return (tmp_path / "demo_password").read_text().strip()


@pytest.mark.slow
def test_from_sign_in_to_the_pdf(password, open_page, axe):
    interview = Interview.objects.get(candidate__name="Leila Farahani")
    asked = dict(interview.questions.values_list("source__key", "prompt"))
    mira = User.objects.get(email="mira.rahman@example.org")
    # The others of the panel have their own machines; this is the way of the lead alone.
    Panelist.objects.filter(interview=interview).exclude(user=mira).delete()
    page = open_page(width=560, accept_downloads=True)

    page.goto("/")
    expect(page).to_have_title("Sign in · Interview Script")
    axe(page)
    page.get_by_label("Email").focus()
    page.keyboard.type(mira.email)
    press(page, "Tab")
    page.keyboard.type(password)
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mira")
    axe(page)

    page.goto(f"/interviews/{interview.pk}/live/")
    axe(page)
    tab_to(page, "Start")
    press(page, "Enter")
    # It is planned for later today.
    tab_to(page, "Start now")
    press(page, "Enter")
    keys = Keyboard(page)
    # The first question waits until the welcome is over.
    keys.press("j")
    expect(page.get_by_text("Asked at")).to_be_visible()
    keys.press("j")
    expect(page.get_by_role("heading", name=asked["your-career"])).to_be_visible()
    keys.press("n")
    keys.type("Three years of Django, proud of a timetable import.")
    keys.press("Escape", "j")
    expect(page.get_by_role("heading", name=asked["underscore"])).to_be_visible()
    keys.press("1", "2", "g")
    keys.press("u")
    keys.type("Knows gettext’s underscore")
    keys.press("Enter", "Escape", "j")
    expect(page.get_by_role("heading", name=asked["test-data-tools"])).to_be_visible()
    keys.press("p", "d")
    axe(page)
    keys.press("x", "1")
    keys.press("z", "Control+k")
    keys.type(asked["usual-packages"])
    keys.press("Enter", "Enter")
    keys.press("e", "l")
    keys.type("Has not chosen one against a team yet")
    keys.press("Enter", "Escape")
    tab_to(page, "Wrap up")
    press(page, "Enter")
    expect(page.get_by_role("dialog", name="Wrap up")).to_be_visible()
    axe(page)
    tab_to(page, "End the call")
    press(page, "Enter")
    expect(page.get_by_text("The call has ended").first).to_be_visible()
    eventually(page, lambda: Interview.objects.get(pk=interview.pk).is_ended, True)

    page.goto(f"/interviews/{interview.pk}/scorecard/")
    axe(page)
    because = page.get_by_label("Why?", exact=False)
    page.get_by_role("radio", name="Yes", exact=True).focus()
    press(page, "Space")
    because.focus()
    page.keyboard.type("Says so when he does not know, and then finds out.")
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d")).first).to_be_visible()
    tab_to(page, "Submit scorecard")
    press(page, "Enter")
    expect(page.get_by_role("dialog", name=re.compile("^Submit your scorecard"))).to_be_visible()
    axe(page)
    tab_to(page, "Submit now")
    press(page, "Enter")
    expect(page).to_have_url(f"{page.url.split('/interviews')[0]}/interviews/{interview.pk}/scorecards/"
                             f"{interview.panelists.get().pk}/")  # fmt: skip
    axe(page)
    version = ScorecardVersion.objects.get(scorecard__panelist__interview=interview)
    assert version.is_blind
    assert "Says so when he does not know" in version.snapshot
    # Poor was raised to Mixed by “I don't know”; Excellent stands at the question that was gone to.
    assert sorted(Rating.objects.filter(panelist__interview=interview).values_list("value", flat=True)) == [2, 3, 4]
    assert Tick.objects.filter(panelist__interview=interview).count() == 3

    page.goto(f"/interviews/{interview.pk}/pdf/")
    axe(page)
    make, download = page.get_by_role("button", name="Generate PDF"), page.get_by_role("link", name="Download the PDF")
    expect(make.or_(download)).to_be_visible()
    if make.is_visible():
        make.press("Enter")
    with page.expect_download() as coming:
        download.press("Enter")
    text = "\n".join(leaf.extract_text() for leaf in PdfReader(io.BytesIO(coming.value.path().read_bytes())).pages)
    flat = " ".join(text.split())
    assert "Leila Farahani" in flat
    assert "Says so when he does not know, and then finds out." in flat
    assert "Knows gettext’s underscore" in flat
    assert "Three years of Django, proud of a timetable import." in flat
    assert "Mixed" in flat
    assert "Marks a name as private" not in flat, "a point that was not heard is not printed"
