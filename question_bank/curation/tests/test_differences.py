from django.test import TestCase

from question_bank.curation.differences import question_content, question_of, revision
from question_bank.curation.writing import WantedQuestion
from question_bank.factories import AnchorFactory, PointFactory, ReferenceFactory
from question_bank.models import Point, Question


class QuestionContentTests(TestCase):
    def test_its_parts_make_the_same_question(self):
        point = PointFactory()
        AnchorFactory(question=point.question)
        ReferenceFactory(question=point.question)
        wanted = WantedQuestion.of(Question.objects.with_parts().get())
        self.assertEqual(question_of(question_content(wanted), is_reviewed=wanted.is_reviewed), wanted)

    def test_any_change_gives_another_revision(self):
        question = PointFactory().question
        before = revision(Question.objects.with_parts().get(pk=question.pk))
        Point.objects.update(text="another")
        self.assertNotEqual(revision(Question.objects.with_parts().get(pk=question.pk)), before)
