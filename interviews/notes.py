"""When one note was changed in two places: nothing that was typed in either is thrown away."""

import difflib
from collections.abc import Iterator

from interviews.models import Note, NoteRevision

# Beyond this, comparing line by line would hold up the call; both texts are kept as they are.
MOST_LINES = 2_000
DIVIDER = "\n\n— also written, on another page —\n"

# Lines of the text before, from and to, and what stands there now.
Change = tuple[int, int, list[str]]


def merged(note: Note, sent: str, *, base_rev: int | None) -> str:
    """The stored text and the sent one as one, line by line, each with its changes to the revision they began with.

    Where both changed the same lines, both texts of these are kept, one below the other."""
    base = NoteRevision.objects.filter(note=note, number=base_rev or 0).values_list("text", flat=True).first() or ""
    return merge(base, note.text, sent)


def merge(base: str, stored: str, sent: str) -> str:
    """Three texts in, one out, by lines. Every line that `stored` or `sent` put into `base` is in it."""
    if sent in (base, stored):
        return stored
    if stored == base:
        return sent
    # Typing went on where the other text ended: nothing of it is gone.
    if sent.startswith(stored) or stored.startswith(sent):
        return max(sent, stored, key=len)
    before, theirs, mine = (text.split("\n") for text in (base, stored, sent))
    if max(len(before), len(theirs), len(mine)) > MOST_LINES:
        return stored + DIVIDER + sent
    kept: list[str] = []
    reached = 0
    for i, j, one, other in _places(_changes(before, theirs), _changes(before, mine)):
        kept += before[reached:i]
        if one and other:
            kept += _both(_changed(before, i, j, one), _changed(before, i, j, other))
        else:
            kept += _changed(before, i, j, one or other)
        reached = j
    return "\n".join(kept + before[reached:])


def _changes(before: list[str], after: list[str]) -> list[Change]:
    compared = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [(i, j, after[k:m]) for tag, i, j, k, m in compared.get_opcodes() if tag != "equal"]


def _places(theirs: list[Change], mine: list[Change]) -> Iterator[tuple[int, int, list[Change], list[Change]]]:
    """From, to, and whose changes are there. What both changed, or put in at the same place, is one place."""
    left = [theirs[::-1], mine[::-1]]
    while any(left):
        first = min((rest[-1][:2], side) for side, rest in enumerate(left) if rest)[1]
        found: list[list[Change]] = [[], []]
        found[first].append(left[first].pop())
        i, j, _ = found[first][0]
        while side := next((s for s in (1, 2) if left[s - 1] and _meet((i, j), left[s - 1][-1])), 0):
            change = left[side - 1].pop()
            found[side - 1].append(change)
            j = max(j, change[1])
        yield i, j, found[0], found[1]


def _meet(place: tuple[int, int], change: Change) -> bool:
    (i, j), (k, m, _) = place, change
    return k < j or (i, j) == (k, m)


def _changed(before: list[str], i: int, j: int, changes: list[Change]) -> list[str]:
    """The lines from i to j as one of the two has them."""
    lines: list[str] = []
    for k, m, put in changes:
        lines += before[i:k] + put
        i = m
    return lines + before[i:j]


def _both(theirs: list[str], mine: list[str]) -> list[str]:
    if not theirs or not mine or theirs == mine:
        return theirs or mine
    return ("\n".join(theirs) + DIVIDER + "\n".join(mine)).split("\n")
