from django.test import TestCase
from django.utils import timezone

from interviews.factories import InterviewFactory
from question_bank.curation.duplicates import merge_question
from question_bank.factories import QuestionFactory, ScriptItemFactory
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
