"""A template line fits a screen: 160 characters at most."""

from pathlib import Path

from django.conf import settings

LONGEST = 160
# Lines that are longer today. Lower it with every one that is broken; never raise it.
STILL_LONGER = 264


def test_no_further_template_line_is_longer_than_160_characters():
    long = [
        f"{path.relative_to(settings.BASE_DIR)}:{number}"
        for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line) > LONGEST
    ]
    assert len(long) <= STILL_LONGER, f"{len(long)} lines are longer than {LONGEST}: {', '.join(long)}"
