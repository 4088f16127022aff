"""Letters that no font of this machine has: a PDF prints boxes for them, and says so."""

import functools
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from fontTools import unicodedata as scripts
from fontTools.ttLib import TTFont

from host.fonts import coverage
from interviews.exports import fonts
from interviews.templatetags.printing import few_lines

# Control and format characters, separators and half characters have no glyph.
INVISIBLE = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
SELECTORS = range(0xFE00, 0xFE10)  # they select a glyph of the character before
EMOJI_FROM = 0x1F000
# Everyday names where Unicode's differ; the names of host.fonts.
NAMES = {"Hani": "Chinese", "Hira": "Japanese", "Kana": "Japanese", "Hang": "Korean", "Mymr": "Burmese"}
NO_SCRIPT = {"Zyyy", "Zinh", "Zzzz"}
OTHERS = "some symbols"


def texts(document: object) -> Iterator[str]:
    """Every text in a document, however deep."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, (dict, list)):
        for inner in document.values() if isinstance(document, dict) else document:
            yield from texts(inner)


def boxes(document: object) -> list[str]:
    """The names of the scripts that a document's PDF prints as boxes.

    The PDF says so, which makes them part of the document and its key: with the fonts installed, it is another PDF."""
    return missing(texts(document))


def missing(given: Iterator[str]) -> list[str]:
    """The names of scripts of which a letter has no font, sorted."""
    letters = set().union(*map(set, map(few_lines, given)))
    return sorted({name_of(letter) for letter in letters if not letter.isascii() and not is_drawn(letter)})


def is_drawn(letter: str) -> bool:
    if unicodedata.category(letter) in INVISIBLE or ord(letter) in SELECTORS:
        return True
    return coverage()(letter) or ord(letter) in _own_letters(str(settings.BUILD_DIR))


def name_of(letter: str) -> str:
    """ "Arabic", "Chinese", "emoji"; OTHERS for what belongs to no script."""
    script = scripts.script(letter)
    if script in NO_SCRIPT:
        return "emoji" if ord(letter) >= EMOJI_FROM and unicodedata.category(letter) in ("So", "Sk") else OTHERS
    return NAMES.get(script) or str(scripts.script_name(script))


@functools.cache
def _own_letters(build: str) -> frozenset[int]:
    """The characters of the bundled font; its three weights have the same ones."""
    file = next(iter(fonts.pdf_fonts(Path(build)).values()))
    if not file.exists():
        return frozenset()
    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())
