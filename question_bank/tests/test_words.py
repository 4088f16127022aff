from django.test import SimpleTestCase

from question_bank.words import (
    LABEL_LENGTH,
    QUOTED_LENGTH,
    LabelField,
    StemsField,
    folded_label,
    label_of,
    quoted,
    words_in,
)


class TestWords(SimpleTestCase):
    def test_endings_and_common_words_do_not_matter(self):
        self.assertEqual(words_in("How are the Results cached?"), words_in("result caching"))

    def test_label_is_the_prompt_in_one_line(self):
        self.assertEqual(label_of("Where\n to  cache?"), "Where to cache?")
        self.assertEqual(len(label_of("why " * 100)), LABEL_LENGTH)

    def test_quoted_is_one_short_line(self):
        self.assertEqual(quoted("Where\n to  cache?"), "“Where to cache?”")
        self.assertEqual(len(quoted("why " * 100)), QUOTED_LENGTH + 2)

    def test_columns_hold_what_is_made_of_a_prompt(self):
        self.assertEqual(LabelField("prompt").text_of("Où\nest le cache?"), folded_label("ou est LE cache?"))
        self.assertEqual(StemsField("prompt").text_of("Where are results cached?"), "cach result")

    def test_letters_that_become_many_fit_an_index(self):
        self.assertLessEqual(len(folded_label("ﷺ" * 150)), 200)
