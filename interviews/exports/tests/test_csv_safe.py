import csv
import io

from django.test import SimpleTestCase

from interviews.exports.csv_safe import BOM, csv_text, inert

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    '"=1',
    "' =1",
    "\u200b=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "\n=1",
)


class InertTests(SimpleTestCase):
    def test_what_a_spreadsheet_would_calculate_gets_an_apostrophe(self):
        for text in FORMULAS:
            with self.subTest(text):
                self.assertEqual(inert(text), f"'{text}")

    def test_everything_else_stays(self):
        for text in ("", "Measures first.", "a=b", "2-3 caches", "“quoted”", "é", "\u2013 a dash", "·=1"):
            with self.subTest(text):
                self.assertEqual(inert(text), text)


class CsvTextTests(SimpleTestCase):
    def test_texts_come_back_as_they_were(self):
        rows = [["a,b", 'say "x"', "two\r\nlines", "👩🏽‍💻", None, 3]]
        text = csv_text(rows)
        self.assertTrue(text.startswith(BOM))
        read = list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))
        self.assertEqual(read, [["a,b", 'say "x"', "two\r\nlines", "👩🏽‍💻", "", "3"]])
        self.assertIn(",3\r\n", text)
