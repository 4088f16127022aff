import tempfile
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase

from question_bank.advice import advice_on
from question_bank.entries import PointEntry, ReferenceEntry
from question_bank.models import Point, Question
from question_bank.seeds.files import SeedFilesError, read_bank
from question_bank.tests.seed_folders import SeedFolder


class SeedFolderCase(SimpleTestCase):
    def setUp(self):
        self.folder = SeedFolder(self.enterContext(tempfile.TemporaryDirectory()))

    def told(self) -> list[str]:
        """What is wrong with the folder, without its path."""
        with self.assertRaises(SeedFilesError) as caught:
            read_bank(self.folder.path)
        return [str(problem).removeprefix(f"{self.folder.path}/") for problem in caught.exception.problems]


class TestReadBank(SeedFolderCase):
    def test_small_bank_is_read_whole(self):
        bank = read_bank(self.folder.path)
        self.assertEqual([topic.key for topic in bank.topics], ["python", "testing"])
        self.assertEqual(
            [(q.key, q.parent, q.position) for q in bank.questions],
            [("underscore", "", 1), ("private-names", "underscore", 1), ("your-questions", "", 2)],
        )
        self.assertEqual([rule.title for rule in bank.rules], ["Listen"])
        question = bank.questions[0]
        self.assertEqual(
            [point.content() for point in question.points],
            [
                PointEntry(text="Marks a name as private", kind="brownie", leads_to="private-names").content(),
                PointEntry(text="Never heard of it", kind="watch_out").content(),
            ],
        )
        self.assertEqual(
            question.anchors, {1: "makes it up", 2: "names one use", 3: "names several", 4: "explains them"}
        )
        self.assertEqual(
            question.references,
            (
                ReferenceEntry(title="A guide", author="Mara Lund", url="https://example.org/guide"),
                ReferenceEntry(title="PEP 8"),
            ),
        )

    def test_follow_up_is_of_its_parents_kind_status_and_date(self):
        self.folder.replace("questions/python.yaml", "    points:", "    status: draft\n    points:")
        self.folder.replace("scripts.yaml", "must_ask: underscore", "must_ask: your-questions")
        self.folder.replace("scripts.yaml", "optional: your-questions", "optional: other")
        other = "  - key: other\n    prompt: And?\n    purpose: More.\n    kind: conversation\n    minutes: 1\n"
        self.folder.replace(
            "questions/python.yaml",
            "  - key: your-questions",
            other + "    reviewed_on: 2025-01-31\n  - key: your-questions",
        )
        _, follow_up, *_ = read_bank(self.folder.path).questions
        self.assertEqual((follow_up.kind, follow_up.status), ("answer", "draft"))
        self.assertEqual(str(follow_up.reviewed_on), "2026-11-20")

    def test_script_is_read_with_sections_gate_and_items(self):
        (script,) = read_bank(self.folder.path).scripts
        first, last = script.sections
        self.assertEqual((first.title, first.minutes, first.gate), ("Python", 10, "Go on?"))
        self.assertEqual([(item.question, item.is_must_ask) for item in first.items], [("underscore", True)])
        self.assertEqual((last.is_for_candidate, last.gate), (True, ""))
        self.assertEqual([(item.question, item.is_must_ask) for item in last.items], [("your-questions", False)])

    def test_everything_that_is_wrong_is_told_at_once_in_order(self):
        self.folder.replace("questions/python.yaml", "minutes: 4", "minutes: six")
        self.folder.replace("questions/python.yaml", "  - key: your-questions\n", "  - key: Yours\n")
        self.folder.replace("topics.yaml", "    name: Testing\n", "    nmae: Testing\n")
        self.folder.write("rules.yaml", "rules:\n  - title: a\n\ttext: b\n")
        self.assertEqual(
            self.told(),
            [
                "questions/python.yaml:6: minutes: expected a whole number from 1 to 120, found 'six'",
                "questions/python.yaml:26: key: expected a key of small letters, digits and hyphens, found 'Yours'",
                "rules.yaml:3: expected spaces and visible characters, found a tab",
                "scripts.yaml:15: expected the key of a question, found 'your-questions'",
                "topics.yaml:4: name: missing; expected text",
                "topics.yaml:5: nmae: unknown; expected only name, key",
            ],
        )

    def test_missing_file_is_told(self):
        (self.folder.path / "scripts.yaml").unlink()
        self.assertEqual(self.told(), ["scripts.yaml:1: expected a file that can be read: No such file or directory"])

    def test_folder_without_questions_is_told(self):
        (self.folder.path / "questions" / "python.yaml").unlink()
        self.assertIn("questions/*.yaml:1: expected at least one file, found none", self.told())

    def test_file_with_another_ending_is_told_because_it_would_be_overlooked(self):
        self.folder.write("questions/testing.yml", "topic: testing\n")
        self.assertEqual(self.told(), ["questions/testing.yml:1: expected a name that ends in .yaml"])

    def test_empty_file_is_told(self):
        self.folder.write("rules.yaml", "")
        self.assertEqual(
            self.told(),
            ["rules.yaml:1: expected fields, found nothing", "rules.yaml:1: rules: missing; expected a list"],
        )


class TestQuestions(SeedFolderCase):
    def break_python(self, old: str, new: str) -> list[str]:
        self.folder.replace("questions/python.yaml", old, new)
        return self.told()

    def test_missing_prompt_is_told(self):
        told = self.break_python("    prompt: What is the underscore for?\n", "")
        self.assertEqual(told, ["questions/python.yaml:3: prompt: missing; expected text"])

    def test_unknown_field_is_told(self):
        told = self.break_python("    minutes: 4\n", "    minutes: 4\n    minuets: 4\n")
        self.assertRegex(told[0], r"^questions/python\.yaml:7: minuets: unknown; expected only key, condition, ")
        self.assertEqual(len(told), 1)

    def test_unknown_level_is_told(self):
        told = self.break_python("    minutes: 4\n", "    minutes: 4\n    level: guru\n")
        expected = "questions/python.yaml:7: level: expected one of any, junior, mid, senior, staff, found 'guru'"
        self.assertEqual(told, [expected])

    def test_condition_of_a_top_level_question_is_told(self):
        told = self.break_python("    minutes: 4\n", "    minutes: 4\n    condition: next\n")
        self.assertEqual(told, ["questions/python.yaml:7: condition: expected only on a follow-up"])

    def test_follow_up_without_a_condition_is_told(self):
        told = self.break_python("        condition: when “private” comes up\n", "")
        self.assertEqual(told, ["questions/python.yaml:21: condition: missing; expected text"])

    def test_anchor_of_more_than_twelve_words_is_told(self):
        told = self.break_python("makes it up", " ".join(["word"] * 13))
        self.assertEqual(told, ["questions/python.yaml:13: poor: expected at most 12 words, found 13"])

    def test_fewer_than_four_anchors_are_told(self):
        told = self.break_python("      mixed: names one use\n", "")
        self.assertEqual(told, ["questions/python.yaml:12: mixed: missing; expected text"])

    def test_point_of_two_kinds_or_none_is_told(self):
        told = self.break_python("- watch_out: Never heard of it", "- watch_out: a\n        cue: b")
        self.assertEqual(told, ["questions/python.yaml:11: expected one of brownie, watch_out, cue, found 2 of them"])
        told = self.break_python("- watch_out: a\n        cue: b", "- leads_to: private-names")
        self.assertEqual(
            told, ["questions/python.yaml:11: expected one of brownie, watch_out, cue, found none of them"]
        )

    def test_cue_that_leads_nowhere_is_told(self):
        told = self.break_python("- watch_out:", "- cue:")
        self.assertEqual(
            told,
            ["questions/python.yaml:11: leads_to: missing; expected a key of small letters, digits and hyphens"],
        )

    def test_unknown_reference_is_told(self):
        told = self.break_python("      - guide\n", "      - guied\n")
        self.assertEqual(
            told,
            ["questions/python.yaml:18: references: expected the key of a reference in references.yaml, found 'guied'"],
        )

    def test_reference_with_an_address_that_is_none_is_told(self):
        told = self.break_python("- title: PEP 8\n", "- title: PEP 8\n        url: javascript:alert(1)\n")
        self.assertEqual(told, ["questions/python.yaml:20: url: expected a web address, found 'javascript:alert(1)'"])

    def test_reference_that_is_listed_twice_in_its_file_is_told(self):
        self.folder.write(
            "references.yaml", "references:\n  - key: guide\n    title: A\n  - key: guide\n    title: B\n"
        )
        self.assertEqual(self.told(), ["references.yaml:4: key: expected once, found 'guide' already"])


class TestScripts(SeedFolderCase):
    def break_scripts(self, old: str, new: str) -> list[str]:
        self.folder.replace("scripts.yaml", old, new)
        return self.told()

    def test_item_that_is_both_must_ask_and_optional_or_neither_is_told(self):
        told = self.break_scripts("- optional: your-questions", "- optional: your-questions\n            must_ask: x")
        self.assertIn("scripts.yaml:15: expected either must_ask or optional", told)
        told = self.break_scripts("- optional: your-questions\n            must_ask: x", "- ask: your-questions")
        self.assertIn("scripts.yaml:15: expected either must_ask or optional", told)

    def test_section_without_minutes_or_questions_is_told(self):
        told = self.break_scripts("        minutes: 10\n", "")
        self.assertEqual(told, ["scripts.yaml:6: minutes: missing; expected a whole number from 1 to 240"])
        told = self.break_scripts("        questions:\n          - must_ask: underscore\n", "        minutes: 10\n")
        self.assertEqual(told, ["scripts.yaml:6: questions: missing; expected a list"])


# Top-level questions at: any, junior, mid, senior, staff.
PER_LEVEL = {
    "conversation": [4, 0, 0, 0, 0],
    "response-time": [2, 1, 2, 1, 0],
    "authentication": [1, 1, 2, 1, 1],
    "task-queues": [7, 0, 1, 2, 0],
    "rest-design": [1, 1, 3, 3, 1],
    "python": [1, 3, 2, 1, 0],
    "django": [3, 2, 3, 2, 1],
    "testing": [6, 1, 1, 1, 1],
    "real-time": [2, 0, 2, 1, 0],
    "databases": [0, 2, 4, 5, 1],
    "orm": [0, 2, 3, 3, 0],
    "schema-changes": [0, 1, 2, 2, 1],
    "security": [0, 3, 3, 3, 1],
    "operations": [0, 2, 3, 1, 2],
    "concurrency": [0, 1, 3, 2, 0],
    "distributed": [0, 0, 1, 3, 2],
    "system-design": [0, 1, 2, 3, 2],
    "debugging": [0, 2, 3, 2, 1],
    "code-review": [1, 2, 3, 2, 0],
    "delivery": [0, 1, 4, 1, 1],
    "collaboration": [6, 2, 1, 1, 0],
    "leadership": [0, 0, 0, 3, 4],
    "ai-assistants": [1, 0, 1, 1, 1],
}
# Nothing primary was found to read; both are judged by how people reason.
WITHOUT_SOURCE = ("pages-or-spa", "money-differs")


class TestBuiltInBank(SimpleTestCase):
    """What the built-in bank promises, in numbers; the words are for people to read."""

    def setUp(self):
        self.bank = read_bank()
        self.questions = {question.key: question for question in self.bank.questions}

    def top_level(self) -> list:
        return [question for question in self.bank.questions if not question.parent]

    def test_it_holds_every_question_topic_and_script(self):
        self.assertEqual(len(self.bank.topics), 23)
        self.assertEqual(len(self.top_level()), 176)
        self.assertEqual(len(self.bank.questions), 212)
        self.assertEqual(len(self.bank.scripts), 11)
        self.assertEqual(len(self.bank.rules), 10)
        readme = Path(settings.BASE_DIR, "README.md").read_text("utf-8")
        self.assertIn("212 questions on 23 topics and 11 scripts are built in.", readme)

    def test_each_topic_has_its_questions_at_each_level(self):
        found = Counter((question.topic, question.level) for question in self.top_level())
        for topic, counts in PER_LEVEL.items():
            self.assertEqual([found[topic, level] for level in Question.Level.values], counts, topic)

    def test_each_rated_question_has_all_its_parts(self):
        for question in self.top_level():
            if question.kind == Question.Kind.ANSWER:
                with self.subTest(question.key):
                    points = [point for point in question.points if point.kind == Point.Kind.BROWNIE]
                    self.assertTrue(2 <= len(points) <= 4)
                    self.assertEqual(sorted(question.anchors), [1, 2, 3, 4])
                    self.assertIn(question.form, Question.Form.values)
                    self.assertTrue(question.purpose)
                    self.assertRegex(question.guidance, r"“|Ask ", "a hint, or what to ask")
                    is_a_story = question.form == Question.Form.BEHAVIOURAL
                    self.assertTrue(question.references or is_a_story or question.key in WITHOUT_SOURCE)

    def test_no_question_breaks_a_rule_that_a_machine_can_check(self):
        self.assertEqual({q.key: advice for q in self.bank.questions if (advice := advice_on(q))}, {})

    def test_twelve_questions_have_an_exhibit_with_its_description(self):
        exhibits = [question for question in self.bank.questions if question.exhibit]
        self.assertEqual(len(exhibits), 12)
        for question in exhibits:
            self.assertLessEqual(question.exhibit.count("\n") + 1, 40, question.key)
            self.assertTrue(question.exhibit_says, question.key)

    def test_scripts_ask_few_questions_about_mere_knowledge(self):
        for script in self.bank.scripts[3:]:
            asked = [self.questions[item.question] for part in script.sections for item in part.items]
            rated = [question.form for question in asked if question.kind == Question.Kind.ANSWER]
            self.assertLessEqual(rated.count("knowledge") * 3, len(rated), script.key)
            self.assertTrue({"behavioural", "debugging"} & set(rated), script.key)

    def test_every_question_is_published_with_a_purpose_and_a_date_of_review(self):
        for question in self.bank.questions:
            self.assertEqual(question.status, Question.Status.PUBLISHED, question.key)
            self.assertTrue(question.purpose.endswith("."), question.key)
            self.assertIsNotNone(question.reviewed_on, question.key)

    def test_every_follow_up_comes_into_play_by_a_cue_or_a_condition_in_words(self):
        for question in self.bank.questions:
            self.assertEqual(bool(question.parent), bool(question.condition), question.key)

    def test_a_follow_up_for_when_something_comes_up_has_its_cue(self):
        led_to = {point.leads_to for question in self.bank.questions for point in question.points if point.leads_to}
        for question in self.bank.questions:
            if question.condition.startswith("when ") and "comes up" in question.condition:
                self.assertIn(question.key, led_to)

    def test_scripts_have_their_minutes(self):
        totals = {script.key: sum(part.minutes for part in script.sections) for script in self.bank.scripts}
        self.assertEqual(
            totals,
            {
                "backend-engineer": 52, "django-engineer": 52, "backend-then-django": 97, "junior-django": 45,
                "senior-backend": 60, "staff-design": 75, "api-design": 50, "data-postgresql": 60,
                "async-real-time": 50, "debugging-incident": 60, "collaboration": 45,
            },
        )  # fmt: skip

    def test_one_gate_stands_before_the_django_part(self):
        gates = {
            (script.key, part.title, part.gate) for script in self.bank.scripts for part in script.sections if part.gate
        }
        self.assertEqual(gates, {("backend-then-django", "Introduction", "Continue to Django?")})

    def test_every_script_opens_with_a_kickoff_and_ends_with_the_candidates_questions(self):
        for script in self.bank.scripts:
            with self.subTest(script.key):
                first, *_, last = script.sections
                self.assertEqual([(item.question, item.is_must_ask) for item in first.items], [("kickoff", True)])
                self.assertEqual([(item.question, item.is_must_ask) for item in last.items], [("your-questions", True)])
                self.assertEqual([part for part in script.sections if part.is_for_candidate], [last])
                self.assertTrue(script.purpose)

    def test_must_ask_questions_with_their_follow_ups_fit_their_section(self):
        for script in self.bank.scripts:
            for part in script.sections:
                needed = sum(self.minutes_of(item.question) for item in part.items if item.is_must_ask)
                self.assertLessEqual(needed, part.minutes, f"{script.key}, {part.title}")

    def minutes_of(self, key: str) -> int:
        below = [question.key for question in self.bank.questions if question.parent == key]
        return self.questions[key].minutes + sum(map(self.minutes_of, below))

    def test_no_question_has_more_points_than_keys(self):
        for question in self.bank.questions:
            self.assertLessEqual(len(question.points), 9, question.key)


class TestScriptRules(SeedFolderCase):
    def test_rules_that_are_wrong_are_told(self):
        self.folder.write("rules.yaml", "rules:\n  - title: Listen\n")
        with self.assertRaisesMessage(SeedFilesError, "rules.yaml:2: text: missing; expected text"):
            read_bank(self.folder.path)
