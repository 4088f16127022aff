from django.test import TestCase

from question_bank.factories import PointFactory, QuestionFactory
from question_bank.models import Question
from question_bank.searching import LENGTH_LIMIT, WORDS_LIMIT, fold, words_of


def found(query: str) -> set[str]:
    return {question.prompt for question in Question.objects.matching(query)}


class TestFold(TestCase):
    def test_capitals_and_accents_are_levelled(self):
        self.assertEqual(fold("ÄÖ Çà Ñandú"), "ao ca nandu")

    def test_ascii_keeps_its_signs(self):
        self.assertEqual(fold("Cache-Control: 100%_"), "cache-control: 100%_")

    def test_other_scripts_get_small_letters(self):
        self.assertEqual(fold("КЭШ ΛΟΓΟΣ"), "кэш λογος")


class TestWordsOf(TestCase):
    def test_blank_query_has_no_words(self):
        self.assertEqual(words_of("  \t "), [])

    def test_repeated_words_count_once_and_keep_their_order(self):
        self.assertEqual(words_of("cache web cache"), ["cache", "web"])

    def test_nul_separates_words(self):
        self.assertEqual(words_of("a\0b"), ["a", "b"])

    def test_long_query_is_cut(self):
        self.assertEqual(len(words_of(" ".join(str(n) for n in range(50)))), WORDS_LIMIT)
        self.assertEqual(words_of("x" * 5000), ["x" * LENGTH_LIMIT])


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
