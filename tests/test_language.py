"""Phrases that must not come back into documents, comments and docstrings: they read as if translated.

Rooms of `interviews` and most of `static/js/live` are not listed yet; add them once their comments are plain."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOLDERS = ["accounts", "audit", "bench", "config", "editing", "faults", "host", "question_bank", "runner"]
MODULES = sorted(
    path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if not {"migrations", "tests"} & {*path.parts}
)
SCRIPTS = sorted(
    path
    for path in (ROOT / "static/js").rglob("*.js")
    if path.parent.name != "live" or path.stem in ("actions", "keys", "state")
)
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

pytestmark = pytest.mark.sqlite_only

PHRASES = re.compile(
    r"""\bwhoever\b | \bsomebody\ (is\ at|else's) | \b(it|that|which)\ stands\b | \bstands\ (in|on|at|under|beside)\b
    | \bof\ (its|their|our)\ own\b(?=[.,;:]) | \bwhat\ (that|this|it)\ comes\ to\b | \bcome\ to\ light\b
    | \bmade\ anew\b | \bis\ told\ of\b | \bhangs?\ on\ (it|that|them)\b | \bpokes?\b | \bput\ away\b
    | \bthrown?\ away\ by\b | \bgoes\ (in|again)\b | \btakes?\ in\b | \bhold(s|ing)?\ nobody\ up\b
    | ^(What|Who|Whoever)\ (is|was|has|had|may|must|a|the)\b[^?]*$""",
    re.VERBOSE | re.IGNORECASE,
)


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """The line and text of each comment and docstring."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.lstrip("# ")
        elif token.type == tokenize.STRING and token.string.startswith('"""'):
            yield token.start[0], token.string.strip('"').strip()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_comments_and_docstrings_are_plain(path):
    assert [f"line {line}: {found[0]}" for line, text in texts_of(path) if (found := PHRASES.search(text))] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_comments_in_scripts_are_plain(path):
    lines = re.findall(r"^\s*(?://|/?\*+) ?(.*)$|\s// (.*)$", path.read_text(), re.MULTILINE)
    assert [found[0] for pair in lines if (found := PHRASES.search("".join(pair).strip()))] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_are_plain(path):
    assert [found[0] for line in path.read_text().splitlines() if (found := PHRASES.search(line))] == []


@pytest.mark.parametrize(
    "text", ["Whoever asks for it.", "The row stands in the queue.", "What the sender wants.", "Pokes go out at once."]
)
def test_old_phrases_are_found(text):
    assert PHRASES.search(text)
