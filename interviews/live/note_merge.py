"""The texts of a note: its revisions, and what happens when it was changed in two places. Nothing that was typed in
either is thrown away."""

import datetime as dt
import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Length

from interviews.models import Note, NoteRevision

# Difflib takes so many steps at most: some milliseconds, inside the transaction.
MOST_STEPS = 150_000
DIVIDER = "\n\n— also written, on another page —\n"
# Revisions of one note, and characters in them. Beyond that the oldest go: nobody types that much by hand.
MOST_REVISIONS, MOST_KEPT = 5_000, 2_000_000
# How many revisions lie between two looks at these limits.
THINNED_EVERY = 100
# A text that is based on an older revision is kept beside the stored one instead of merged with it.
FARTHEST_BASE = 1_000

# Lines of the text before, from and to, and what stands there now.
Change = tuple[int, int, list[str]]


class TooMuch(Exception):
    """Comparing these texts would hold up the call."""


def difference(before: str, after: str) -> tuple[int, int, str]:
    """How `before` is written as a change of `after`: characters shared at the start and at the end, and the text of
    `before` between them."""
    most = min(len(before), len(after))
    start = _shared(most, lambda low, high: before[low:high] == after[low:high])
    tail, other_tail = len(before), len(after)
    end = _shared(
        most - start,
        lambda low, high: before[tail - high : tail - low] == after[other_tail - high : other_tail - low],
    )
    return start, end, before[start : tail - end]


def _shared(most: int, is_same: Callable[[int, int], bool]) -> int:
    """How many characters are the same, at most `most`; by halves, since comparing slices is fast."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if is_same(low, middle):
            low = middle
        else:
            high = middle - 1
    return low


def keep_revision(note: Note, *, before: str, at: dt.datetime, is_after_call: bool) -> None:
    """Keep the text that `note`, whose text and number are the new ones already, had before."""
    start, end, text = difference(before, note.text)
    NoteRevision.objects.create(
        note=note, number=note.revision - 1, start=start, end=end, text=text, at=at, is_after_call=is_after_call
    )
    if note.revision % THINNED_EVERY == 0:
        _thin(note)


def _thin(note: Note) -> None:
    kept = 0
    sizes = note.revisions.order_by("-number").values_list("number", Length("text"))
    for place, (number, size) in enumerate(sizes):
        kept += size
        if place >= MOST_REVISIONS or kept > MOST_KEPT:
            note.revisions.filter(number__lte=number).delete()
            return


def text_at(note: Note, number: int) -> str | None:
    """The text of a revision; None where it never was, is no longer stored, or lies too far back."""
    if not note.revision - FARTHEST_BASE <= number <= note.revision or number < 1:
        return None
    return rewind(note, note.revisions.filter(number__gte=number).order_by("-number"), until=number)


def rewind(note: Note, newest_first: Iterable[NoteRevision], *, until: int) -> str | None:
    """The text of the revision `until`, from these and the note; None where one of them is missing."""
    text, number = note.text, note.revision
    for revision in newest_first:
        if revision.number != number - 1:
            return None
        text = text[: revision.start] + revision.text + (text[-revision.end :] if revision.end else "")
        number = revision.number
    return text if number == until else None


def texts_in_call(notes: Sequence[Note]) -> dict[int, str]:
    """By note, its text when the call ended; without those begun later. One query, where one was changed later."""
    texts = {note.pk: note.text for note in notes if not note.is_after_call}
    changed = {note.pk: note for note in notes if note.is_after_call}
    if not changed:
        return texts
    in_call = NoteRevision.objects.filter(note=OuterRef("note"), is_after_call=False).order_by("-number")
    # None older than that: a long note saved as it is typed has thousands.
    since = NoteRevision.objects.filter(note__in=changed, number__gte=Subquery(in_call.values("number")[:1]))
    by_note: dict[int, list[NoteRevision]] = {}
    for revision in since.order_by("note", "-number"):
        by_note.setdefault(revision.note_id, []).append(revision)
    for pk, revisions in by_note.items():
        text = rewind(changed[pk], revisions, until=revisions[-1].number)
        if text is not None:
            texts[pk] = text
    return texts


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
