"""Merges a note that was changed in two places. Nothing typed in either is thrown away."""

import difflib
from collections import Counter
from collections.abc import Iterator

from interviews.models import Note
from interviews.records.note_history import text_at

# Difflib takes so many steps at most: some milliseconds, inside the transaction.
MOST_STEPS = 150_000
DIVIDER = "\n\n— also written, on another page —\n"

# Lines of the text before, from and to, and what stands there now.
Change = tuple[int, int, list[str]]


class TooMuch(Exception):
    """Comparing these texts would hold up the call."""


def merged(note: Note, sent: str, *, base_rev: int | None) -> str:
    """The stored text and the sent one as one, line by line, each with its changes to the revision they began with.

    Where both changed the same lines, or it is not known what they began with, both texts are kept, one below the
    other."""
    return merge(text_at(note, base_rev or 0) or "", note.text, sent)


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


def _changes(before: list[str], after: list[str]) -> list[Change]:
    """Raises TooMuch where comparing can take more than MOST_STEPS, even without the lines shared at both ends."""
    if steps(before, after) <= MOST_STEPS:
        return _compared(before, after)
    start, end = _shared_lines(before, after)
    left, right = before[start : len(before) - end], after[start : len(after) - end]
    if steps(left, right) > MOST_STEPS:
        raise TooMuch
    return [(i + start, j + start, put) for i, j, put in _compared(left, right)]


def _compared(before: list[str], after: list[str]) -> list[Change]:
    compared = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [(i, j, after[k:m]) for tag, i, j, k, m in compared.get_opcodes() if tag != "equal"]


def steps(before: list[str], after: list[str]) -> int:
    """The most steps that difflib can take. For each shared block, and each gap beside one, it looks at every line
    and at every line of the other text that equals it. Two texts of 2 000 equal lines come to 10^10: 80 seconds."""
    lines, others = Counter(before), Counter(after)
    pairs = sum(count * others[line] for line, count in lines.items())
    blocks = sum(min(count, others[line]) for line, count in lines.items())
    return (len(before) + pairs) * (2 * blocks + 1)


def _shared_lines(before: list[str], after: list[str]) -> tuple[int, int]:
    """How many lines are the same at the start, and how many of the others at the end."""
    most = min(len(before), len(after))
    start = next((i for i in range(most) if before[i] != after[i]), most)
    end = next((i for i in range(most - start) if before[-1 - i] != after[-1 - i]), most - start)
    return start, end


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
