import datetime as dt

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from interviews.access import debrief_access
from interviews.debriefs.debrief import debrief, score_words
from interviews.factories import LooseEndFactory, ScriptedPointFactory
from interviews.records import scoring
from interviews.tests.debriefing import DebriefCase, large_panel, managed_interview, opened_early
from interviews.tests.submitting import END, questions, rate, revise, seat, submit, tick

LATER = END + dt.timedelta(hours=3)


class RecommendationTests(DebriefCase):
    def test_each_stands_with_its_sentence_the_lead_first(self):
        submit(self.jo, recommendation=4, because="Like a colleague.")
        submit(self.mira, recommendation=3, because="Thinks aloud.")
        submit(self.luc)
        found = self.debrief()
        self.assertEqual(
            [(row["name"], row["recommendation"], row["because"]) for row in found.recommendations],
            [
                ("Mira Rahman", "Yes", "Thinks aloud."),
                ("Jo Tanaka", "Strong yes", "Like a colleague."),
                ("Luc Perrin", "No decision", ""),
            ],
        )
        self.assertEqual(found.said, "1 yes · 1 strong yes · 1 no decision")

    def test_a_shadow_is_nowhere(self):
        sam = seat(self.interview, "Sam Keller", "shadow")
        [slow] = questions(self.interview, 1)
        rate(sam, slow, 1)
        rate(self.mira, slow, 3)
        point = ScriptedPointFactory(question=slow)
        tick(sam, point)
        LooseEndFactory(panelist=sam, text="canary")
        submit(sam, recommendation=1, because="canary", still_open="canary")
        self.submit_all()
        for reader in (self.hana, sam.user):
            found = debrief(debrief_access(reader, self.interview))
            self.assertNotIn("canary", repr(found))
            self.assertNotIn("Sam", repr(found))
            self.assertEqual((found.score.text, found.heard), ("3.00 + 0.00", []))

    def test_a_revision_stands_beside_the_original_which_stays_in_the_score(self):
        for question in questions(self.interview, 2):
            rate(self.mira, question, 2)
        self.submit_all()
        self.mira.ratings.update(value=4)
        revise(self.mira, reason="Jo saw more.", at=LATER, recommendation=4, because="She convinced me.")
        found = self.debrief()
        [row] = [row for row in found.recommendations if row["name"] == "Mira Rahman"]
        self.assertEqual(row["recommendation"], "No decision")
        [later] = row["later"]
        self.assertEqual(
            (later["recommendation"], later["because"], later["reason"]),
            ("Strong yes", "She convinced me.", "Jo saw more."),
        )
        self.assertEqual(found.score.text, "2.00 + 0.00")
        self.assertEqual([cell.later for cell in found.topics[0].cells], ["Excellent", "", ""])
        self.assertEqual(found.topics[0].cells[0].word, "Mixed")


class OpenTests(DebriefCase):
    def test_take_aways_and_loose_ends_that_nobody_closed(self):
        [slow] = questions(self.interview, 1, prompt="Why is it slow?")
        LooseEndFactory(panelist=self.luc, text="Reviews?", question=slow)
        LooseEndFactory(panelist=self.luc, text="settled", is_done=True)
        LooseEndFactory(panelist=self.jo, text="on  call?")
        submit(self.jo, still_open="- How she disagrees\n\n- On call")
        submit(self.mira)
        submit(self.luc)
        self.assertEqual(
            [(item.text, item.who, item.at) for item in self.debrief().still_open],
            [("How she disagrees", "Jo", ""), ("On call", "Jo", ""), ("Reviews?", "Luc", "Why is it slow?")],
        )

    def test_a_loose_end_of_somebody_who_owes_a_scorecard_is_not_in_it(self):
        LooseEndFactory(panelist=self.luc, text="canary")
        submit(self.mira)
        submit(self.jo)
        opened_early(self.interview, self.hana)
        self.assertEqual(self.debrief().still_open, [])

    def test_what_nobody_covered_is_told_by_reason(self):
        questions(self.interview, 1, prompt="Why is it slow?")
        questions(self.interview, 1, prompt="Underscore?", asked=False)
        questions(self.interview, 1, prompt="Tests?", asked=False, skipped=True)
        questions(self.interview, 1, prompt="Your questions?", kind="conversation")
        self.submit_all()
        self.assertEqual(
            [(group["why"], group["prompts"]) for group in self.debrief().not_asked],
            [
                ("Not asked", ["Underscore?"]),
                ("Skipped: out of time", ["Tests?"]),
                ("Asked, but not rated", ["Why is it slow?"]),
            ],
        )


class ScoreWordsTests(DebriefCase):
    def score(self, count, **fields):
        for question in questions(self.interview, count, **fields):
            rate(self.mira, question, 3)
            rate(self.jo, question, 3)

    def test_the_score_is_one_sentence_with_its_coverage(self):
        self.score(4)
        self.score(1, is_must_ask=False)
        questions(self.interview, 1, asked=False)
        self.submit_all()
        score = self.debrief().score
        self.assertEqual(
            score.sentence, "The average rating, 1 to 4, on 4 of 5 must-ask questions and 1 other question, is 3.00."
        )
        self.assertEqual((score.text, score.remarks), ("3.00 + 0.00", []))

    def test_too_few_is_said_in_words_that_hold_for_rated_follow_ups_too(self):
        [slow] = questions(self.interview, 1)
        self.score(1, parent=slow)
        rate(self.mira, slow, 3)
        self.submit_all()
        score = self.debrief().score
        (remark,) = score.remarks
        self.assertEqual(remark, "Provisional: only 1 question is rated (a follow-up counts with its question)")
        self.assertIn("on 1 of 1 must-ask question, is", score.sentence)

    def test_low_coverage_is_said_in_words(self):
        self.score(4)
        questions(self.interview, 3, asked=False)
        self.submit_all()
        self.assertEqual(self.debrief().score.remarks, ["Provisional: under 60% of the must-ask questions are rated"])

    def test_a_single_view_is_said(self):
        for question in questions(self.interview, 4):
            rate(self.mira, question, 3)
        self.submit_all()
        self.assertEqual(self.debrief().score.remarks, ["Single view: only one person rated"])

    def test_nothing_rated_is_no_score(self):
        self.submit_all()
        score = self.debrief().score
        self.assertEqual((score.text, score.sentence), ("", "No questions are rated, so there is no score."))


class ScoreSentenceTests(SimpleTestCase):
    @given(st.lists(st.integers(1, 4), min_size=1, max_size=6), st.integers(0, 9))
    def test_points_that_nobody_heard_are_never_counted_in_words(self, ratings, heard):
        blocks = [
            scoring.Question(id=n, is_answer=True, is_must_ask=True, state="asked", topic="T", is_behind_gate=False)
            for n in range(len(ratings))
        ]
        view = scoring.View("p", "lead", dict(enumerate(ratings)), {0: range(heard)})
        words = score_words(scoring.score(blocks, [view]))
        self.assertEqual("for good points" in words.sentence, heard > 0)
        self.assertIn(f"{len(ratings)} of {len(ratings)} must-ask question", words.sentence)


class QueryTests(DebriefCase):
    def test_they_do_not_grow_with_panel_and_script(self):
        self.submit_all()
        with self.assertNumQueries(6):
            self.debrief()
        hana, larger = managed_interview()
        large_panel(larger)
        with self.assertNumQueries(6):
            found = debrief(debrief_access(hana, larger))
        self.assertEqual(len(found.names), 12)
