"""Phrases that must not come back: they read as if translated."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOLDERS = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"] + [ROOT / "docs"]
MODULES = sorted(
    path for folder in FOLDERS for path in folder.rglob("*.py") if not {"migrations", "tests"} & {*path.parts}
)
SCRIPTS = sorted((ROOT / "static/js").rglob("*.js"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

pytestmark = pytest.mark.sqlite_only

PHRASES = re.compile(
    r"""\bwhoever\b | \bsomebody\ (is\ at|else's) | \b(it|that|which)\ stands\b | \bstands\ (in|on|at|under|beside)\b
    | \bof\ (its|their|our)\ own\b(?=[.,;:]) | \bwhat\ (that|this|it)\ comes\ to\b | \bcome\ to\ light\b
    | \bmade\ anew\b | \bis\ told\ of\b | \bhangs?\ on\ (it|that|them)\b | \bpokes?\b | \bput\ away\b
    | \bthrown?\ away\ by\b | \bgoes\ (in|again)\b | \btakes?\ in\b | \bhold(s|ing)?\ nobody\ up\b
    | \b(by|for)\ who\ (is|isn't|may|takes|decides)\b
    | ^(What|Who|Whoever)\ (is|was|has|had|may|must|a|the)\b[^?]*$""",
    re.VERBOSE | re.IGNORECASE,
)


def texts_of(path: Path) -> Iterator[str]:
    """The text of each comment and docstring."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        if token.type == tokenize.COMMENT:
            yield token.string.lstrip("# ")
        elif token.type == tokenize.STRING and token.string.startswith('"""'):
            yield token.string.strip('"').strip()


# Each of these reads hundreds of files, in one test: to begin and to report another takes as long as to read one.


def comments_of(script: Path) -> Iterator[str]:
    for pair in re.findall(r"^\s*(?://|/?\*+) ?(.*)$|\s// (.*)$", script.read_text(), re.MULTILINE):
        yield "".join(pair).strip()


def assert_plain(phrases: re.Pattern[str], texts: Iterable[tuple[Path, str]]) -> None:
    found = [(path.relative_to(ROOT), match) for path, text in texts if (match := phrases.search(text))]
    around = (f"{path}: …{match.string[max(0, match.start() - 40) : match.end() + 40]}…" for path, match in found)
    assert not found, "\n".join(around)


def test_comments_and_docstrings_are_plain():
    assert_plain(PHRASES, ((path, text) for path in MODULES for text in texts_of(path)))


def test_comments_in_scripts_are_plain():
    assert_plain(PHRASES, ((path, text) for path in SCRIPTS for text in comments_of(path)))


def test_documents_are_plain():
    assert_plain(PHRASES, ((path, line) for path in DOCUMENTS for line in path.read_text().splitlines()))


@pytest.mark.parametrize(
    "text",
    [
        "Whoever asks for it.",
        "The row stands in the queue.",
        "What the sender wants.",
        "Pokes go out at once.",
        "For who may know.",
    ],
)
def test_old_phrases_are_found(text):
    assert PHRASES.search(text)


# What people read on screen, in emails and PDFs: templates, the texts of the seeds, strings that read as sentences.
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})
SEEDS = [ROOT / "fixtures_seed" / f"{name}.yaml" for name in ("demo", "rules", "scripts", "topics")]
PRODUCT = [path for path in MODULES if not {"bench", "docs", "faults", "harness"} & {*path.parts}]
SCREEN_PHRASES = re.compile(
    r"""\b(whoever|somebody|anew|loose\ ends?|mend(ed)?|put\ away|thrown?\ away|bring\ back|brought\ back)\b
    | \b(an?|the|this|one|each|every|your|no|of|send|sends)\ mails?\b | \bmail\ (to|that|was|is|has)\b | ^\d*\ ?mails?$
    | \b(it|that|which|this|here|there|below|above)\ stands?\b | \bstands?\ (in|on|at|beside|below|here|behind)\b
    | \b(is|are|be|not)\ kept\b | \bgoes\ in\ as\b | \bwhat\ the\ others\b | \bcounts?\ (nowhere|for\ nothing)\b
    | \btakes?\ nothing\ away\b | \bby\ the\ clocks\ of\b | \b(a|your|the|later)\ corrections?\b | \bcorrect\ it\b
    | \bnobody\ leads\b | \bthis\ field\ is\ required\b | \bis\ one,\ too\b | \bgoing\ on\b | \b(last|its)\ record\b
    | \b(open|published|retired|merged|submitted|scorecard|administrator)\ already\b | \breads?\ like\ (this|that)\b
    | \bhas\ no\ end\b | \bof\ (its|their)\ own\b(?=[.,;:]|$) | \d\ can\ be\ saved\b | \bcame\ just\ then\b
    | \binterviews\ leave\ it\ out\b | \ba\ disk\ that\ knows\b | \bmeanwhile(?=[.,;:]|$) | \bout\ of\ reach\b
    | \bquestion\ of\ the\ bank\b | \b(answered|there)\ already\b | \bif\ it\ lasts\b
    | \bis\ no\ (json|note|draft)\b | \bthese\ are\ [{%\d<] | \bon\ the\ disk\ of\b | \bstays\ that\b
    | \bcounts?\ in\ no\b | \bnobody's\b | \bafresh\b | \bmade\ again\b | \ba\ person\ decides\b
    | \bsends\ no\ email\b | \b(does|did)(n’t|\ not)\ answer\b | (?<!split\ it)\ at\ “ | ^\s*every\ \w+\s*$ | ^time$
    | ^\ is\ (added|saved|deleted)\b | \b(was|were)\b[^.]*\bsince(?=[,.]|$) | \bdata\ are\b | \bmake\ room\b
    | \bbroke\ off\b | \bgo\ on\ with\b | \bstays\ with\ people\b | \bmatch:\ """,
    re.VERBOSE | re.IGNORECASE,
)


def shown(template: str) -> str:
    """The text of a template that a reader may get to see, labels in attributes and plurals included."""
    text = re.sub(r"{#.*?#}", "", template)
    text = re.sub(r"{%.*?%}|{{.*?}}", lambda found: "\n".join(re.findall(r'count:"([^",]*)', found[0])), text)
    attributes = re.compile(r'(?:aria-label|placeholder|title)="([^"]*)"')
    return re.sub(r"<[^>]*>", lambda found: " ".join(attributes.findall(found[0])), text)


def sentences(path: Path) -> Iterator[str]:
    """Each string with a space in it that is no docstring."""
    tree = ast.parse(path.read_text())
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
        if is_text and " " in node.value.strip() and path.parent.name != "demo":
            yield node.value


def test_templates_are_plain():
    lines = ((path, line.strip()) for path in TEMPLATES for line in shown(path.read_text()).splitlines())
    assert_plain(SCREEN_PHRASES, lines)


def test_templates_have_one_apostrophe():
    straight = re.compile(r"[^\W\d_]'[^\W\d_]")
    found = [(path.name, line.strip()) for path in TEMPLATES for line in shown(path.read_text()).splitlines()]
    assert [f"{name}: {line}" for name, line in found if straight.search(line)] == []


def test_seed_texts_are_plain():
    lines = ((path, line.strip()) for path in SEEDS for line in path.read_text().splitlines())
    assert_plain(SCREEN_PHRASES, ((path, line) for path, line in lines if not re.match(r"#|loose_ends:", line)))


def test_sentences_in_python_are_plain():
    assert_plain(SCREEN_PHRASES, ((path, text) for path in PRODUCT for text in sentences(path)))


def texts_in(script: Path) -> Iterator[str]:
    code = re.sub(r"^\s*(//|/?\*).*$", "", script.read_text(), flags=re.MULTILINE)
    for pair in re.findall(r'"([^"\n]* [^"\n]*)"|`([^`\n]* [^`\n]*)`', code):
        yield from pair


def test_sentences_in_scripts_are_plain():
    assert_plain(SCREEN_PHRASES, ((path, text) for path in SCRIPTS for text in texts_in(path)))


@pytest.mark.parametrize(
    "text",
    [
        "What the others wrote",
        "It goes in as “No decision”",
        "Invite somebody",
        "1 mail",
        "Nobody leads",
        "Your loose ends",
        "This topic was merged meanwhile.",
        "At most 10 points. These are 12.",
        "This question is no draft any more.",
        "This installation sends no email.",
        "The server doesn’t answer",
        "Note at “Prompt”",
        "Every level",
        "time",
        " is added.",
        "The turn was passed on since",
    ],
)
def test_old_words_of_screens_are_found(text):
    assert SCREEN_PHRASES.search(text)
