from question_bank.seeds.files import read_bank
from question_bank.seeds.tests.test_files import SeedFolderCase

TESTING = """\
topic: testing
questions:
  - key: coverage
    prompt: What does coverage tell you?
    purpose: Shows how they measure.
    minutes: 4
    reviewed_on: 2026-11-20
    points:
      - brownie: Lines are not behaviour
        leads_to: {leads_to}
    anchors: {{poor: a, mixed: b, good: c, excellent: d}}
"""


class TestKeys(SeedFolderCase):
    def test_question_key_that_another_file_has_too_is_told(self):
        text = TESTING.format(leads_to="private-names").replace("key: coverage", "key: underscore")
        self.folder.write("questions/testing.yaml", text)
        there = f"{self.folder.path}/questions/python.yaml:3"
        self.assertEqual(
            self.told(), [f"questions/testing.yaml:3: key: expected once, found 'underscore' in {there} already"]
        )

    def test_topic_and_script_that_stand_twice_are_told(self):
        self.folder.replace("topics.yaml", "key: testing\n    name: Testing", "key: python\n    name: Python")
        text = (self.folder.path / "scripts.yaml").read_text()
        self.folder.write("scripts.yaml", text + text.removeprefix("scripts:\n"))
        topics, scripts = f"{self.folder.path}/topics.yaml", f"{self.folder.path}/scripts.yaml"
        self.assertEqual(
            self.told(),
            [
                f"scripts.yaml:16: key: expected once, found 'short' in {scripts}:2 already",
                f"scripts.yaml:16: name: expected once, found 'Short script' in {scripts}:2 already",
                f"topics.yaml:4: key: expected once, found 'python' in {topics}:2 already",
                f"topics.yaml:4: name: expected once, found 'Python' in {topics}:2 already",
            ],
        )

    def test_point_that_a_question_has_twice_is_told(self):
        self.folder.replace("questions/python.yaml", "Never heard of it", "Marks a name as private")
        there = f"{self.folder.path}/questions/python.yaml:9"
        self.assertEqual(
            self.told(),
            [f"questions/python.yaml:11: point: expected once, found 'Marks a name as private' in {there} already"],
        )

    def test_unknown_topic_is_told_once_for_its_file(self):
        self.folder.replace("questions/python.yaml", "topic: python", "topic: pyhton")
        self.assertEqual(self.told(), ["questions/python.yaml:3: topic: expected one of topics.yaml, found 'pyhton'"])


class TestAnchors(SeedFolderCase):
    def test_published_question_without_anchors_is_told(self):
        anchors = "    anchors:\n      poor: makes it up\n      mixed: names one use\n      good: names several\n"
        self.folder.replace("questions/python.yaml", anchors + "      excellent: explains them\n", "")
        self.assertEqual(
            self.told(),
            ["questions/python.yaml:3: anchors: missing; expected poor, mixed, good and excellent"],
        )

    def test_anchors_of_a_conversation_are_told(self):
        self.folder.replace(
            "questions/python.yaml",
            "    kind: conversation\n",
            "    kind: conversation\n    anchors: {poor: a, mixed: b, good: c, excellent: d}\n",
        )
        self.assertEqual(self.told(), ["questions/python.yaml:26: anchors: expected only on a question that is rated"])


class TestLeads(SeedFolderCase):
    def test_lead_to_a_question_that_is_not_there_is_told(self):
        self.folder.replace("questions/python.yaml", "leads_to: private-names", "leads_to: privat-names")
        self.assertEqual(
            self.told(),
            ["questions/python.yaml:9: leads_to: expected the key of a question, found 'privat-names'"],
        )

    def test_lead_to_itself_is_told(self):
        self.folder.write("questions/testing.yaml", TESTING.format(leads_to="coverage"))
        self.assertEqual(
            self.told(),
            ["questions/testing.yaml:9: leads_to: expected no circle, found coverage → coverage"],
        )

    def test_two_ways_to_the_same_question_are_no_circle(self):
        self.folder.write("questions/testing.yaml", TESTING.format(leads_to="private-names"))
        other = "      - cue: Names a use\n        leads_to: coverage\n      - watch_out:"
        self.folder.replace("questions/python.yaml", "      - watch_out:", other)
        bank = read_bank(self.folder.path)
        leads = [point.leads_to for question in bank.questions for point in question.points if point.leads_to]
        self.assertEqual(leads, ["private-names", "coverage", "private-names"])

    def test_circle_through_two_files_is_told_at_both_its_points(self):
        self.folder.write("questions/testing.yaml", TESTING.format(leads_to="underscore"))
        self.folder.replace("questions/python.yaml", "leads_to: private-names", "leads_to: coverage")
        told = "leads_to: expected no circle, found"
        self.assertEqual(
            self.told(),
            [
                f"questions/python.yaml:9: {told} underscore → coverage → underscore",
                f"questions/testing.yaml:9: {told} coverage → underscore → coverage",
            ],
        )


class TestScripts(SeedFolderCase):
    def test_item_that_is_a_follow_up_is_told(self):
        self.folder.replace("scripts.yaml", "must_ask: underscore", "must_ask: private-names")
        self.assertEqual(
            self.told(),
            ["scripts.yaml:10: expected a top-level question, found 'private-names', a follow-up of 'underscore'"],
        )

    def test_item_that_is_not_there_is_told(self):
        self.folder.replace("scripts.yaml", "must_ask: underscore", "must_ask: undersocre")
        self.assertEqual(self.told(), ["scripts.yaml:10: expected the key of a question, found 'undersocre'"])

    def test_item_that_is_not_published_is_told(self):
        self.folder.replace("questions/python.yaml", "    minutes: 4\n", "    minutes: 4\n    status: retired\n")
        self.assertEqual(self.told(), ["scripts.yaml:10: expected a published question, found 'underscore', retired"])

    def test_question_that_stands_in_a_script_twice_is_told(self):
        self.folder.replace("scripts.yaml", "optional: your-questions", "optional: underscore")
        there = f"{self.folder.path}/scripts.yaml:10"
        self.assertEqual(
            self.told(), [f"scripts.yaml:15: question: expected once, found 'underscore' in {there} already"]
        )

    def test_gate_before_the_candidates_questions_is_told(self):
        self.folder.replace("scripts.yaml", "for_candidate: true", "for_candidate: true\n        gate: Go on?")
        self.assertEqual(self.told(), ["scripts.yaml:11: gate: expected none before the candidate’s own questions"])
