from django.test import SimpleTestCase

from interviews.candidate_names import is_whole_name_in, named_in


class TestCandidateNames(SimpleTestCase):
    def test_any_longer_word_of_a_name_counts(self):
        for text, found in [
            ("Ask what ADA measured", ["Ada"]),
            ("Jose’s answer to Núñez", ["José", "Nuñez"]),
            ("Cada one, adamant", []),
            ("Li said so", []),
        ]:
            with self.subTest(text):
                self.assertEqual(named_in(text, "Ada Li José Nuñez"), found)

    def test_a_whole_name_has_two_words(self):
        self.assertTrue(is_whole_name_in("Okafor, Ada", "Ada Okafor"))
        self.assertFalse(is_whole_name_in("Ada said", "Ada Okafor"))
        self.assertFalse(is_whole_name_in("Ada said", "Ada"))
