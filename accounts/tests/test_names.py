from django.test import SimpleTestCase

from accounts.names import initials, short_names


class ShortNamesTests(SimpleTestCase):
    def test_first_names_are_enough_while_they_differ(self):
        self.assertEqual(short_names(["Jo Tanaka", "Mira Rossi"]), ["Jo", "Mira"])

    def test_a_shared_first_name_gets_the_first_letter_of_the_last_one(self):
        self.assertEqual(short_names(["Jo Tanaka", "Mira Rossi", "Jo Weber"]), ["Jo T.", "Mira", "Jo W."])

    def test_names_with_the_same_letters_are_shown_whole(self):
        self.assertEqual(short_names(["Jo Tanaka", "Jo Thorne"]), ["Jo Tanaka", "Jo Thorne"])

    def test_the_very_same_name_stays(self):
        self.assertEqual(short_names(["Jo Tanaka", "Jo Tanaka"]), ["Jo", "Jo"])


class InitialsTests(SimpleTestCase):
    def test_shared_ones_get_a_letter_more(self):
        self.assertEqual(initials(["Jo Tanaka", "Jo Thorne"]), ["JTa", "JTh"])
        self.assertEqual(initials(["Jo Tanaka", "Jan Tanaka", "mira"]), ["JoT", "JaT", "M"])
