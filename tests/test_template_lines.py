"""A template line fits a screen: 160 characters at most."""

from pathlib import Path

from django.conf import settings

LONGEST = 160


def test_no_template_line_is_longer_than_160_characters():
    long = [
        f"{path.relative_to(settings.BASE_DIR)}:{number}"
        for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line) > LONGEST
    ]
    assert not long
