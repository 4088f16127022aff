"""Merge a note that was changed in two places, without losing a line of either."""

import difflib
from collections import Counter
from collections.abc import Iterator

from interviews.models import Note
from interviews.records.note_history import text_at

# Limit for difflib: some milliseconds, inside the transaction.
MOST_STEPS = 150_000
DIVIDER = "\n\n— also written, on another page —\n"

# A range of lines in the base text, from and to, and the lines that replace it.
Hunk = tuple[int, int, list[str]]


class TooMuch(Exception):
    """Comparing these texts would hold up the call."""


def merged(note: Note, sent: str, *, base_rev: int | None) -> str:
    """Merge the stored text and the sent one by lines, based on the revision that the sender started from.

    Where both changed the same lines, or the base is unknown, the result has both texts, one below the other."""
    return merge(text_at(note, base_rev or 0) or "", note.text, sent)


def merge(base: str, stored: str, sent: str) -> str:
    """A three-way merge by lines. The result has every line that `stored` or `sent` added to `base`."""
    if sent in (base, stored):
        return stored
    if stored == base:
        return sent
    # One text continues the other, so it contains all of it.
    if sent.startswith(stored) or stored.startswith(sent):
        return max(sent, stored, key=len)
    before, theirs, mine = (text.split("\n") for text in (base, stored, sent))
    try:
        changes = _changes(before, theirs), _changes(before, mine)
    except TooMuch:
        return stored + DIVIDER + sent
    kept: list[str] = []
    reached = 0
    for i, j, one, other in _places(*changes):
        kept += before[reached:i]
        if one and other:
            kept += _both(_changed(before, i, j, one), _changed(before, i, j, other))
        else:
            kept += _changed(before, i, j, one or other)
        reached = j
    return "\n".join(kept + before[reached:])


def _changes(before: list[str], after: list[str]) -> list[Hunk]:
    """Raises TooMuch if comparing may take over MOST_STEPS, even without the common lines at both ends."""
    if steps(before, after) <= MOST_STEPS:
        return _compared(before, after)
    start, end = _shared_lines(before, after)
    left, right = before[start : len(before) - end], after[start : len(after) - end]
    if steps(left, right) > MOST_STEPS:
        raise TooMuch
    return [(i + start, j + start, put) for i, j, put in _compared(left, right)]


def _compared(before: list[str], after: list[str]) -> list[Hunk]:
    compared = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [(i, j, after[k:m]) for tag, i, j, k, m in compared.get_opcodes() if tag != "equal"]


def steps(before: list[str], after: list[str]) -> int:
    """An upper bound for difflib's steps. For each common block, and each gap beside one, it visits every line and
    every equal line of the other text. Two texts of 2 000 equal lines take 10^10 steps: 80 seconds."""
    lines, others = Counter(before), Counter(after)
    pairs = sum(count * others[line] for line, count in lines.items())
    blocks = sum(min(count, others[line]) for line, count in lines.items())
    return (len(before) + pairs) * (2 * blocks + 1)


def _shared_lines(before: list[str], after: list[str]) -> tuple[int, int]:
    """The number of common lines at the start, and at the end."""
    most = min(len(before), len(after))
    start = next((i for i in range(most) if before[i] != after[i]), most)
    end = next((i for i in range(most - start) if before[-1 - i] != after[-1 - i]), most - start)
    return start, end


def _places(theirs: list[Hunk], mine: list[Hunk]) -> Iterator[tuple[int, int, list[Hunk], list[Hunk]]]:
    """Ranges of lines with the hunks of each side. Overlapping hunks, or insertions at one place, form one range."""
    left = [theirs[::-1], mine[::-1]]
    while any(left):
        first = min((rest[-1][:2], side) for side, rest in enumerate(left) if rest)[1]
        found: list[list[Hunk]] = [[], []]
        found[first].append(left[first].pop())
        i, j, _ = found[first][0]
        while side := next((s for s in (1, 2) if left[s - 1] and _meet((i, j), left[s - 1][-1])), 0):
            change = left[side - 1].pop()
            found[side - 1].append(change)
            j = max(j, change[1])
        yield i, j, found[0], found[1]


def _meet(place: tuple[int, int], change: Hunk) -> bool:
    (i, j), (k, m, _) = place, change
    return k < j or (i, j) == (k, m)


def _changed(before: list[str], i: int, j: int, changes: list[Hunk]) -> list[str]:
    """The lines from i to j with the hunks of one side applied."""
    lines: list[str] = []
    for k, m, put in changes:
        lines += before[i:k] + put
        i = m
    return lines + before[i:j]


def _both(theirs: list[str], mine: list[str]) -> list[str]:
    if not theirs or not mine or theirs == mine:
        return theirs or mine
    return ("\n".join(theirs) + DIVIDER + "\n".join(mine)).split("\n")
