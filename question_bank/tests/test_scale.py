from django.test import TestCase

from question_bank.factories import AnchorFactory, QuestionFactory
from question_bank.scale import GENERAL_SCALE, rating_words


class TestRatingWords(TestCase):
    def test_question_without_anchors_speaks_in_general(self):
        words = rating_words(QuestionFactory())
        self.assertEqual([word.rating.label for word in words], ["Poor", "Mixed", "Good", "Excellent"])
        self.assertEqual([word.text for word in words], list(GENERAL_SCALE.values()))
        self.assertEqual(words, rating_words())

    def test_own_words_take_the_place_of_the_general_ones(self):
        question = QuestionFactory()
        AnchorFactory(question=question, rating=2, text="knows the name only")
        poor, mixed, *_ = rating_words(question)
        self.assertEqual((mixed.text, mixed.is_own), ("knows the name only", True))
        self.assertEqual((poor.text, poor.is_own), (GENERAL_SCALE[1], False))
