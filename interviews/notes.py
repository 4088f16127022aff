"""When one note was changed in two places: nothing that was typed in either is thrown away."""

import difflib

from interviews.models import Note, NoteRevision

# Beyond this, comparing line by line would hold up the call; both texts are kept as they are.
MOST_LINES = 2_000
DIVIDER = "\n\n— also written, on another page —\n"


def merged(note: Note, sent: str, *, base_rev: int | None) -> str:
    """The stored text and the sent one as one text.

    Where both only added lines to the revision that the sender began with, or one left it as it was, the changes are
    put together line by line; on any doubt both texts are kept, one below the other."""
    base = NoteRevision.objects.filter(note=note, number=base_rev or 0).values_list("text", flat=True).first() or ""
    return merge(base, note.text, sent)


def merge(base: str, stored: str, sent: str) -> str:
    """Three texts in, one out, by lines. Every line of `stored` and of `sent` is in it."""
    if sent in (base, stored):
        return stored
    if stored == base:
        return sent
    # Typing went on where the other text ended: nothing of it is gone.
    if sent.startswith(stored) or stored.startswith(sent):
        return max(sent, stored, key=len)
    theirs, mine = _insertions(base, stored), _insertions(base, sent)
    if theirs is None or mine is None or set(theirs) & set(mine):
        return stored + DIVIDER + sent
    lines = base.splitlines(keepends=True)
    kept: list[str] = []
    for number in range(len(lines) + 1):
        kept += theirs.get(number, mine.get(number, []))
        if number < len(lines):
            kept.append(lines[number])
    return "".join(kept)


def _insertions(base: str, changed: str) -> dict[int, list[str]] | None:
    """Lines put in, by the line of `base` before which they stand; None where anything was changed or taken out,
    or there are too many to compare."""
    before, after = base.splitlines(keepends=True), changed.splitlines(keepends=True)
    if max(len(before), len(after)) > MOST_LINES:
        return None
    put_in: dict[int, list[str]] = {}
    for tag, i, _, j, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "insert":
            put_in[i] = after[j:end]
        elif tag != "equal":
            return None
    # A last line without its line break would run into what the other put behind it.
    return None if len(before) in put_in and before and not before[-1].endswith("\n") else put_in
