"""Notes as they are printed; `exports.tests.test_documents` covers the questions from the database."""

from unittest import TestCase

from interviews.records.answers import note_entries
from interviews.records.panel import Panel
from interviews.records.tests.submitted import note, submission


class NoteEntriesTests(TestCase):
    def entries(self, written, *later):
        panel = Panel([submission(1)])
        return [
            (entry["text"], entry["mark"], entry["added"], entry["before"])
            for entry in note_entries(panel, [(panel.submitted[0], written, later)])
        ]

    def test_note_of_the_call_has_no_mark(self):
        self.assertEqual(self.entries(note("Measures first.")), [("Measures first.", "", "", "")])

    def test_what_was_added_after_the_call_is_shown_apart(self):
        self.assertEqual(
            self.entries(note("Measures first. Then caches.", "Measures first.")),
            [("Measures first.", "", "Then caches.", "")],
        )

    def test_word_that_was_continued_is_an_edit(self):
        self.assertEqual(
            self.entries(note("Measures", "Measure")), [("Measures", "edited after the call", "", "Measure")]
        )

    def test_note_begun_after_the_call_says_so(self):
        self.assertEqual(self.entries(note("Afterthought.", "")), [("Afterthought.", "written after the call", "", "")])

    def test_only_revisions_with_another_text_are_listed(self):
        texts = [text for text, *_ in self.entries(note("One."), note("One."), note("Two."), None, note("Two."))]
        self.assertEqual(texts, ["One.", "Two.", "Two."])

    def test_no_note_is_no_entry(self):
        self.assertEqual(self.entries(None), [])
        self.assertEqual([text for text, *_ in self.entries(None, note("Late."))], ["Late."])
