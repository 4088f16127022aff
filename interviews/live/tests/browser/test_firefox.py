"""Layout and keys of the live page in Firefox, whose controls, keys and focus are not Chromium's."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from interviews.live.tests.browser.test_sizes import CONTENT, HALVED, LOOK, SIZES, ZOOMED, usual  # noqa: F401  a fixture
from interviews.models import Interview, LooseEnd, Note, Panelist, Rating, Tick
from interviews.tests.firefox import Firefox, firefox
from runner import machine
from tests.waiting import LEAVE

PROGRAM = machine.firefox()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.sqlite_only,
    pytest.mark.skipif(PROGRAM is None, reason="Firefox is not installed: apt-get install firefox-esr"),
]
FOCUSED = "document.activeElement.matches('.one.is-shown [data-note]')"


@pytest.fixture
def live(live_site: Any, usual: Interview) -> Iterator[Firefox]:  # noqa: F811
    """The lead's live page."""
    client = Client()
    client.force_login(usual.panelists.get(part=Panelist.Part.LEAD).user)
    cookie = settings.SESSION_COOKIE_NAME
    assert PROGRAM is not None
    with firefox(PROGRAM) as page:
        page.sign_in(live_site.url, cookie, client.cookies[cookie].value)
        page.resize(1440, 900)
        page.goto(f"{live_site.url}/interviews/{usual.pk}/live/")
        page.until("document.querySelector('[data-status][data-waiting]')")
        yield page


class TestFirefox:
    def test_layout_typing_and_keys(self, live: Firefox):
        # The page begins where the first key acts.
        assert live.evaluate("() => document.activeElement.localName") == "h2"
        self.assert_layout(live)
        self.assert_typing(live)
        self.assert_commands(live)

    def saved(self, live: Firefox) -> None:
        live.evaluate(LEAVE)
        live.until("document.querySelector('[data-status]').dataset.waiting === '0'")

    def assert_layout(self, live: Firefox) -> None:
        """Rating, Next and note in sight at every size; at 400 % half of the height is content."""
        missing = {}
        for width, height in SIZES:
            live.resize(width, height)
            # Three long paragraphs may push their note out of sight.
            missing[width] = [line for line in live.evaluate(LOOK) if not line.startswith("note: A story")]
        assert {width: found for width, found in missing.items() if found} == {}
        for size in (HALVED, ZOOMED):
            live.resize(*size)
            assert [line for line in live.evaluate(LOOK) if not line.startswith("note")] == [], size
        live.evaluate("() => document.querySelector('.outline [data-look]').click()")
        live.evaluate("() => scrollTo(0, 0)")
        assert live.evaluate(CONTENT) >= 0.5

    def assert_typing(self, live: Firefox) -> None:
        """A sentence with clicks in between is in the note as a whole, and nothing else is done."""
        live.resize(1440, 900)
        live.click(".one.is-shown [data-flag=depth]", times=2)
        assert live.evaluate("() => document.querySelector('.one.is-shown [data-flag=depth]').ariaPressed") == "true"
        live.press("n")
        live.press(*"asked me about ", pause=20)
        live.click(".one.is-shown [data-point]")
        live.press(*"the next ", pause=20)
        live.click(".one.is-shown .step:nth-of-type(3) .word")
        live.press(*"plan é", pause=20)
        assert live.evaluate("() => document.querySelector('.one.is-shown [data-note]').value") == (
            "asked me about the next plan é"
        )
        self.saved(live)
        live.until("document.querySelector('[data-status-words]').textContent.startsWith('Saved')")
        assert Note.objects.get().text == "asked me about the next plan é"
        assert (Tick.objects.count(), Rating.objects.get().value) == (1, 3)

    def assert_commands(self, live: Firefox) -> None:
        """Single keys act after a pause, bursts are text, Esc leaves a field, and `h` hides however fast it comes."""
        live.press("n", "Escape", pause=1100)
        live.press("e", "j")
        assert live.evaluate("() => document.querySelector('.one.is-shown').id") != ""
        live.press("l")
        live.press(*"Later", "Enter", pause=20)
        live.press("Escape", pause=1100)
        live.press("2", "1", "h", pause=60)
        live.until("document.body.matches('.is-private')")
        live.press("h", "h")
        live.evaluate("() => document.activeElement.blur()")
        live.press(*"fast", pause=0)
        live.until(FOCUSED)
        self.saved(live)
        assert LooseEnd.objects.get().text == "Later"
        assert Rating.objects.filter(value=4).count() == 1
