from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from interviews.templatetags.printing import UNBROKEN_MAX, breakable, direction

BREAK = "\u200b"


class DirectionTests(SimpleTestCase):
    def test_the_first_letter_with_a_direction_decides(self):
        for text, expected in (
            ("Hello שלום", "ltr"), ("שלום Hello", "rtl"), ("“123 مرحبا”", "rtl"),
            ("漢字", "ltr"), ("12 🦊!", "ltr"), ("", "ltr"),
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertEqual(direction(text), expected)


class BreakableTests(SimpleTestCase):
    def test_text_that_people_write_stays_as_it_is(self):
        for text in ("", "Measured first.\n\nThen queries.", "https://example.org/" + "a" * 100, "two  spaces\ttab"):
            self.assertEqual(breakable(text), text)

    def test_very_long_words_get_places_to_break(self):
        pieces = breakable("a" * 1000).split(BREAK)
        self.assertEqual("".join(pieces), "a" * 1000)
        self.assertLessEqual(max(map(len, pieces)), 50)

    def test_what_is_drawn_as_one_is_not_taken_apart(self):
        for one in ("👩‍👩‍👧‍👦", "🇲🇹", "👍🏽", "e\u0301\u0302"):
            with self.subTest(one=one):
                whole = breakable(one * 400)
                self.assertEqual(whole.replace(BREAK, ""), one * 400)
                for piece in whole.split(BREAK):
                    self.assertNotIn(piece[0], "\u200d\u0301\u0302🏽")
                    self.assertNotEqual(piece[-1], "\u200d")

    def test_many_empty_lines_become_two(self):
        self.assertEqual(breakable("a" + "\n \r\n\u2028" * 5000 + "b"), "a\n\n\nb")

    def test_line_ends_of_every_kind_become_ordinary_ones(self):
        self.assertEqual(breakable("a\r\nb\rc\u2028d\x85e"), "a\nb\nc\nd\ne")

    def test_what_no_font_draws_is_left_out(self):
        self.assertEqual(breakable("a\x1bb\x7fc\ufffe\td"), "abc\td")

    @given(st.text(st.characters(exclude_characters="\u200b", exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"])))
    def test_nothing_but_places_to_break_is_put_in(self, text):
        self.assertEqual(breakable(text).replace(BREAK, ""), text)

    @given(st.lists(st.text("ab", min_size=1, max_size=UNBROKEN_MAX - 1)))
    def test_shorter_words_stay_whole(self, words):
        self.assertEqual(breakable(" ".join(words)), " ".join(words))
