from django.test import TestCase

from question_bank.factories import QuestionFactory
from question_bank.similar import similar_questions


class TestSimilarQuestions(TestCase):
    def test_most_alike_first_without_the_question_itself_and_retired_ones(self):
        own = QuestionFactory(prompt="Where in a web application can results be cached?")
        near = QuestionFactory(prompt="Where in a web application can you cache results?")
        less = QuestionFactory(prompt="Where can results be cached in an application?")
        QuestionFactory(prompt="How do you choose which columns to index?")
        QuestionFactory(prompt=own.prompt, status="retired")
        self.assertEqual(similar_questions(own.prompt, beside=own.pk), [near, less])

    def test_a_few_letters_are_like_nothing(self):
        QuestionFactory(prompt="Where to cache?")
        for prompt in ("", "Where", "cache"):
            self.assertEqual(similar_questions(prompt), [])

    def test_two_queries_at_any_size(self):
        for size in (1, 30):
            QuestionFactory.create_batch(size, prompt="Where can results be cached?")
            with self.assertNumQueries(2):
                self.assertEqual(len(similar_questions("Where are results cached?")), min(size, 5))
