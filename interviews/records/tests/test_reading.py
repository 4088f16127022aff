import datetime as dt
import json
from fractions import Fraction

from django.test import TestCase

from interviews import access
from interviews.factories import (
    ScriptedPointFactory,
    ScriptedQuestionFactory,
    ScriptedSectionFactory,
    UnlistedPointFactory,
)
from interviews.models import Panelist, ScriptedQuestion, Tick
from interviews.records.reading import facts, panel_score, submissions
from interviews.tests.submitting import END, ended_interview, questions, rate, revise, seat, submit, tick
from question_bank.models import Point


class ScoreCase(TestCase):
    def setUp(self):
        self.interview = ended_interview()
        self.mira = seat(self.interview, "Mira Rahman", "lead")

    def read(self):
        manager = self.interview.opening.managers.get()
        return submissions(access.readable_panelists(manager, self.interview))

    def score(self):
        return panel_score(self.read())

    def heard(self, panelist, question, count):
        points = [ScriptedPointFactory(question=question) for _ in range(count)]
        tick(panelist, *points)
        return points


class PanelScoreTests(ScoreCase):
    """The worked examples of the definition, all the way from rows through snapshots."""

    def test_one_panelist(self):
        rated = questions(self.interview, 3)
        questions(self.interview, 1, asked=False)
        questions(self.interview, 1, asked=False, skipped=True)
        rated += questions(self.interview, 1)
        for question, rating, points in zip(rated, (3, 4, 2, 3), (2, 5, 0, 1), strict=True):
            rate(self.mira, question, rating)
            self.heard(self.mira, question, points)
        submit(self.mira)
        score = self.score()
        self.assertEqual((score.text, score.points, score.is_single_view), ("3.00 + 0.15", 6, True))
        self.assertEqual(score.se_squared, Fraction(1, 6))

    def test_follow_ups(self):
        for parent, *follow_ups in ((3, 4, 4), (3, 2), (2, 4), (2, None)):
            [block] = questions(self.interview, 1)
            rate(self.mira, block, parent)
            for value in follow_ups:
                [below] = questions(self.interview, 1, parent=block, section=block.section)
                rate(self.mira, below, value)
        submit(self.mira)
        self.assertEqual(self.score().text, "2.88 + 0.00")

    def test_two_panelists(self):
        jo = seat(self.interview, "Jo Tanaka")
        q1, q2, q3 = questions(self.interview, 3)
        for panelist, ratings in ((self.mira, (3, 4, 2)), (jo, (4, 3, None))):
            for question, value in zip((q1, q2, q3), ratings, strict=True):
                rate(panelist, question, value)
        _, b = self.heard(self.mira, q1, 2)
        tick(jo, b)
        self.heard(jo, q1, 1)
        submit(self.mira)
        submit(jo)
        self.assertEqual(self.score().text, "3.00 + 0.10")

    def test_shadows_count_nowhere(self):
        [question] = questions(self.interview, 1)
        rate(self.mira, question, 2)
        sam = seat(self.interview, "Sam Keller", "shadow")
        rate(sam, question, 4)
        self.heard(sam, question, 2)
        submit(self.mira)
        submit(sam)
        score = panel_score(submissions(Panelist.objects.all()))
        self.assertEqual(score.text, "2.00 + 0.00")

    def test_watch_outs_and_cues_are_worth_nothing(self):
        [question] = questions(self.interview, 1)
        rate(self.mira, question, 3)
        tick(self.mira, *(ScriptedPointFactory(question=question, kind=kind) for kind in Point.Kind))
        submit(self.mira)
        self.assertEqual(self.score().points, 1)

    def test_an_unlisted_point_counts_once_however_many_heard_it(self):
        [question] = questions(self.interview, 1)
        jo = seat(self.interview, "Jo Tanaka")
        noted = UnlistedPointFactory(question=question, author=jo)
        for panelist in (self.mira, jo):
            Tick.objects.create(panelist=panelist, unlisted_point=noted, at=END)
            submit(panelist)
        self.assertEqual(self.score().points, 1)

    def test_a_rating_on_a_skipped_or_unasked_question_counts_as_asked(self):
        [skipped] = questions(self.interview, 1, asked=False, skipped=True)
        [unasked] = questions(self.interview, 1, asked=False)
        rate(self.mira, skipped, 4)
        rate(self.mira, unasked, 2)
        submit(self.mira)
        self.assertEqual(self.score().text, "3.00 + 0.00")

    def test_evidence_on_a_follow_up_sets_its_skipped_block_back(self):
        [block] = questions(self.interview, 1, asked=False, skipped=True)
        [below] = questions(self.interview, 1, asked=False, parent=block, section=block.section)
        [deeper] = questions(self.interview, 1, asked=False, parent=below, section=block.section)
        rate(self.mira, deeper, 3)
        submit(self.mira)
        self.assertEqual(self.score().text, "3.00 + 0.00")

    def test_a_skipped_block_without_evidence_counts_nothing(self):
        [block] = questions(self.interview, 1, asked=False, skipped=True)
        questions(self.interview, 1, parent=block, section=block.section)
        submit(self.mira)
        self.assertEqual((self.score().text, self.score().points), ("", 0))

    def test_what_is_behind_a_gate_that_is_not_open_is_not_in_the_coverage(self):
        [asked] = questions(self.interview, 1)
        rate(self.mira, asked, 3)
        held = ScriptedSectionFactory(interview=self.interview, gate="Go on?", is_gate_open=False)
        ScriptedQuestionFactory(section=held)
        submit(self.mira)
        self.assertEqual((self.score().coverage.rated, self.score().coverage.must_ask), (1, 1))

    def test_nobody_submitted_is_blank_not_zero(self):
        self.assertEqual((panel_score([]).text, panel_score([]).total), ("", None))

    def test_only_what_was_submitted_counts_whatever_happens_to_the_rows_later(self):
        [question] = questions(self.interview, 1)
        rate(self.mira, question, 2)
        submit(self.mira)
        self.mira.ratings.update(value=4)
        ScriptedQuestion.objects.update(state="unasked", asked_at=None)
        self.assertEqual(self.score().text, "2.00 + 0.00")


class SubmissionTests(ScoreCase):
    def setUp(self):
        super().setUp()
        self.jo = seat(self.interview, "Jo Tanaka")
        submit(self.mira, recommendation=2)

    def test_the_newest_blind_version_counts(self):
        revise(self.mira, reason="wrong button", at=END + dt.timedelta(hours=1), recommendation=3)
        [one] = self.read()
        self.assertEqual((one.snapshot["recommendation"], one.snapshot["number"], one.later), (3, 2, ()))
        self.assertTrue(one.counts)

    def test_a_version_written_after_reading_others_stands_beside_it(self):
        submit(self.jo)
        revise(self.mira, reason="Jo convinced me", at=END + dt.timedelta(hours=1), recommendation=4)
        one = next(one for one in self.read() if one.panelist == self.mira)
        self.assertEqual(one.snapshot["recommendation"], 2)
        self.assertEqual([(v["recommendation"], v["reason"]) for v in one.later], [(4, "Jo convinced me")])
        self.assertEqual(len(one.hashes), 2)

    def test_facts_are_those_of_the_newest(self):
        submit(self.jo, at=END + dt.timedelta(hours=2))
        self.assertEqual(facts(self.read())["author"]["name"], "Jo Tanaka")

    def test_what_is_read_back_is_what_was_hashed(self):
        [one] = self.read()
        self.assertEqual(one.snapshot, json.loads(one.version.snapshot))
        self.assertEqual(one.hashes, (one.version.sha256,))
