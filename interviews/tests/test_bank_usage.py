from django.test import TestCase
from django.utils import timezone

from accounts.factories import InterviewerFactory
from interviews.factories import CandidateFactory, InterviewFactory, ScorecardFactory, UnlistedPointFactory
from interviews.models import Panelist
from question_bank.curation.duplicates import merge_question
from question_bank.factories import PointFactory, QuestionFactory, ScriptItemFactory
from question_bank.heard import heard_points
from question_bank.models import DismissedPoint
from question_bank.usage import times_asked


class TestAsked(TestCase):
    def setUp(self):
        self.question = QuestionFactory(prompt="Old?")
        self.script = ScriptItemFactory(question=self.question).section.script

    def interview(self, **traits):
        interview = InterviewFactory(script=self.script, **traits)
        interview.questions.update(state="asked", asked_at=timezone.now())
        return interview

    def test_questions_asked_in_interviews_that_ended_count(self):
        self.interview(ended=True)
        self.interview(live=True)
        InterviewFactory(script=self.script, ended=True)
        self.assertEqual(times_asked(self.question), 1)

    def test_a_merged_question_counts_for_the_other_and_a_live_interview_keeps_it(self):
        self.interview(ended=True)
        live = self.interview(live=True)
        into = QuestionFactory(prompt="New?")
        merge_question(question=self.question, into=into, by=None, at=timezone.now())
        self.assertEqual(times_asked(into), 1)
        scripted = live.questions.get()
        self.assertEqual((scripted.prompt, scripted.source), ("Old?", self.question))


class TestHeardPoints(TestCase):
    def setUp(self):
        self.question = QuestionFactory()
        self.script = ScriptItemFactory(question=self.question).section.script

    def heard(self, *texts, is_submitted=True, **traits):
        traits = traits or {"ended": True}
        candidate = CandidateFactory(name="Ada Okafor")
        panel = [(InterviewerFactory(), Panelist.Part.LEAD)]
        interview = InterviewFactory(script=self.script, candidate=candidate, panel=panel, **traits)
        seat = interview.panelists.get()
        for text in texts:
            UnlistedPointFactory(question=interview.questions.get(), author=seat, text=text)
        ScorecardFactory(panelist=seat, recommendation=3, submitted_at=timezone.now() if is_submitted else None)

    def groups(self):
        return [(group.text, group.times) for group in heard_points(self.question)]

    def test_alike_ones_are_one_group_most_often_heard_first(self):
        self.heard("Asks who pays for it")
        self.heard("A CDN in front")
        self.heard("a CDN in front of it")
        self.assertEqual(self.groups(), [("A CDN in front", 2), ("Asks who pays for it", 1)])
        self.assertEqual(len(heard_points()), 2)

    def test_until_the_panel_has_submitted_it_is_private(self):
        self.heard("A CDN in front", is_submitted=False)
        self.heard("Asks who pays", live=True)
        self.assertEqual(self.groups(), [])

    def test_what_names_the_candidate_is_left_out(self):
        self.heard("Okafor names a CDN", "Says ADA built one")
        self.assertEqual(self.groups(), [])

    def test_what_is_listed_or_dismissed_is_left_out(self):
        self.heard("A CDN in front", "Asks who pays for it")
        PointFactory(question=self.question, text="CDN in front")
        DismissedPoint.objects.create(question=self.question, text="asks who pays", at=timezone.now())
        self.assertEqual(self.groups(), [])

    def test_points_of_a_merged_question_count_for_the_other(self):
        self.heard("A CDN in front")
        into = QuestionFactory()
        merge_question(question=self.question, into=into, by=None, at=timezone.now())
        self.assertEqual([group.question for group in heard_points(into)], [into])
        self.assertEqual(heard_points()[0].question, into)

    def test_queries_do_not_grow(self):
        for size in (1, 8):
            self.heard(*(f"Names the case {number} of {size}" for number in range(size)))
            with self.assertNumQueries(4):
                heard_points()
