"""CSV for spreadsheets, which calculate every cell that begins like a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

BOM = "\ufeff"  # without it spreadsheets guess another encoding
# Characters that begin a formula, also in full width, as East Asian keyboards type them.
_STARTERS = frozenset("=+-@\t\r＝＋－＠")
_QUOTES = frozenset("\"'`’‘“”")

Cell = str | int | None


def csv_text(rows: Iterable[Sequence[Cell]], *, delimiter: str = ",") -> str:
    """The rows as CSV text. No text in it is a formula; numbers stay numbers."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow(["" if cell is None else inert(cell) if isinstance(cell, str) else cell for cell in row])
    return BOM + file.getvalue()


def inert(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet would calculate it.

    Spaces, quotes and invisible characters before a formula do not protect: programs drop them when they read."""
    for char in text:
        if char in _STARTERS:
            return f"'{text}"
        if not (char in _QUOTES or char.isspace() or unicodedata.category(char) in ("Cc", "Cf")):
            break
    return text
