from django.test import TestCase
from django.urls import reverse

from accounts.factories import CuratorFactory
from editing.merging import Edit
from question_bank.curation.rules import WantedRule, current_rules, rules_revision, save_rules
from question_bank.curation.tests.test_questions import SAVED
from question_bank.curation.tests.test_views_questions import CuratorTestCase
from question_bank.curation.topics import WantedTopic, current_topics, merge_topic, save_topics, topics_revision
from question_bank.factories import ScriptFactory, TopicFactory
from question_bank.models import ListChange


def save_the_topics(*wanted: WantedTopic, **who) -> None:
    save_topics(wanted=wanted, edit=Edit(topics_revision()), **SAVED | who)


def save_the_rules(*wanted: WantedRule, script=None) -> None:
    save_rules(script=script, wanted=wanted, edit=Edit(rules_revision(script)), **SAVED)


class TestTopics(TestCase):
    def setUp(self):
        self.first, self.second = TopicFactory(name="Caching", position=1), TopicFactory(name="Queues", position=2)

    def parts(self) -> list:
        return [tuple(part) for change in ListChange.objects.of(ListChange.Kind.TOPICS) for part in change.parts]

    def test_a_save_records_who_when_and_each_topic_that_differs(self):
        save_the_topics(
            WantedTopic(pk=self.first.pk, name="Caches", is_retired=True),
            WantedTopic(pk=self.second.pk, name="Queues"),
            WantedTopic(name="Django: ORM"),
            by=(curator := CuratorFactory()),
        )
        self.assertEqual(self.parts(), [("Topic", "Caching", "Caches, retired"), ("Topic", "", "Django: ORM")])
        change = ListChange.objects.get()
        self.assertEqual((change.by, change.at), (curator, SAVED["at"]))

    def test_a_new_order_is_recorded(self):
        save_the_topics(*reversed(current_topics()))
        self.assertEqual(self.parts(), [("Order", "Caching\nQueues", "Queues\nCaching")])

    def test_a_save_without_changes_is_not(self):
        save_the_topics(*current_topics())
        self.assertEqual(self.parts(), [])

    def test_a_merge_is_recorded(self):
        merge_topic(topic=self.first, into=self.second, **SAVED)
        self.assertEqual(self.parts(), [("Merged into “Queues”", "Caching", "")])


class TestRules(TestCase):
    def test_each_script_has_its_own(self):
        script = ScriptFactory()
        save_the_rules(WantedRule(title="Time", text="Start on time."), script=script)
        save_the_rules(WantedRule(title="Notes", text="Write."))
        (rule,) = current_rules(script)
        save_the_rules(script=script)
        self.assertEqual(
            [change.parts for change in ListChange.objects.of(ListChange.Kind.RULES, script)],
            [[["Ground rule", f"{rule}: {rule.text}", ""]], [["Ground rule", "", "Time: Start on time."]]],
        )
        (of_all,) = ListChange.objects.of(ListChange.Kind.RULES)
        self.assertEqual(of_all.parts, [["Ground rule", "", "Notes: Write."]])


class TestPages(CuratorTestCase):
    def test_curators_read_the_history_below_each_list(self):
        topic, script = TopicFactory(name="Caching"), ScriptFactory()
        save_the_topics(WantedTopic(pk=topic.pk, name="Caches"), by=CuratorFactory(name="Sam Vella"))
        save_the_rules(WantedRule(title="Time", text="Start on time."), script=script)
        page = self.client.get(reverse("topic-list"))
        self.assertContains(page, "<del>Caching</del><ins>Caches</ins>")
        self.assertContains(page, "Sam Vella")
        self.assertContains(
            self.client.get(reverse("script-own-rules", args=[script.pk])), "<ins>Time: Start on time.</ins>"
        )
        self.assertNotContains(self.client.get(reverse("script-rules")), "History")
