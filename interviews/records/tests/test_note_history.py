from itertools import pairwise
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from interviews.models import Note, NoteRevision
from interviews.records.note_history import difference, rewind

texts = st.text("ab \n", max_size=12)


def history(*versions: str) -> tuple[Note, list[NoteRevision]]:
    """A note that had these texts one after the other, and its revisions, newest first; nothing is stored."""
    note = Note(text=versions[-1], revision=len(versions))
    revisions = []
    for number, (before, after) in enumerate(pairwise(versions), start=1):
        start, end, text = difference(before, after)
        revisions.append(NoteRevision(number=number, start=start, end=end, text=text))
    return note, revisions[::-1]


class RewindTests(TestCase):
    @given(st.lists(texts, min_size=1, max_size=6))
    def test_every_text_can_be_read_again(self, versions):
        note, revisions = history(*versions)
        for number, text in enumerate(versions, start=1):
            self.assertEqual(rewind(note, [one for one in revisions if one.number >= number], until=number), text)

    def test_missing_revision_gives_no_text(self):
        note, revisions = history("one", "two", "three")
        self.assertIsNone(rewind(note, revisions[1:], until=1))
        self.assertIsNone(rewind(note, revisions[:1], until=1))


class DifferenceTests(TestCase):
    def test_only_the_changed_middle_is_stored(self):
        self.assertEqual(difference("Knows Redis well", "Knows Kafka well"), (6, 5, "Redis"))

    def test_repeated_letters_are_shared_once(self):
        self.assertEqual(difference("aaa", "aa"), (2, 0, "a"))
