"""Which letters the fonts of this machine can draw, asked of fontconfig as the PDF's layout does."""

import ctypes
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LIBRARIES = ("libfontconfig.so.1", "libfontconfig.1.dylib")
CHARSET = b"charset"  # FC_CHARSET


@dataclass(frozen=True)
class Script:
    """A writing system by name, with letters that a font for it has, and the Debian package that brings one."""

    name: str
    letters: str
    package: str


# What people are called and write in. Latin, Greek and Cyrillic come with the product's own font.
SCRIPTS = (
    Script("Arabic", "ابتث", "fonts-noto-core"),
    Script("Hebrew", "אבגד", "fonts-noto-core"),
    Script("Devanagari", "अआकख", "fonts-noto-core"),
    Script("Bengali", "অআকখ", "fonts-noto-core"),
    Script("Gujarati", "અઆકખ", "fonts-noto-core"),
    Script("Gurmukhi", "ਅਆਕਖ", "fonts-noto-core"),
    Script("Kannada", "ಅಆಕಖ", "fonts-noto-core"),
    Script("Malayalam", "അആകഖ", "fonts-noto-core"),
    Script("Sinhala", "අආකඛ", "fonts-noto-core"),
    Script("Tamil", "அஆகங", "fonts-noto-core"),
    Script("Telugu", "అఆకఖ", "fonts-noto-core"),
    Script("Thai", "กขคง", "fonts-noto-core"),
    Script("Lao", "ກຂຄງ", "fonts-noto-core"),
    Script("Khmer", "កខគឃ", "fonts-noto-core"),
    Script("Burmese", "ကခဂဃ", "fonts-noto-core"),
    Script("Tibetan", "ཀཁགང", "fonts-noto-core"),
    Script("Armenian", "ԱԲաբ", "fonts-noto-core"),
    Script("Georgian", "აბგდ", "fonts-noto-core"),
    Script("Ethiopic", "ሀለሐመ", "fonts-noto-core"),
    Script("Chinese", "中文简體", "fonts-noto-cjk"),
    Script("Japanese", "あア日本", "fonts-noto-cjk"),
    Script("Korean", "한국어글", "fonts-noto-cjk"),
    Script("emoji", "🦊👍🏽🎉", "fonts-noto-color-emoji"),
)


def missing_scripts() -> list[Script]:
    """The scripts of which the machine's fonts lack a letter."""
    covers = coverage()
    return [script for script in SCRIPTS if not all(map(covers, script.letters))]


def missing_packages() -> list[str]:
    """The Debian packages of fonts that would fill the gaps."""
    return list(dict.fromkeys(script.package for script in missing_scripts()))


def in_words(names: Iterable[str]) -> str:
    """ "Arabic, Hebrew and emoji"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def look_again() -> None:
    """See fonts that were installed since the first look."""
    coverage.cache_clear()
    if fc := _load():
        fc.FcInitReinitialize()


@functools.cache
def coverage() -> "Coverage":
    """Read once: what is installed later counts after a restart, in the layout too."""
    return Coverage()


class Coverage:
    """Called with a letter: whether any installed font has it. Without fontconfig there is none, nor a PDF."""

    def __init__(self) -> None:
        self._library: Any = _load()
        self._letters = self._all_letters() if self._library else None

    def __call__(self, letter: str) -> bool:
        return bool(self._letters and self._library.FcCharSetHasChar(self._letters, ord(letter)))

    def _all_letters(self) -> int:
        """An FcCharSet of everything that some font has. It is never freed: there is one a process."""
        fc = self._library
        everything, wanted = fc.FcPatternCreate(), fc.FcObjectSetCreate()
        fc.FcObjectSetAdd(wanted, CHARSET)
        fonts = fc.FcFontList(None, everything, wanted)
        letters: int = fc.FcCharSetCreate()
        for place in range(fonts.contents.count):
            one = ctypes.c_void_p()
            if fc.FcPatternGetCharSet(fonts.contents.patterns[place], CHARSET, 0, ctypes.byref(one)) == 0:
                fc.FcCharSetMerge(letters, one, None)
        fc.FcFontSetDestroy(fonts)
        fc.FcObjectSetDestroy(wanted)
        fc.FcPatternDestroy(everything)
        return letters


class _FontSet(ctypes.Structure):
    _fields_ = [("count", ctypes.c_int), ("size", ctypes.c_int), ("patterns", ctypes.POINTER(ctypes.c_void_p))]


def _load() -> ctypes.CDLL | None:
    for name in LIBRARIES:
        try:
            fc = ctypes.CDLL(name)
        except OSError:
            continue
        pointer = ctypes.c_void_p
        signatures: dict[str, tuple[Any, list[Any]]] = {
            "FcInitReinitialize": (ctypes.c_int, []),
            "FcPatternCreate": (pointer, []),
            "FcPatternDestroy": (None, [pointer]),
            "FcObjectSetCreate": (pointer, []),
            "FcObjectSetAdd": (ctypes.c_int, [pointer, ctypes.c_char_p]),
            "FcObjectSetDestroy": (None, [pointer]),
            "FcFontList": (ctypes.POINTER(_FontSet), [pointer, pointer, pointer]),
            "FcFontSetDestroy": (None, [ctypes.POINTER(_FontSet)]),
            "FcPatternGetCharSet": (ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_int, pointer]),
            "FcCharSetCreate": (pointer, []),
            "FcCharSetMerge": (ctypes.c_int, [pointer, pointer, pointer]),
            "FcCharSetHasChar": (ctypes.c_int, [pointer, ctypes.c_uint32]),
        }
        for function, (result, arguments) in signatures.items():
            found = getattr(fc, function)
            found.restype, found.argtypes = result, arguments
        return fc
    return None
