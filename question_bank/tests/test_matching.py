from django.test import TestCase

from question_bank.factories import PointFactory, QuestionFactory
from question_bank.models import Question


def found(query: str) -> set[str]:
    return {question.prompt for question in Question.objects.matching(query)}


class TestMatching(TestCase):
    def test_each_text_of_a_question_is_searched(self):
        QuestionFactory(prompt="Which caches are there?")
        QuestionFactory(prompt="One", purpose="Finds out about caches")
        QuestionFactory(prompt="Two", guidance="Let them name caches")
        QuestionFactory(prompt="Three", condition="when caches come up")
        PointFactory(question=QuestionFactory(prompt="Four"), text="names caches")
        QuestionFactory(prompt="Five")
        self.assertEqual(found("caches"), {"Which caches are there?", "One", "Two", "Three", "Four"})

    def test_every_word_must_be_found_but_anywhere(self):
        both = QuestionFactory(prompt="Where would you cache?")
        PointFactory(question=both, text="in the browser")
        QuestionFactory(prompt="What is a cache?")
        self.assertEqual(found("cache browser"), {"Where would you cache?"})

    def test_a_word_is_not_found_across_two_texts(self):
        QuestionFactory(prompt="Use Re", purpose="dis for it")
        self.assertEqual(found("redis"), set())

    def test_case_and_accents_do_not_matter_either_way(self):
        QuestionFactory(prompt="Was ist ÄRGER?")
        self.assertEqual(found("ärger"), {"Was ist ÄRGER?"})
        self.assertEqual(found("arger"), {"Was ist ÄRGER?"})
        QuestionFactory(prompt="Plain anger")
        self.assertEqual(found("ÁNGER"), {"Plain anger"})

    def test_signs_of_the_database_mean_themselves(self):
        QuestionFactory(prompt="Is 100% coverage enough?")
        QuestionFactory(prompt="Is 1000 enough?")
        QuestionFactory(prompt="What is snake_case?")
        QuestionFactory(prompt="What is snakeXcase?")
        QuestionFactory(prompt=r"What does \d match?")
        self.assertEqual(found("100%"), {"Is 100% coverage enough?"})
        self.assertEqual(found("snake_case"), {"What is snake_case?"})
        self.assertEqual(found(r"\d"), {r"What does \d match?"})
        self.assertEqual(found("' OR 1=1 --"), set())

    def test_blank_query_finds_all(self):
        QuestionFactory(prompt="One")
        QuestionFactory(prompt="Two")
        self.assertEqual(found(" "), {"One", "Two"})
