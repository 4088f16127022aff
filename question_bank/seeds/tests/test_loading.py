import datetime as dt
import json

from django.db import connection
from django.test.utils import CaptureQueriesContext

from question_bank.factories import QuestionFactory, ScriptFactory
from question_bank.models import Change, Point, Question, Reference, Rule, Script, ScriptItem, Section, Topic
from question_bank.seeds.files import SEED_DIR, read_bank
from question_bank.seeds.loading import SeedConflictError, seed_bank
from question_bank.tests.seed_folders import SeedingCase


class TestSeedBank(SeedingCase):
    def test_empty_bank_gets_everything(self):
        seeded = self.seed()
        self.assertEqual((seeded.topics.new, seeded.questions.new, seeded.scripts.new), (2, 3, 1))
        question = Question.objects.get(key="underscore")
        follow_up = Question.objects.get(key="private-names")
        self.assertEqual((question.topic.name, question.minutes, question.version), ("Python", 4, 1))
        self.assertEqual((question.status, question.kind, question.level), ("published", "answer", "any"))
        self.assertEqual(question.reviewed_on, dt.date(2026, 11, 20))
        self.assertEqual((follow_up.parent, follow_up.condition), (question, "when “private” comes up"))
        self.assertEqual(
            list(question.points.values_list("text", "kind", "leads_to__key", "position")),
            [("Marks a name as private", "brownie", "private-names", 1), ("Never heard of it", "watch_out", None, 2)],
        )
        self.assertEqual(
            list(question.anchors.values_list("rating", "text")),
            [(1, "makes it up"), (2, "names one use"), (3, "names several"), (4, "explains them")],
        )
        self.assertEqual(
            list(question.references.values_list("title", "author", "url")),
            [("A guide", "Mara Lund", "https://example.org/guide"), ("PEP 8", "", "")],
        )
        script = Script.objects.get(key="short")
        self.assertEqual(script.version, 1)
        self.assertEqual(
            list(script.sections.values_list("title", "minutes", "gate", "is_for_candidate", "position")),
            [("Python", 10, "Go on?", False, 1), ("Yours", 5, "", True, 2)],
        )
        self.assertEqual(
            list(ScriptItem.objects.order_by("section__position").values_list("question__key", "is_must_ask")),
            [("underscore", True), ("your-questions", False)],
        )

    def test_rules_are_what_the_files_have(self):
        self.seed()
        self.assertEqual([(rule.title, rule.text) for rule in Rule.objects.all()], [("Listen", "Let them finish.")])
        self.folder.replace("rules.yaml", "title: Listen", "title: Ask")
        self.seed()
        self.assertEqual([rule.title for rule in Rule.objects.all()], ["Ask"])

    def test_second_run_writes_nothing(self):
        self.seed()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            seeded = self.seed()
        self.assertTrue(seeded.is_nothing_done)
        self.assertEqual(seeded.questions.same, 3)
        written = [q["sql"] for q in queries if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
        self.assertEqual(written, [])

    def test_number_of_queries_is_the_same_for_three_questions_and_for_all(self):
        self.seed()
        with CaptureQueriesContext(connection) as few:
            self.seed()
        Script.objects.all().delete()
        Question.objects.filter(parent__isnull=False).delete()
        Question.objects.all().delete()
        Topic.objects.all().delete()
        bank = read_bank(SEED_DIR)
        seed_bank(bank)
        with CaptureQueriesContext(connection) as many:
            seed_bank(bank)
        self.assertEqual(len(many), len(few))
        self.assertLessEqual(len(many), 15)

    def test_first_run_with_the_built_in_bank_takes_few_queries(self):
        with CaptureQueriesContext(connection) as queries:
            seed_bank(read_bank(SEED_DIR))
        self.assertLessEqual(len(queries), 36)
        self.assertEqual(Question.objects.count(), 212)

    def test_changed_file_updates_a_row_that_nobody_touched(self):
        self.seed()
        self.folder.replace("questions/python.yaml", "What is the underscore for?", "What is _ for?")
        seeded = self.seed()
        self.assertEqual((seeded.questions.updated, seeded.questions.same), (1, 2))
        question = Question.objects.get(key="underscore")
        self.assertEqual((question.prompt, question.version), ("What is _ for?", 2))
        self.assertTrue(self.seed().is_nothing_done)

    def test_points_whose_text_stays_are_the_same_rows_after_an_update(self):
        self.seed()
        before = dict(Point.objects.values_list("text", "pk"))
        self.folder.replace(
            "questions/python.yaml",
            "      - watch_out: Never heard of it\n",
            "      - brownie: Groups digits\n",
        )
        self.folder.replace("questions/python.yaml", "        leads_to: private-names\n", "")
        self.seed()
        question = Question.objects.get(key="underscore")
        self.assertEqual(
            list(question.points.values_list("text", "leads_to", "position")),
            [("Marks a name as private", None, 1), ("Groups digits", None, 2)],
        )
        self.assertEqual(question.points.first().pk, before["Marks a name as private"])
        self.assertNotIn(before["Never heard of it"], Point.objects.values_list("pk", flat=True))

    def test_anchors_and_references_follow_the_file(self):
        self.seed()
        self.folder.replace("questions/python.yaml", "names one use", "names two")
        self.folder.replace("questions/python.yaml", "      - title: PEP 8\n", "")
        self.seed()
        question = Question.objects.get(key="underscore")
        self.assertEqual(question.anchors.get(rating=2).text, "names two")
        self.assertEqual(question.anchors.count(), 4)
        self.assertEqual([reference.title for reference in question.references.all()], ["A guide"])

    def test_new_follow_up_under_a_new_follow_up_is_saved_below_it(self):
        self.seed()
        text = (self.folder.path / "questions/python.yaml").read_text()
        at = text.index("  - key: your-questions")
        below = "        follow_ups:\n          - key: mangling\n            condition: next\n"
        below += "            prompt: And two?\n            purpose: Depth.\n            minutes: 1\n"
        below += "            follow_ups:\n              - key: dunder\n                condition: next\n"
        below += "                prompt: And four?\n                purpose: Depth.\n                minutes: 1\n"
        self.folder.write("questions/python.yaml", text[:at] + below + text[at:])
        seeded = self.seed()
        self.assertEqual((seeded.questions.new, seeded.questions.same), (2, 3))
        dunder = Question.objects.get(key="dunder")
        self.assertEqual((dunder.parent.key, dunder.parent.parent.key), ("mangling", "private-names"))

    def test_question_that_left_the_files_is_kept_and_told(self):
        self.seed()
        QuestionFactory(prompt="Made by a curator")
        text = (self.folder.path / "questions/python.yaml").read_text()
        start, end = text.index("    follow_ups:"), text.index("  - key: your-questions")
        text = text[:start] + text[end:]
        self.folder.write("questions/python.yaml", text.replace("        leads_to: private-names\n", ""))
        seeded = self.seed()
        self.assertEqual(seeded.questions.gone, [("private-names", "How is that enforced?")])
        self.assertEqual(Question.objects.get(key="private-names").status, "published")


class TestWhatCuratorsChanged(SeedingCase):
    """A row with another digest than the seeded one stays as it is, whichever of its parts was changed."""

    def setUp(self):
        super().setUp()
        self.seed()
        self.question = Question.objects.get(key="underscore")

    def assert_kept(self):
        self.folder.replace("questions/python.yaml", "Shows how they react.", "Something else.")
        seeded = self.seed()
        self.assertEqual(seeded.questions.kept, [("underscore", self.question.prompt)])
        self.question.refresh_from_db()
        self.assertEqual((self.question.purpose, self.question.version), ("Shows how they react.", 1))

    def test_prompt(self):
        self.question.prompt = "Mine"
        self.question.save()
        self.assert_kept()
        self.assertEqual(self.question.prompt, "Mine")

    def test_status(self):
        Question.objects.filter(key="underscore").update(status="retired")
        self.assert_kept()

    def test_text_of_a_point(self):
        self.question.points.filter(position=1).update(text="Mine")
        self.assert_kept()
        self.assertEqual(self.question.points.first().text, "Mine")

    def test_point_that_was_added(self):
        Point.objects.create(question=self.question, text="Mine", position=3)
        self.assert_kept()
        self.assertEqual(self.question.points.count(), 3)

    def test_order_of_points(self):
        self.question.points.filter(position=1).update(position=5)
        self.assert_kept()

    def test_where_a_point_leads(self):
        self.question.points.filter(position=1).update(leads_to=QuestionFactory())
        self.assert_kept()

    def test_anchor(self):
        self.question.anchors.filter(rating=4).update(text="Mine")
        self.assert_kept()

    def test_reference(self):
        Reference.objects.filter(question=self.question, title="PEP 8").delete()
        self.assert_kept()

    def test_saving_without_a_change_is_none(self):
        self.question.purpose = "Shows how they react.\r\n"
        self.question.save()
        self.folder.replace("questions/python.yaml", "minutes: 4", "minutes: 6")
        self.assertEqual(self.seed().questions.updated, 1)
        self.question.refresh_from_db()
        self.assertEqual(self.question.minutes, 6)

    def test_order_among_neighbours_is_no_change_and_stays(self):
        Question.objects.filter(key="underscore").update(position=9)
        self.folder.replace("questions/python.yaml", "minutes: 4", "minutes: 6")
        self.assertEqual(self.seed().questions.updated, 1)
        self.question.refresh_from_db()
        self.assertEqual((self.question.minutes, self.question.position), (6, 9))

    def test_row_that_says_what_the_files_now_say_follows_them_again(self):
        Question.objects.filter(key="underscore").update(prompt="What is _ for?", version=2)
        self.folder.replace("questions/python.yaml", "What is the underscore for?", "What is _ for?")
        self.assertEqual(self.seed().questions.kept, [])
        self.folder.replace("questions/python.yaml", "minutes: 4", "minutes: 6")
        self.assertEqual(self.seed().questions.updated, 1)
        self.question.refresh_from_db()
        self.assertEqual((self.question.minutes, self.question.version), (6, 3))

    def test_section_of_a_script(self):
        Section.objects.filter(title="Python").update(minutes=20)
        self.folder.replace("scripts.yaml", "A quarter of an hour.", "Something else.")
        seeded = self.seed()
        self.assertEqual(seeded.scripts.kept, [("short", "Short script")])
        script = Script.objects.get(key="short")
        self.assertEqual((script.purpose, script.version), ("A quarter of an hour.", 1))

    def test_item_of_a_script(self):
        ScriptItem.objects.filter(question=self.question).update(is_must_ask=False)
        self.folder.replace("scripts.yaml", "A quarter of an hour.", "Something else.")
        self.assertEqual(self.seed().scripts.kept, [("short", "Short script")])

    def test_name_of_a_topic(self):
        Topic.objects.filter(key="testing").update(name="Tests")
        self.assertEqual(self.seed().topics.kept, [("testing", "Tests")])
        self.assertEqual(Topic.objects.get(key="testing").name, "Tests")


class TestScripts(SeedingCase):
    def test_changed_file_updates_a_script_that_nobody_touched(self):
        self.seed()
        self.folder.replace("scripts.yaml", "minutes: 10", "minutes: 12")
        self.folder.replace("scripts.yaml", "optional: your-questions", "must_ask: your-questions")
        seeded = self.seed()
        self.assertEqual(seeded.scripts.updated, 1)
        script = Script.objects.get(key="short")
        self.assertEqual(script.version, 2)
        self.assertEqual([part.minutes for part in script.sections.all()], [12, 5])
        self.assertEqual(ScriptItem.objects.filter(section__script=script, is_must_ask=True).count(), 2)
        self.assertTrue(self.seed().is_nothing_done)

    def test_change_of_a_question_leaves_its_scripts_alone(self):
        self.seed()
        self.folder.replace("questions/python.yaml", "minutes: 4", "minutes: 6")
        self.assertEqual(self.seed().scripts.same, 1)
        self.assertEqual(Script.objects.get(key="short").version, 1)


class TestConflicts(SeedingCase):
    def test_script_of_the_same_name_made_by_a_curator_is_named_and_nothing_is_loaded(self):
        ScriptFactory(name="Short script")
        with self.assertRaisesMessage(SeedConflictError, "A script named “Short script” already exists"):
            self.seed()
        self.assertEqual(Question.objects.count(), 0)
        self.assertEqual(Topic.objects.count(), 0)

    def test_circle_with_what_a_curator_moved_is_named_and_nothing_is_loaded(self):
        self.seed()
        # The curator puts the conversation below the follow-up; the files put the follow-up below it.
        follow_up = Question.objects.get(key="private-names")
        Question.objects.filter(key="your-questions").update(parent=follow_up)
        text = (self.folder.path / "questions/python.yaml").read_text()
        start, end = text.index("    follow_ups:"), text.index("  - key: your-questions")
        moved = text[:start] + text[end:] + text[start:end]
        self.folder.write("questions/python.yaml", moved)
        with self.assertRaisesMessage(SeedConflictError, "would be below itself"):
            self.seed()
        self.assertEqual(Question.objects.get(key="private-names").parent.key, "underscore")


class TestHistory(SeedingCase):
    def test_an_update_is_a_change_with_the_text_before(self):
        self.seed()
        self.assertEqual(Change.objects.count(), 0)
        self.folder.replace("questions/python.yaml", "minutes: 4", "minutes: 6")
        self.folder.replace("scripts.yaml", "minutes: 10", "minutes: 12")
        self.seed()
        for row, before, now in (
            (Question.objects.get(key="underscore"), '"minutes": 4', '"minutes": 6'),
            (Script.objects.get(key="short"), '"minutes": 10', '"minutes": 12'),
        ):
            first, update = row.changes.all()
            self.assertEqual((first.act, update.act, update.by), ("first", "seeded", None))
            self.assertIn(before, json.dumps(first.content))
            self.assertIn(now, json.dumps(update.content))
