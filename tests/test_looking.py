"""What axe is spared: words that look like others whose contrast it has passed."""

import pytest

from tests import looking
from tests.windows import PARKED

pytestmark = pytest.mark.sqlite_only

PAGE = """<main><h1 class="one">Title</h1>
<style>.word { color: #333; background: #fff; } .dim { opacity: 1; }</style>
<div class="dim"><p class="word">First words</p><p class="word">Second words</p><p class="word">Third words</p></div>
</main>"""
PASSED_BY_AXE = """() => {
  const check = axe._audit.checks["color-contrast"];
  const { evaluate } = check;
  window.asked = 0;
  check.evaluate = function counted(...all) { window.asked += 1; return evaluate.apply(this, all); };
}"""


def test_contrast_is_looked_at_once_for_each_look_and_again_for_any_other(open_page, monkeypatch):
    monkeypatch.setattr(looking, "PASSED", set())
    page = open_page()
    page.goto(PARKED)
    page.set_content(PAGE)
    page.evaluate(looking.LOAD_AXE, looking.AXE)
    page.evaluate(PASSED_BY_AXE)

    def found() -> tuple[int, int]:
        """How many words offend, and how many axe looked at."""
        page.evaluate("window.asked = 0")
        return len(looking.run_axe(page, "light", looking.COLOURS)), page.evaluate("window.asked")

    assert found() == (0, 2)  # the heading, and the first of three alike
    assert found() == (0, 0)
    page.evaluate("document.querySelectorAll('.word')[1].style.color = '#bbb'")
    assert found() == (1, 1)
    assert found() == (1, 1), "what offends is never remembered"
    page.evaluate("document.querySelectorAll('.word')[1].removeAttribute('style')")
    for changed in ("opacity: .2", "background: #333", "color: #ccc", "filter: invert(.5)"):
        page.evaluate("(css) => document.querySelector('.dim').setAttribute('style', css)", changed)
        assert found()[1] > 0, changed
    page.evaluate("document.querySelector('.dim').setAttribute('style', 'opacity: .2')")
    assert found() == (3, 3), "nor one that is paler by what it is in"
