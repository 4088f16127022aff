from django.test import TestCase

from editing.merging import Edit, Overtaken
from question_bank.curation.tests.test_questions import SAVED
from question_bank.curation.topics import (
    TopicRefused,
    WantedTopic,
    current_topics,
    merge_topic,
    save_topics,
    topics_revision,
)
from question_bank.factories import QuestionFactory, TopicFactory
from question_bank.models import Topic


def save(*wanted: WantedTopic) -> None:
    save_topics(wanted=wanted, edit=Edit(topics_revision()), **SAVED)


class TestSaveTopics(TestCase):
    def setUp(self):
        self.first, self.second = TopicFactory(name="Caching", position=1), TopicFactory(name="Queues", position=2)

    def rows(self) -> list[tuple]:
        return list(Topic.objects.values_list("name", "position", "is_retired"))

    def test_created_renamed_ordered_and_retired_at_once(self):
        save(
            WantedTopic(pk=self.second.pk, name="Task queues"),
            WantedTopic(name="GraphQL"),
            WantedTopic(pk=self.first.pk, name="Caching", is_retired=True),
        )
        self.assertEqual(self.rows(), [("Task queues", 1, False), ("GraphQL", 2, False), ("Caching", 3, True)])
        self.assertEqual(Topic.objects.get(name="GraphQL").key, "graphql")

    def test_names_may_be_swapped(self):
        save(WantedTopic(pk=self.first.pk, name="Queues"), WantedTopic(pk=self.second.pk, name="Caching"))
        self.assertEqual([name for name, *_ in self.rows()], ["Queues", "Caching"])

    def test_a_name_is_used_once(self):
        with self.assertRaisesMessage(TopicRefused, "A topic named “caching” already exists."):
            save(*current_topics(), WantedTopic(name="caching"))

    def test_the_name_of_a_merged_one_is_taken_by_what_it_became(self):
        merge_topic(topic=self.first, into=self.second, **SAVED)
        with self.assertRaisesMessage(TopicRefused, "“Caching” was merged into “Queues”. Choose another name."):
            save(*current_topics(), WantedTopic(name="caching"))

    def test_keys_are_unique(self):
        TopicFactory(key="c", name="C")
        save(*current_topics(), WantedTopic(name="C#"), WantedTopic(name="日本"))
        self.assertEqual(Topic.objects.get(name="C#").key, "c-2")
        self.assertEqual(Topic.objects.get(name="日本").key, "topic")

    def test_another_curators_new_name_is_not_overwritten(self):
        base = topics_revision()
        save(WantedTopic(pk=self.first.pk, name="Caches"), WantedTopic(pk=self.second.pk, name="Queues"))
        with self.assertRaises(Overtaken):
            save_topics(wanted=[WantedTopic(pk=self.first.pk, name="Cache")], edit=Edit(base), **SAVED)
        self.assertEqual(self.rows()[0][0], "Caches")


class TestMergeTopic(TestCase):
    def test_questions_move_last_with_a_record(self):
        topic, into = TopicFactory(name="Caching"), TopicFactory(name="Speed")
        QuestionFactory(topic=into, position=4)
        parent = QuestionFactory(topic=topic, position=1)
        follow_up = QuestionFactory(parent=parent, position=1)
        self.assertEqual(merge_topic(topic=topic, into=into, **SAVED), 2)
        for question, position in ((parent, 5), (follow_up, 1)):
            question.refresh_from_db()
            self.assertEqual((question.topic, question.position, question.version), (into, position, 2))
        self.assertIn("was merged into “Speed”", parent.changes.last().why)
        self.assertEqual(list(Topic.objects.current()), [into])

    def test_topics_merged_before_follow(self):
        first, second, third = (TopicFactory() for _ in range(3))
        merge_topic(topic=first, into=second, **SAVED)
        merge_topic(topic=second, into=third, **SAVED)
        first.refresh_from_db()
        self.assertEqual(first.merged_into, third)

    def test_what_was_merged_meanwhile_is_refused(self):
        first, second, third = (TopicFactory() for _ in range(3))
        merge_topic(topic=first, into=second, **SAVED)
        for topic, into in ((first, third), (third, first), (third, third)):
            with self.assertRaises(TopicRefused):
                merge_topic(topic=topic, into=into, **SAVED)
