"""The revisions of a note: each is stored as its difference to the next one, the newest text is the note itself."""

from collections.abc import Callable, Iterable, Sequence

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Length

from interviews.models import Note, NoteRevision

# Revisions of one note, and characters in them. Beyond that the oldest are deleted: no one types that much by hand.
MOST_REVISIONS, MOST_KEPT = 5_000, 2_000_000
# The limits are checked at every hundredth revision.
THINNED_EVERY = 100
# A text based on an older revision is added to the stored one instead of merged with it.
FARTHEST_BASE = 1_000


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


def earlier_revision(note: Note, text: str) -> NoteRevision:
    """The text that `note` has now, as a revision of it; `text` will replace it."""
    start, end, words = difference(note.text, text)
    return NoteRevision(
        note=note, number=note.revision, start=start, end=end, text=words, at=note.at, is_after_call=note.is_after_call
    )


def is_thinned_at(number: int) -> bool:
    return number % THINNED_EVERY == 0


def thin(note: Note) -> None:
    """Delete the oldest revisions beyond the limits."""
    kept = 0
    sizes = note.revisions.order_by("-number").values_list("number", Length("text"))
    for place, (number, size) in enumerate(sizes):
        kept += size
        if place >= MOST_REVISIONS or kept > MOST_KEPT:
            note.revisions.filter(number__lte=number).delete()
            return


def text_at(note: Note, number: int) -> str | None:
    """The text of a revision; None if it never existed, is no longer stored, or is too old."""
    if not note.revision - FARTHEST_BASE <= number <= note.revision or number < 1:
        return None
    return rewind(note, note.revisions.filter(number__gte=number).order_by("-number"), until=number)


def rewind(note: Note, newest_first: Iterable[NoteRevision], *, until: int) -> str | None:
    """The text of the revision `until`, from these and the note; None if one is missing."""
    text, number = note.text, note.revision
    for revision in newest_first:
        if revision.number != number - 1:
            return None
        text = text[: revision.start] + revision.text + (text[-revision.end :] if revision.end else "")
        number = revision.number
    return text if number == until else None


def texts_in_call(notes: Sequence[Note]) -> dict[int, str]:
    """The text of each note when the call ended, without notes begun later. One query if one changed later."""
    texts = {note.pk: note.text for note in notes if not note.is_after_call}
    changed = {note.pk: note for note in notes if note.is_after_call}
    if not changed:
        return texts
    in_call = NoteRevision.objects.filter(note=OuterRef("note"), is_after_call=False).order_by("-number")
    # No older ones: a long note has thousands of revisions.
    since = NoteRevision.objects.filter(note__in=changed, number__gte=Subquery(in_call.values("number")[:1]))
    by_note: dict[int, list[NoteRevision]] = {}
    for revision in since.order_by("note", "-number"):
        by_note.setdefault(revision.note_id, []).append(revision)
    for pk, revisions in by_note.items():
        text = rewind(changed[pk], revisions, until=revisions[-1].number)
        if text is not None:
            texts[pk] = text
    return texts
