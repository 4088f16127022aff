"""A line of a template, an email, a stylesheet or a script fits a screen: 160 characters at most. Python has ruff."""

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
