import uuid

from interviews.factories import (
    InterviewFactory,
    LeadFactory,
)
from interviews.live.tests.call_case import CallCase
from interviews.models import (
    LooseEnd,
    Note,
    NoteRevision,
    Rating,
    ScriptedQuestion,
)
from interviews.records.note_history import text_at
from interviews.tests.commanding import Sender, sender


class TestRate(CallCase):
    def test_rated_and_unrated(self):
        self.browser.send("rate", self.first.pk, 3)
        self.assertEqual(Rating.objects.get().value, 3)
        self.browser.send("rate", self.first.pk, None)
        self.assertIsNone(Rating.objects.get().value)

    def test_a_rating_goes_to_the_own_stream_and_moves_no_shared_number(self):
        answer = self.browser.send("rate", self.first.pk, 3).json()
        self.assertEqual((answer["shared"], answer["own"]), (None, 1))
        self.interview.refresh_from_db()
        self.assertEqual(self.interview.seq, 0)

    def test_anything_but_one_to_four_is_invalid(self):
        for value in (0, 5, "3", 3.0, True, []):
            self.assert_refused(self.browser.send("rate", self.first.pk, value), 422, "from 1 to 4")
        self.assertFalse(Rating.objects.exists())

    def test_a_conversation_is_not_rated(self):
        ScriptedQuestion.objects.filter(pk=self.second.pk).update(kind="conversation")
        self.assert_refused(self.browser.send("rate", self.second.pk, 3), 422, "aren’t rated")

    def test_a_hiring_manager_who_is_not_on_the_panel_does_not_rate(self):
        manager = Sender(self.interview.opening.managers.get(), self.interview)
        self.assert_refused(manager.send("rate", self.first.pk, 3), 403, "Only panelists")


class TestFlag(CallCase):
    def flag(self, name, on=True):
        return self.browser.send("flag", self.first.pk, {"flag": name, "on": on})

    def test_i_dont_know_raises_poor_to_mixed(self):
        self.browser.send("rate", self.first.pk, 1)
        result = self.flag("dont_know").json()["result"]
        self.assertEqual(result, {"value": 2, "flags": ["dont_know"]})
        self.assertEqual(Rating.objects.get().value, 2)

    def test_i_dont_know_leaves_a_higher_rating_and_no_rating_as_they_are(self):
        self.flag("dont_know")
        self.assertIsNone(Rating.objects.get().value)
        self.browser.send("rate", self.first.pk, 4)
        self.assertEqual(Rating.objects.get().value, 4)

    def test_after_i_dont_know_poor_is_refused(self):
        self.flag("dont_know")
        self.assert_refused(self.browser.send("rate", self.first.pk, 1), 422, "can’t be rated below Mixed")

    def test_unsetting_restores_nothing(self):
        self.browser.send("rate", self.first.pk, 1)
        self.flag("dont_know")
        self.flag("dont_know", on=False)
        self.assertEqual((Rating.objects.get().value, Rating.objects.get().flags), (2, []))

    def test_each_flag_is_kept(self):
        for name in Rating.FLAGS:
            self.flag(name)
        self.assertEqual(Rating.objects.get().flags, list(Rating.FLAGS))

    def test_an_unknown_flag_is_invalid(self):
        for value in (
            {"flag": "pk", "on": True},
            {"flag": [], "on": True},
            {"flag": {}, "on": True},
            {"flag": "depth", "on": 1},
            {"flag": "depth"},
            "depth",
            None,
        ):
            self.assert_refused(self.browser.send("flag", self.first.pk, value), 422, "A flag is one of")


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


class TestLooseEnd(CallCase):
    def keep(self, client_id, **value):
        whole = {"text": "Vary header", "question": self.first.pk, "is_done": False} | value
        return self.browser.send("loose_end", client_id, whole)

    def test_kept_done_and_removed(self):
        client_id = str(uuid.uuid4())
        self.keep(client_id)
        self.keep(client_id, is_done=True)
        self.assertEqual(
            list(LooseEnd.objects.values_list("text", "question", "is_done")),
            [("Vary header", self.first.pk, True)],
        )
        self.browser.send("loose_end", client_id, None)
        self.assertFalse(LooseEnd.objects.exists())

    def test_without_words_or_with_a_foreign_question_it_is_refused(self):
        foreign = InterviewFactory().questions.first()
        self.assert_refused(self.keep(str(uuid.uuid4()), text=" "), 422, "Enter what to follow up")
        self.assert_refused(self.keep(str(uuid.uuid4()), question=foreign.pk), 404, "isn’t in the interview")
        self.assert_refused(self.keep(str(uuid.uuid4()), question="1"), 404, "isn’t in the interview")
        self.assert_refused(self.keep(str(uuid.uuid4()), is_done=None), 422, "done or not")
