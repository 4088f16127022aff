import datetime as dt

from django.test import SimpleTestCase

from question_bank.seeds.strict_yaml import Document
from question_bank.seeds.yaml_values import Fields, Value


class ValuesCase(SimpleTestCase):
    def fields(self, text: str) -> Fields:
        self.problems: list = []
        document = Document("f.yaml", self.problems)
        return Value(document, document.parse(text.encode()), "", 1).fields()

    def assert_told(self, *told: str):
        self.assertEqual([str(problem) for problem in self.problems], list(told))


class TestText(ValuesCase):
    def test_text_is_handed_back_without_the_spaces_around_it(self):
        self.assertEqual(self.fields("a: >-\n  one\n  two\nb: ' x '\n")["a"].text(), "one two")
        self.assertEqual(self.fields("a: |\n  one\n  two\n")["a"].text(), "one\ntwo")
        self.assert_told()

    def test_number_or_yes_without_quotes_is_refused(self):
        fields = self.fields("a: 42\nb: yes\nc: '42'\n")
        self.assertEqual([fields["a"].text(), fields["b"].text(), fields["c"].text()], ["", "", "42"])
        self.assert_told(
            "f.yaml:1: a: expected text, found '42' without quotes around it",
            "f.yaml:2: b: expected text, found 'yes' without quotes around it",
        )

    def test_nothing_blank_list_and_fields_are_refused(self):
        fields = self.fields("a:\nb: ' '\nc: [1]\nd: {x: 1}\ne: []\n")
        for name in "abcdef":
            fields[name].text()
        self.assert_told(
            "f.yaml:1: a: expected text, found nothing",
            "f.yaml:2: b: expected text, found ' '",
            "f.yaml:3: c: expected text, found a list",
            "f.yaml:4: d: expected text, found fields",
            "f.yaml:5: e: expected text, found an empty list",
            "f.yaml:1: f: missing; expected text",
        )

    def test_missing_text_takes_its_default(self):
        self.assertEqual(self.fields("a: x\n")["b"].text(default="none"), "none")
        self.assert_told()

    def test_too_long_text_is_refused(self):
        self.fields("a: " + "x" * 11)["a"].text(most=10)
        self.assert_told("f.yaml:1: a: expected at most 10 characters, found 11")

    def test_characters_that_escapes_brought_in_are_refused(self):
        self.fields(r'a: "x\0y"' + "\n")["a"].text()
        self.assert_told(r"f.yaml:1: a: expected text, found 'x\x00y' with the character U+0000")

    def test_long_find_is_cut(self):
        self.fields("a: " + "x" * 100)["a"].number(1, 5)
        self.assert_told(f"f.yaml:1: a: expected a whole number from 1 to 5, found '{'x' * 40}…'")


class TestLineOfText(ValuesCase):
    def test_several_lines_are_refused(self):
        self.fields("a: |\n  one\n  two\n")["a"].line_of_text(most=80)
        self.assert_told("f.yaml:1: a: expected one line of text, found several")


class TestSlug(ValuesCase):
    def test_key_is_handed_back(self):
        self.assertEqual(self.fields("a: slow-page-2\n")["a"].slug(), "slow-page-2")
        self.assert_told()

    def test_capitals_spaces_and_stray_hyphens_are_refused(self):
        for wrong in ("Slow", "slow page", "slow--page", "-slow", "slow_page"):
            self.assertEqual(self.fields(f"a: '{wrong}'\n")["a"].slug(), "")
            self.assert_told(f"f.yaml:1: a: expected a key of small letters, digits and hyphens, found '{wrong}'")


class TestNumber(ValuesCase):
    def test_both_ends_are_in(self):
        fields = self.fields("a: 1\nb: 120\n")
        self.assertEqual([fields["a"].number(1, 120), fields["b"].number(1, 120)], [1, 120])
        self.assert_told()

    def test_words_fractions_quotes_octals_and_what_is_out_of_range_are_refused(self):
        for wrong in ("six", "1.5", "'6'", "010", "0", "121", "-1", "1_0", "0x10", "9" * 30):
            self.fields(f"a: {wrong}\n")["a"].number(1, 120)
            shown = wrong.strip("'")
            self.assert_told(f"f.yaml:1: a: expected a whole number from 1 to 120, found '{shown}'")


class TestFlag(ValuesCase):
    def test_true_and_false_only(self):
        fields = self.fields("a: true\nb: false\nc: yes\nd: 'true'\n")
        self.assertEqual([fields[name].flag(default=True) for name in "abcde"], [True, False, False, False, True])
        self.assert_told(
            "f.yaml:3: c: expected true or false, found 'yes'",
            "f.yaml:4: d: expected true or false, found 'true'",
        )


class TestDate(ValuesCase):
    def test_date_is_handed_back(self):
        self.assertEqual(self.fields("a: 2026-02-28\n")["a"].date(), dt.date(2026, 2, 28))
        self.assert_told()

    def test_other_forms_and_days_that_do_not_exist_are_refused(self):
        for wrong in ("2026-02-30", "20260228", "28.2.2026", "2026-W09-6"):
            self.assertIsNone(self.fields(f"a: {wrong}\n")["a"].date())
            self.assert_told(f"f.yaml:1: a: expected a date such as 2026-11-30, found '{wrong}'")


class TestChoice(ValuesCase):
    def test_one_that_is_none_of_them_is_refused(self):
        self.assertEqual(self.fields("a: high\n")["a"].choice(["any", "mid"], default="any"), "any")
        self.assert_told("f.yaml:1: a: expected one of any, mid, found 'high'")


class TestAddress(ValuesCase):
    def test_web_address_is_handed_back(self):
        url = "https://example.org/page"
        self.assertEqual(self.fields(f"a: {url}\n")["a"].address(most=80), url)
        self.assert_told()

    def test_what_is_no_web_address_is_refused(self):
        for wrong in ("example.org", "javascript:alert(1)", "ftp://example.org/a"):
            self.fields(f"a: {wrong}\n")["a"].address(most=80)
            self.assert_told(f"f.yaml:1: a: expected a web address, found '{wrong}'")


class TestItems(ValuesCase):
    def test_each_item_knows_its_line(self):
        items = self.fields("a:\n  - x\n\n  - y\n")["a"].items()
        self.assertEqual([(item.line, item.text()) for item in items], [(2, "x"), (4, "y")])
        self.assert_told()

    def test_text_and_empty_list_are_refused(self):
        fields = self.fields("a: x\nb: []\n")
        self.assertEqual([fields["a"].items(), fields["b"].items()], [(), ()])
        self.assert_told("f.yaml:1: a: expected a list, found 'x'", "f.yaml:2: b: expected a list, found an empty list")


class TestFields(ValuesCase):
    def test_unknown_field_is_refused_and_the_known_ones_are_named(self):
        fields = self.fields("a: x\nzz: y\n")
        fields["a"].text()
        fields["b"].text(default="")
        fields.refuse_others()
        self.assert_told("f.yaml:2: zz: unknown; expected only a, b")

    def test_field_that_is_given_twice_is_refused_and_the_first_counts(self):
        self.assertEqual(self.fields("a: x\nb: y\na: z\n")["a"].text(), "x")
        self.assert_told("f.yaml:3: a: expected once, found on line 1 already")

    def test_merge_key_and_names_that_are_no_text_are_refused(self):
        self.fields("a: x\n<<: {b: y}\n1: z\n? [c]\n: z\n")
        self.assert_told(
            "f.yaml:2: expected the name of a field",
            "f.yaml:3: expected the name of a field",
            "f.yaml:4: expected the name of a field",
        )

    def test_empty_file_is_refused(self):
        self.fields("# nothing\n")
        self.assert_told("f.yaml:1: expected fields, found nothing")
