from interviews.factories import (
    InterviewFactory,
    LeadFactory,
)
from interviews.live.tests.call_case import CallCase
from interviews.models import (
    Note,
    NoteRevision,
)
from interviews.records.note_history import text_at
from interviews.tests.commanding import sender


class TestNote(CallCase):
    def note(self, text, base_rev=0, question="first"):
        target = self.first.pk if question == "first" else None
        return self.browser.send("note", target, text, base_rev=base_rev)

    def test_kept_byte_for_byte_with_every_revision(self):
        odd = " \r\n\tשלום 🦊 é\u2028<script>alert('x')</script>\n "
        self.note("first")
        self.assertEqual(self.note(odd, base_rev=1).json()["result"], {"revision": 2, "merged": False})
        self.assertEqual(Note.objects.get().text, odd)
        self.assertEqual([text_at(Note.objects.get(), number) for number in (1, 2)], ["first", odd])

    def test_the_same_text_makes_no_revision(self):
        self.note("same")
        self.note("same", base_rev=1)
        self.assertEqual(Note.objects.get().revision, 1)

    def test_emptied_it_is_empty(self):
        self.note("something")
        self.note("", base_rev=1)
        self.assertEqual(Note.objects.get().text, "")

    def test_changed_elsewhere_both_texts_are_kept(self):
        self.note("what I wrote here")
        result = self.note("what I wrote there").json()["result"]
        self.assertTrue(result["merged"])
        self.assertIn("what I wrote here", Note.objects.get().text)
        self.assertIn("what I wrote there", result["text"])

    def test_for_the_whole_interview_before_the_start(self):
        coming = InterviewFactory()
        lead = LeadFactory(interview=coming)
        self.assertEqual(sender(lead).send("note", None, "ask about Rust", base_rev=0).status_code, 200)
        self.assertIsNone(Note.objects.get(panelist=lead).question)

    def test_after_the_end_it_is_marked(self):
        self.note("in the call")
        self.browser.send("end", age=1000)
        self.note("in the call, and after", base_rev=1)
        self.assertTrue(Note.objects.get().is_after_call)
        self.assertFalse(NoteRevision.objects.get().is_after_call)

    def test_too_long_it_is_refused_and_nothing_is_lost(self):
        self.note("kept")
        self.assert_refused(self.note("x" * 100_001, base_rev=1), 413, "the limit is 100,000")
        self.assertEqual(Note.objects.get().text, "kept")

    def test_merging_does_not_make_a_note_grow_for_ever(self):
        Note.objects.create(
            panelist=self.lead, question=self.first, text="x" * 350_000, revision=1, at=self.interview.started_at
        )
        self.assert_refused(self.note("y" * 60_000), 413, "would be too long")
        self.assertEqual(Note.objects.get().text, "x" * 350_000)

    def test_in_a_cancelled_interview_it_is_too_late(self):
        cancelled = InterviewFactory(cancelled=True)
        response = sender(LeadFactory(interview=cancelled)).send("note", None, "x", base_rev=0)
        self.assert_refused(response, 409, "was cancelled")
