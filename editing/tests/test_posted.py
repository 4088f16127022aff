from django.test import SimpleTestCase

from editing.posted import unix_lines, whole_number


class UnixLinesTests(SimpleTestCase):
    def test_line_breaks_of_a_form_become_those_of_a_text(self):
        self.assertEqual(unix_lines("a\r\n\r\nb\nc"), "a\n\nb\nc")

    def test_a_lone_carriage_return_stays(self):
        self.assertEqual(unix_lines("a\rb"), "a\rb")


class WholeNumberTests(SimpleTestCase):
    def test_digits_are_a_number(self):
        self.assertEqual([whole_number(text) for text in ("0", "7", "007", "9" * 18)], [0, 7, 7, 10**18 - 1])

    def test_anything_else_is_none(self):
        for text in ("", " 7", "-7", "+7", "1.5", "1_000", "٣", "²", "9" * 19, "seven"):
            with self.subTest(text):
                self.assertIsNone(whole_number(text))

    def test_fewer_digits_can_be_asked_for(self):
        self.assertEqual((whole_number("999", digits=3), whole_number("1000", digits=3)), (999, None))
