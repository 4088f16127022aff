from django.test import SimpleTestCase

from finding.searching import LENGTH_LIMIT, WORDS_LIMIT, fold, words_of


class TestFold(SimpleTestCase):
    def test_capitals_and_accents_are_levelled(self):
        self.assertEqual(fold("ÄÖ Çà Ñandú"), "ao ca nandu")

    def test_ascii_keeps_its_signs(self):
        self.assertEqual(fold("Cache-Control: 100%_"), "cache-control: 100%_")

    def test_other_scripts_get_small_letters(self):
        self.assertEqual(fold("КЭШ ΛΟΓΟΣ"), "кэш λογος")


class TestWordsOf(SimpleTestCase):
    def test_blank_query_has_no_words(self):
        self.assertEqual(words_of("  \t "), [])

    def test_repeated_words_count_once_and_keep_their_order(self):
        self.assertEqual(words_of("cache web cache"), ["cache", "web"])

    def test_nul_separates_words(self):
        self.assertEqual(words_of("a\0b"), ["a", "b"])

    def test_what_cannot_be_seen_in_a_copied_word_is_left_out(self):
        self.assertEqual(words_of("\u200bAda \ufeffOka\u00adfor"), ["Ada", "Okafor"])

    def test_long_query_is_cut(self):
        self.assertEqual(len(words_of(" ".join(str(n) for n in range(50)))), WORDS_LIMIT)
        self.assertEqual(words_of("x" * 5000), ["x" * LENGTH_LIMIT])
