"""Finds scripts that the machine's fonts lack, through fontconfig, which the PDF's layout also uses."""

import ctypes
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LIBRARIES = ("libfontconfig.so.1", "libfontconfig.1.dylib")
CHARSET = b"charset"  # FC_CHARSET


@dataclass(frozen=True)
class Script:
    """A writing system, with sample letters and the Debian package of a font for it."""

    name: str
    letters: str
    package: str


# Scripts of names and notes. The product's own font covers Latin, Greek and Cyrillic.
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
    """The scripts for which the machine's fonts lack a sample letter."""
    covers = coverage()
    return [script for script in SCRIPTS if not all(map(covers, script.letters))]


def missing_packages() -> list[str]:
    """The Debian packages with fonts for the missing scripts."""
    return list(dict.fromkeys(script.package for script in missing_scripts()))


def in_words(names: Iterable[str]) -> str:
    """ "Arabic, Hebrew and emoji"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def look_again() -> None:
    """Forget cached results, to see newly installed fonts."""
    coverage.cache_clear()
    if fc := _load():
        fc.FcInitReinitialize()


@functools.cache
def coverage() -> "Coverage":
    """Read once: the layout, too, sees new fonts only after a restart."""
    return Coverage()


class Coverage:
    """Returns a predicate: whether any installed font has a letter. Without fontconfig, none has."""

    def __init__(self) -> None:
        self._library: Any = _load()
        self._letters = self._all_letters() if self._library else None

    def __call__(self, letter: str) -> bool:
        return bool(self._letters and self._library.FcCharSetHasChar(self._letters, ord(letter)))

    def _all_letters(self) -> int:
        """An FcCharSet of all letters of all fonts. Never freed: there is one per process."""
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
