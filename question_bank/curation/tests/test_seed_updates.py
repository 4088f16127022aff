"""An update of the built-in bank undoes nothing that curators did."""

from django.utils import timezone

from editing.merging import Edit
from question_bank.curation.rules import WantedRule, rules_revision, save_rules
from question_bank.curation.topics import merge_topic
from question_bank.factories import TopicFactory
from question_bank.models import Question, Rule, Topic
from question_bank.tests.seed_folders import SeedingCase


class TestTopicsOfCurators(SeedingCase):
    def setUp(self):
        super().setUp()
        self.seed()
        self.python = Topic.objects.get(key="python")

    def merge(self) -> Topic:
        into = TopicFactory(name="Languages")
        merge_topic(topic=self.python, into=into, by=None, at=timezone.now())
        return into

    def test_merged_topic_stays_merged_and_its_questions_follow_the_files(self):
        into = self.merge()
        self.folder.replace("questions/python.yaml", "minutes: 4", "minutes: 6")
        seeded = self.seed()
        question = Question.objects.get(key="underscore")
        self.assertEqual((question.topic, question.minutes), (into, 6))
        self.assertEqual(seeded.questions.kept, [])
        self.assertIn(("python", "Languages"), seeded.topics.kept)

    def test_new_questions_of_a_merged_topic_come_into_the_other(self):
        into = self.merge()
        Question.objects.filter(key="private-names").update(key="old")
        self.seed()
        self.assertEqual(Question.objects.get(key="private-names").topic, into)

    def test_question_that_a_curator_changed_before_the_merge_is_left_alone(self):
        Question.objects.filter(key="underscore").update(prompt="Mine")
        self.merge()
        self.folder.replace("questions/python.yaml", "minutes: 4", "minutes: 6")
        self.assertEqual(self.seed().questions.kept, [("underscore", "Mine")])

    def test_second_run_writes_nothing(self):
        self.merge()
        self.seed()
        self.assertTrue(self.seed().is_nothing_done)

    def test_order_and_retirement_stay(self):
        Topic.objects.filter(key="python").update(position=9, is_retired=True)
        self.seed()
        self.python.refresh_from_db()
        self.assertEqual((self.python.position, self.python.is_retired), (9, True))


class TestTopicOfTheSameName(SeedingCase):
    def test_questions_come_into_the_curators_topic(self):
        own = TopicFactory(key="py", name="Python")
        self.seed()
        self.assertEqual(Question.objects.get(key="underscore").topic, own)
        self.assertFalse(Topic.objects.filter(key="python").exists())
        self.assertTrue(self.seed().is_nothing_done)


class TestRulesOfCurators(SeedingCase):
    def setUp(self):
        super().setUp()
        self.seed()
        self.rule = Rule.objects.get()

    def save(self, *wanted: WantedRule) -> None:
        edit = Edit(rules_revision(None))
        save_rules(script=None, wanted=wanted, edit=edit, by=None, at=timezone.now())

    def test_changed_rule_is_left_alone_and_told(self):
        self.save(WantedRule(pk=self.rule.pk, title="Listen", text="Count to three."))
        self.folder.replace("rules.yaml", "Let them finish.", "Do not interrupt.")
        self.assertEqual(self.seed().rules.kept, [("listen", "Listen")])
        self.assertEqual(Rule.objects.get().text, "Count to three.")

    def test_removed_rule_does_not_come_back(self):
        self.save()
        self.seed()
        self.assertEqual(list(Rule.objects.in_force(None)), [])

    def test_own_rules_stay(self):
        own = [
            WantedRule(pk=self.rule.pk, title="Listen", text="Let them finish."),
            WantedRule(title="Ask", text="Why?"),
        ]
        self.save(*own)
        self.assertTrue(self.seed().is_nothing_done)
        self.assertEqual([rule.title for rule in Rule.objects.in_force(None)], ["Listen", "Ask"])
