from django.test import TestCase

from question_bank.factories import AnchorFactory, QuestionFactory
from question_bank.models import Question
from question_bank.publishing import lacking_in, reasons_against_publishing


def with_parts(question):
    return Question.objects.with_parts().get(pk=question.pk)


class ReasonsAgainstPublishingTests(TestCase):
    def test_a_top_level_answer_lacks_the_anchors_that_it_does_not_have(self):
        question = QuestionFactory(status="draft")
        for rating in (1, 2):
            AnchorFactory(question=question, rating=rating)
        self.assertEqual(lacking_in(with_parts(question)), {"Good", "Excellent"})
        self.assertEqual(reasons_against_publishing(with_parts(question)), ["Say what Good and Excellent look like."])

    def test_a_conversation_needs_no_anchors(self):
        question = QuestionFactory(status="draft", kind="conversation")
        self.assertEqual(reasons_against_publishing(with_parts(question)), [])

    def test_a_follow_up_needs_its_condition_and_a_published_question_above_it(self):
        parent = QuestionFactory(status="draft")
        follow_up = QuestionFactory(status="draft", parent=parent, condition="")
        self.assertEqual(
            reasons_against_publishing(with_parts(follow_up)),
            ["Enter when to ask this follow-up.", "Its parent question is a draft. Publish that first."],
        )
