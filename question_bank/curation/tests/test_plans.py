from django.test import TestCase

from question_bank.curation.plans import ScriptPlan, SectionPlan, branch_minutes
from question_bank.factories import QuestionFactory


class ScriptPlanTests(TestCase):
    def test_only_must_ask_minutes_are_over_and_no_slot_is_never_over(self):
        section = SectionPlan(number=0, minutes=10, must=12, optional=9)
        self.assertEqual(section.excess, 2)
        self.assertEqual(ScriptPlan(sections=[section, section], slot=15, hints=[]).excess, 5)
        self.assertEqual(ScriptPlan(sections=[section], slot=0, hints=[]).excess, 0)

    def test_a_question_takes_the_minutes_of_its_published_follow_ups_too(self):
        question = QuestionFactory(minutes=4)
        QuestionFactory(parent=question, topic=question.topic, minutes=3)
        QuestionFactory(parent=question, topic=question.topic, minutes=9, status="draft")
        self.assertEqual(branch_minutes([question.pk])[question.pk], 7)
