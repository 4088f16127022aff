import datetime as dt
import hashlib
import json

from django.test import SimpleTestCase, TestCase
from hypothesis import given
from hypothesis import strategies as st

from interviews.factories import (
    START,
    NoteFactory,
    ScriptedPointFactory,
    ScriptedQuestionFactory,
    ScriptedSectionFactory,
    TickFactory,
    UnlistedPointFactory,
)
from interviews.models import NoteRevision, Scorecard
from interviews.records import snapshots
from interviews.records.note_history import texts_in_call
from interviews.tests.submitting import END, ended_interview, questions, rate, seat, submit

LATER = END + dt.timedelta(minutes=5)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


class CanonicalTests(SimpleTestCase):
    def test_keys_are_sorted_and_nothing_is_spaced_or_escaped_without_need(self):
        text = snapshots.canonical({"b": [1, None, True], "a": "é🦊</script>\n"})
        self.assertEqual(text, '{"a":"é🦊</script>\\n","b":[1,null,true]}')

    def test_what_json_cannot_say_exactly_is_refused(self):
        for value in (float("nan"), dt.date(2026, 1, 1), {1, 2}):
            with self.subTest(value=value), self.assertRaises((TypeError, ValueError)):
                snapshots.canonical(value)

    @given(json_values)
    def test_reading_it_back_and_writing_it_again_gives_the_same_bytes(self, value):
        text = snapshots.canonical(value)
        self.assertEqual(json.loads(text), value)
        self.assertEqual(snapshots.canonical(json.loads(text)), text)

    @given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers()))
    def test_the_order_of_keys_does_not_matter(self, value):
        self.assertEqual(snapshots.canonical(value), snapshots.canonical(dict(reversed(value.items()))))

    def test_hash_is_over_the_bytes(self):
        self.assertEqual(snapshots.sha256("é"), hashlib.sha256("é".encode()).hexdigest())


class MomentTests(SimpleTestCase):
    def test_any_zone_is_written_in_utc_to_the_millisecond(self):
        zone = dt.timezone(dt.timedelta(hours=2))
        at = dt.datetime(2026, 11, 20, 16, 4, 9, 120_999, zone)
        self.assertEqual(snapshots.moment(at), "2026-11-20T14:04:09.120Z")
        self.assertIsNone(snapshots.moment(None))


class ScorecardSnapshotTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.interview = ended_interview()
        cls.mira = seat(cls.interview, "Mira Rahman", "lead")
        cls.jo = seat(cls.interview, "Jo Tanaka")
        cls.slow, cls.report = questions(cls.interview, 2)

    def snapshot(self, panelist=None):
        version = submit(panelist or self.mira)
        self.assertEqual(hashlib.sha256(version.snapshot.encode()).hexdigest(), version.sha256)
        return json.loads(version.snapshot)

    def test_own_evidence_is_in_it_with_its_words(self):
        point = ScriptedPointFactory(question=self.slow, text="measures first")
        TickFactory(panelist=self.mira, point=point)
        noted = UnlistedPointFactory(question=self.slow, author=self.jo, text="asks for the read/write mix")
        TickFactory(panelist=self.mira, point=None, unlisted_point=noted)
        rate(self.mira, self.slow, 4, depth=True)
        NoteFactory(panelist=self.mira, question=self.slow, text="Log first. 🦊")
        answer = self.snapshot()["questions"][0]
        self.assertEqual(answer["prompt"], self.slow.prompt)
        self.assertEqual([(p["text"], p["kind"]) for p in answer["points"]], [("measures first", "brownie")])
        self.assertEqual(
            [(p["text"], p["author"]["name"]) for p in answer["unlisted"]],
            [("asks for the read/write mix", "Jo Tanaka")],
        )
        self.assertEqual((answer["rating"]["value"], answer["rating"]["flags"]), (4, ["depth"]))
        self.assertEqual((answer["note"]["text"], answer["note"]["call_text"]), ("Log first. 🦊", None))

    def test_points_not_heard_and_others_evidence_are_not_in_it(self):
        ScriptedPointFactory(question=self.slow, text="unheard point")
        heard = ScriptedPointFactory(question=self.slow, text="heard by jo")
        TickFactory(panelist=self.jo, point=heard)
        rate(self.jo, self.slow, 1)
        NoteFactory(panelist=self.jo, question=self.slow, text="jo wrote this")
        version = submit(self.mira)
        for hidden in ("unheard point", "heard by jo", "jo wrote this", "Jo Tanaka"):
            self.assertNotIn(hidden, version.snapshot)

    def test_recommendation_and_take_aways_are_in_it(self):
        Scorecard.objects.create(
            panelist=self.mira, recommendation=3, because="Thinks aloud.", stood_out="Outbox", still_open="Tokens"
        )
        said = self.snapshot()
        self.assertEqual((said["recommendation"], said["because"]), (3, "Thinks aloud."))
        self.assertEqual((said["stood_out"], said["still_open"]), ("Outbox", "Tokens"))
        self.assertEqual((said["score"], said["number"], said["reason"]), ("score v1", 1, ""))

    def test_wording_stays_when_everything_is_renamed_afterwards(self):
        before = submit(self.mira)
        self.slow.prompt = "Something else"
        self.slow.save()
        self.interview.candidate.name = "Another"
        self.interview.candidate.save()
        before.refresh_from_db()
        said = json.loads(before.snapshot)
        self.assertEqual(said["interview"]["candidate"]["name"], "Ada Okafor")
        self.assertNotIn("Something else", before.snapshot)

    def test_number_of_queries_does_not_depend_on_the_evidence(self):
        Scorecard.objects.create(panelist=self.mira)

        def count():
            scorecard = Scorecard.objects.get()
            with self.assertNumQueries(10):
                snapshots.scorecard_snapshot(scorecard, number=1, is_blind=True, reason="", at=END)

        rate(self.mira, self.slow, 3)
        count()
        for question in questions(self.interview, 20):
            rate(self.mira, question, 3)
            NoteFactory(panelist=self.mira, question=question)
            noted = UnlistedPointFactory(question=question, author=self.jo)
            TickFactory(panelist=self.mira, point=None, unlisted_point=noted)
        count()


class NotePartsTests(TestCase):
    def parts(self, *revisions):
        """Of a note with these (text, is_after_call)."""
        interview = ended_interview()
        [question] = questions(interview, 1)
        note = NoteFactory(panelist=seat(interview, "Mira Rahman"), question=question, revision=len(revisions))
        for number, (text, is_after_call) in enumerate(revisions[:-1], start=1):
            NoteRevision.objects.create(note=note, number=number, text=text, at=START, is_after_call=is_after_call)
        note.text, note.is_after_call = revisions[-1]
        note.save()
        return snapshots.note_parts(note, texts_in_call([note]).get(note.pk))

    def test_written_in_the_call(self):
        parts = self.parts(("one", False), ("one two", False))
        self.assertEqual((parts["text"], parts["call_text"]), ("one two", None))

    def test_extended_after_the_call_keeps_both(self):
        parts = self.parts(("one", False), ("one\ntwo", True), ("one\nthree", True))
        self.assertEqual((parts["text"], parts["call_text"]), ("one\nthree", "one"))

    def test_begun_after_the_call(self):
        parts = self.parts(("late", True))
        self.assertEqual((parts["text"], parts["call_text"]), ("late", ""))

    def test_changed_and_changed_back_is_as_it_was(self):
        parts = self.parts(("one", False), ("two", True), ("one", True))
        self.assertEqual((parts["text"], parts["call_text"]), ("one", None))

    def test_emptied_says_nothing(self):
        self.assertIsNone(self.parts(("one", False), (" \n", True)))


class BehindGatesTests(TestCase):
    def behind(self, *sections):
        """The titles of sections that are held back; each is (title, gate, is_gate_open, is_for_candidate)."""
        interview = ended_interview()
        for position, (title, gate, is_open, is_for_candidate) in enumerate(sections):
            ScriptedSectionFactory(
                interview=interview, title=title, gate=gate, is_gate_open=is_open,
                is_for_candidate=is_for_candidate, position=position,
            )  # fmt: skip
        frozen = list(interview.sections.all())
        pks = snapshots.behind_gates(frozen)
        return [section.title for section in frozen if section.pk in pks]

    def test_nothing_is_held_back_without_a_gate(self):
        self.assertEqual(self.behind(("A", "", None, False), ("B", "", None, False)), [])

    def test_closed_and_undecided_gates_hold_back_all_behind_them_but_the_candidates_questions(self):
        for is_open in (False, None):
            with self.subTest(is_open=is_open):
                sections = [("A", "", None, False), ("B", "Go on?", is_open, False), ("C", "", None, False)]
                self.assertEqual(self.behind(*sections, ("Theirs", "", None, True)), ["B", "C"])

    def test_an_open_gate_lets_through_up_to_the_next(self):
        self.assertEqual(self.behind(("A", "Go on?", True, False), ("B", "And now?", None, False)), ["B"])

    def test_questions_say_whether_they_are_behind_one(self):
        interview = ended_interview()
        held = ScriptedSectionFactory(interview=interview, gate="Go on?", is_gate_open=False)
        ScriptedQuestionFactory(section=held)
        said = json.loads(submit(seat(interview, "Mira Rahman")).snapshot)
        self.assertTrue(said["questions"][0]["is_behind_gate"])
        self.assertTrue(said["sections"][0]["is_behind_gate"])
