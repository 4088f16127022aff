import tempfile
import time
from pathlib import Path

from django.test import SimpleTestCase

from question_bank.seeds.strict_yaml import MAX_BYTES, MAX_DEPTH, Document


def complaints(content: str | bytes) -> list[str]:
    problems: list = []
    Document("f.yaml", problems).parse(content if isinstance(content, bytes) else content.encode())
    return [str(problem) for problem in problems]


class TestParse(SimpleTestCase):
    def test_plain_values_are_read_without_complaint(self):
        problems: list = []
        node = Document("f.yaml", problems).parse("a: é 🐘 لیلا\nb: [1, 2]\n".encode())
        self.assertEqual(problems, [])
        self.assertEqual([name.value for name, _ in node.value], ["a", "b"])
        self.assertEqual(node.value[0][1].value, "é 🐘 لیلا")

    def test_windows_line_breaks_and_a_mark_of_byte_order_are_read(self):
        self.assertEqual(complaints(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n"), [])

    def test_alias_and_its_anchor_are_refused_each_with_its_line(self):
        self.assertEqual(
            complaints("a: &x one\nb: *x\n"),
            [
                "f.yaml:1: expected the value itself, found an alias or its anchor (* or &)",
                "f.yaml:2: expected the value itself, found an alias or its anchor (* or &)",
            ],
        )

    def test_alias_bomb_is_refused_at_once(self):
        bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
        start = time.process_time()
        found = complaints(bomb)
        self.assertLess(time.process_time() - start, 1)
        self.assertIn("f.yaml:1: expected the value itself, found an alias or its anchor (* or &)", found)
        self.assertLess(len(found), 30)

    def test_tag_is_refused(self):
        self.assertEqual(
            complaints('a: 1\nb: !!python/object/apply:os.system ["true"]\n'),
            ["f.yaml:2: expected a plain value, found the tag tag:yaml.org,2002:python/object/apply:os"],
        )

    def test_deep_nesting_is_refused_in_both_styles(self):
        told = f"f.yaml:1: expected at most {MAX_DEPTH} levels"
        self.assertEqual(complaints("[" * 400 + "]" * 400), [told])
        self.assertEqual(complaints("- " * 50_000 + "a"), [told])

    def test_tab_is_refused_with_its_line(self):
        self.assertEqual(complaints("a: 1\nb:\t2\n"), ["f.yaml:2: expected spaces and visible characters, found a tab"])

    def test_nul_and_other_unseen_characters_are_refused_with_their_line(self):
        self.assertEqual(
            complaints("a: 1\nb: x\0y\nc: x\u2028y\n"),
            [
                "f.yaml:2: expected spaces and visible characters, found the character U+0000",
                "f.yaml:3: expected spaces and visible characters, found the character U+2028",
            ],
        )

    def test_bad_utf8_is_refused_with_its_line(self):
        self.assertEqual(complaints(b"a: 1\nb: \xff\n"), ["f.yaml:2: expected UTF-8, found the byte 0xff"])

    def test_broken_syntax_is_refused_with_its_line(self):
        (told,) = complaints("a: 1\nb: [1, 2\nc: 3\n")
        self.assertRegex(told, r"^f\.yaml:3: expected YAML: ")

    def test_second_document_is_refused_with_its_line(self):
        (told,) = complaints("a: 1\n---\nb: 2\n")
        self.assertRegex(told, r"^f\.yaml:2: expected YAML: ")


class TestRead(SimpleTestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.problems = []

    def read(self, name: str):
        node = Document(name, self.problems).read(self.folder / name)
        return node, [str(problem) for problem in self.problems]

    def test_missing_file_is_a_problem(self):
        node, told = self.read("gone.yaml")
        self.assertIsNone(node)
        self.assertEqual(told, ["gone.yaml:1: expected a file that can be read: No such file or directory"])

    def test_folder_in_place_of_a_file_is_a_problem(self):
        (self.folder / "f.yaml").mkdir()
        node, told = self.read("f.yaml")
        self.assertIsNone(node)
        self.assertEqual(told, ["f.yaml:1: expected a file that can be read: Is a directory"])

    def test_huge_file_is_refused(self):
        (self.folder / "f.yaml").write_text("#" * (MAX_BYTES + 1))
        node, told = self.read("f.yaml")
        self.assertIsNone(node)
        self.assertEqual(told, ["f.yaml:1: expected at most 1,000,000 bytes, found 1,000,001"])

    def test_file_of_just_that_size_is_read(self):
        (self.folder / "f.yaml").write_text("a: 1\n#" + "x" * (MAX_BYTES - 6))
        node, told = self.read("f.yaml")
        self.assertEqual(told, [])
        self.assertEqual(node.value[0][0].value, "a")
