"""A line of a template, an email, a stylesheet or a script fits a screen: 160 characters at most. Python has ruff."""

import re
from pathlib import Path

import pytest
from django.conf import settings

LONGEST = 160
PLACES = [
    ("templates", "*.html"),
    ("templates", "*.txt"),
    ("templates", "*.css"),
    ("static", "*.css"),
    ("static/js", "*.js"),
    ("tests/js", "*.js"),
]

# An element that shows line breaks as they are, and what a template does not send as it is.
SHOWS_BREAKS = re.compile(r'<(\w+)\b[^<>]*?class="[^"]*\bpre(?:-line)?\b[^"]*"[^<>]*>')
NO_TEXT = re.compile(r"<[^>]*>|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(("folder", "pattern"), PLACES)
def test_no_line_is_longer_than_160_characters(folder, pattern):
    paths = sorted(Path(settings.BASE_DIR, folder).rglob(pattern))
    assert paths
    assert [
        f"{path.relative_to(settings.BASE_DIR)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line) > LONGEST
    ] == []


def text_of(template: str, begin: int, tag: str) -> str:
    """The text of the element whose content begins there, without tags and variables."""
    depth = 1
    for found in re.finditer(rf"<(/?){tag}\b", template[begin:]):
        depth += -1 if found[1] else 1
        if depth == 0:
            return NO_TEXT.sub("", template[begin : begin + found.start()])
    raise AssertionError(f"<{tag}> has no end")


def test_no_template_breaks_a_line_where_the_page_would_show_it():
    found = [
        (path, text_of(template, element.end(), element[1]))
        for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for template in [path.read_text("utf-8")]
        for element in SHOWS_BREAKS.finditer(template)
    ]
    assert len(found) > 40
    assert [str(path) for path, text in found if "\n" in text] == []


def test_no_comment_of_a_template_goes_on_in_the_next_line():
    # Django would show it on the page.
    paths = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
    lines = [(path.name, line) for path in paths for line in path.read_text("utf-8").splitlines()]
    assert [found for found in lines if found[1].count("{#") != found[1].count("#}")] == []
