import dataclasses
import datetime as dt

from django.test import TestCase

from question_bank.curation.writing import WantedPoint, WantedQuestion, write_question
from question_bank.factories import PointFactory, QuestionFactory, TopicFactory
from question_bank.models import Question

TODAY = dt.date(2026, 1, 2)


class WriteQuestionTests(TestCase):
    def wanted(self, question):
        return WantedQuestion.of(Question.objects.with_parts().get(pk=question.pk))

    def test_a_reworded_point_stays_the_same_row(self):
        point = PointFactory()
        new = WantedPoint(text="Reworded", kind="brownie", pk=point.pk)
        write_question(point.question, dataclasses.replace(self.wanted(point.question), points=(new,)), on=TODAY)
        point.refresh_from_db()
        self.assertEqual(point.text, "Reworded")

    def test_a_moved_question_takes_its_follow_ups_to_the_end_of_the_new_topic(self):
        question = QuestionFactory()
        follow_up = QuestionFactory(parent=question, topic=question.topic)
        last = QuestionFactory(topic=TopicFactory(), position=7)
        write_question(question, dataclasses.replace(self.wanted(question), topic=last.topic), on=TODAY)
        follow_up.refresh_from_db()
        self.assertEqual((question.position, follow_up.topic), (8, last.topic))
