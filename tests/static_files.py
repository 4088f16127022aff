"""Static files for the browser of the tests, as a built installation serves them: read once, and then in its cache."""

import functools
import mimetypes
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

Answer = tuple[str, list[tuple[str, str]], bytes]
# Without this a browser asks on each page again, as long as the files are as new as in a clean clone.
KEEP = ("Cache-Control", "max-age=86400")


@functools.cache
def static_file(path: str) -> Answer | None:
    """Status, headers and content for an address of a static file; None for other addresses."""
    if not path.startswith(settings.STATIC_URL):
        return None
    found: Any = finders.find(path.removeprefix(settings.STATIC_URL))
    if not found:
        return "404 Not Found", [KEEP], b""
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return "200 OK", [("Content-Type", kind), KEEP], Path(found).read_bytes()
