"""Inter, cut to size: one small variable file for the screen, three static ones to embed in the PDF.

They are made from the installed package `fontpkg-inter`, once per machine and in ten to twenty seconds, so that the
repository holds no font. Without them screen and PDF fall back to the system's sans serif.
"""

import hashlib
import io
from importlib.metadata import version
from pathlib import Path

import fontpkg_inter
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

SOURCE = fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"
STAMP = "fonts.stamp"
PDF_WEIGHTS = (400, 600, 700)
OPTICAL_SIZE = 14  # the one for text; the other end of the axis is for posters

# The screen: Basic Latin to Latin Extended-A, punctuation, currency, and the signs that templates use.
# What Inter does not have (▸ ☰) comes from the system's font.
SCREEN_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x2010, 0x2027),
    (0x2030, 0x203A),
    (0x20AC, 0x20AC),
    (0x2190, 0x2193),
)
SCREEN_SIGNS = "−≤≥≈✓✗▸▾○●◦◇★☆↳↗⎇⌘☰"
# The PDF holds what candidates are called and what panelists typed: all of Latin with Vietnamese, Greek,
# Cyrillic, combining marks, punctuation, arrows, mathematics, shapes.
PDF_RANGES = ((0x20, 0x7E), (0xA0, 0x52F), (0x1E00, 0x1EFF), (0x2000, 0x23FF), (0x2500, 0x27BF))
# Without "calt", which shows another sign for some that were typed, such as an arrow for "->", and without what no
# stylesheet asks for.
FEATURES = ["ccmp", "kern", "locl", "mark", "mkmk", "tnum"]


def screen_font(folder: Path) -> Path:
    """Where the screen's font is; the stylesheet names it."""
    return folder / "fonts" / "inter.woff2"


def pdf_fonts(folder: Path) -> dict[int, Path]:
    """Where the PDF's fonts are, by weight."""
    return {weight: folder / "pdf" / f"Inter-{weight}.ttf" for weight in PDF_WEIGHTS}


def is_built(folder: Path) -> bool:
    """Every file there, whole, and made as this version makes them."""
    try:
        return (folder / STAMP).read_text() == _stamp(folder)
    except (FileNotFoundError, UnicodeDecodeError):
        return False


def build(folder: Path) -> None:
    """Make every file that belongs in `folder`. The same versions make the same bytes.

    The stamp goes first and comes back last: what was interrupted does not count as built.
    """
    files = _files(folder)
    (folder / STAMP).unlink(missing_ok=True)
    letters = _cut(_code_points(PDF_RANGES))
    made = [make_screen_font(), *(make_pdf_font(letters, weight) for weight in PDF_WEIGHTS)]
    for file, font in zip(files, made, strict=True):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(font)
    (folder / STAMP).write_text(_stamp(folder))


def _files(folder: Path) -> list[Path]:
    return [screen_font(folder), *pdf_fonts(folder).values()]


def _stamp(folder: Path) -> str:
    """The recipe and the hash of each file: a full disk or a power cut can leave half of one."""
    digests = [f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in _files(folder)]
    return "\n".join([_recipe(), *digests])


def make_screen_font() -> bytes:
    """WOFF2 with the weights from 400 to 700 on one axis."""
    font = _open(_cut(_code_points(SCREEN_RANGES) | set(map(ord, SCREEN_SIGNS))))
    font = instancer.instantiateVariableFont(font, {"opsz": OPTICAL_SIZE, "wght": (400, 700)}, inplace=True)
    font.flavor = "woff2"
    return _bytes(font)


def make_pdf_font(letters: bytes, weight: int) -> bytes:
    """TrueType with one weight: PDF knows no axes."""
    axes = {"opsz": OPTICAL_SIZE, "wght": weight}
    return _bytes(instancer.instantiateVariableFont(_open(letters), axes, inplace=True, updateFontNames=True))


def _cut(code_points: set[int]) -> bytes:
    """Inter with the glyphs of these characters alone, still variable."""
    font = TTFont(SOURCE, recalcTimestamp=False)
    options = subset.Options(layout_features=FEATURES, hinting=False, notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=code_points)
    subsetter.subset(font)
    return _bytes(font)


def _code_points(ranges: tuple[tuple[int, int], ...]) -> set[int]:
    return {point for first, last in ranges for point in range(first, last + 1)}


def _open(letters: bytes) -> TTFont:
    return TTFont(io.BytesIO(letters), recalcTimestamp=False)  # the build's time is not for the file


def _bytes(font: TTFont) -> bytes:
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def _recipe() -> str:
    """Everything that the files depend on: this module and the versions of what it uses."""
    packages = [f"{name} {version(name)}" for name in ("fontpkg-inter", "fonttools", "brotli")]
    return "\n".join([hashlib.sha256(Path(__file__).read_bytes()).hexdigest(), *packages])
