from django.test import SimpleTestCase

from editing.word_diff import STEPS_MAX, word_diff


class TestWordDiff(SimpleTestCase):
    def test_pieces_are_whole_words_in_reading_order(self):
        self.assertEqual(
            word_diff("Where to cache?", "Where do you cache?"),
            [("same", "Where "), ("removed", "to"), ("added", "do you"), ("same", " cache?")],
        )

    def test_empty_texts(self):
        self.assertEqual(word_diff("", ""), [])
        self.assertEqual(word_diff("", "New"), [("added", "New")])
        self.assertEqual(word_diff("Old", ""), [("removed", "Old")])

    def test_long_texts_are_shown_whole(self):
        size = int(STEPS_MAX**0.5) + 2
        old, new = "a," * size, "b," * size
        self.assertEqual(word_diff(old, new), [("removed", old), ("added", new)])
