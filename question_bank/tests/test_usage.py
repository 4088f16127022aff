from unittest import mock

from django.test import TestCase

from question_bank import usage
from question_bank.factories import QuestionFactory


class TimesAskedTests(TestCase):
    def test_each_registered_counter_counts_for_the_question_and_those_merged_into_it(self):
        question = QuestionFactory()
        merged = QuestionFactory(status="retired", merged_into=question)
        with mock.patch.object(usage, "_counters", []):
            for number in (2, 5):
                counter = mock.Mock(return_value=number)
                usage.count_asked_by(counter)
            self.assertEqual(usage.times_asked(question), 7)
        counter.assert_called_once_with([question.pk, merged.pk])
