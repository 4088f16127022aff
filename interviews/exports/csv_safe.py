"""Text for the cells of a spreadsheet, which takes for a formula whatever begins like one."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

BOM = "\ufeff"  # without it spreadsheets read UTF-8 as something else
# What may begin a formula, in full width too, as keyboards for East Asia write it.
_STARTERS = frozenset("=+-@\t\r＝＋－＠")
_QUOTES = frozenset("\"'`’‘“”")

Cell = str | int | None


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as a file that a spreadsheet opens; a text in it is never a formula. Numbers stay numbers."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow(["" if cell is None else inert(cell) if isinstance(cell, str) else cell for cell in row])
    return BOM + file.getvalue()


def inert(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would calculate it, else unchanged.

    Spaces, quotes and what has no width may stand before a formula: programs drop them when they read."""
    for char in text:
        if char in _STARTERS:
            return f"'{text}"
        if not (char in _QUOTES or char.isspace() or unicodedata.category(char) in ("Cc", "Cf")):
            break
    return text
