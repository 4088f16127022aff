from django.http import QueryDict
from django.test import TestCase

from question_bank.curation.forms.lists import MergeTopicForm, rule_rows, topic_rows
from question_bank.curation.rules import WantedRule
from question_bank.curation.topics import WantedTopic
from question_bank.factories import TopicFactory


def sent(prefix, *rows, initial):
    data = QueryDict(mutable=True)
    data.update({f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": str(initial)})
    for number, row in enumerate(rows):
        data.update({f"{prefix}-{number}-{name}": value for name, value in ({"ORDER": str(number)} | row).items()})
    return data


class TopicRowsTests(TestCase):
    def test_rows_are_wanted_topics(self):
        data = sent("topics", {"pk": "4", "name": "Caches"}, {"name": "GraphQL", "is_retired": "on"}, initial=1)
        rows = topic_rows([WantedTopic(pk=4, name="Caching")], data)
        self.assertTrue(rows.is_valid(), rows.errors)
        self.assertEqual(
            rows.wanted_topics(),
            [WantedTopic(pk=4, name="Caches"), WantedTopic(name="GraphQL", is_retired=True)],
        )


class RuleRowsTests(TestCase):
    def test_removed_rows_are_not_wanted(self):
        old = [WantedRule(pk=1, title="Time", text="Start on time."), WantedRule(pk=2, title="Notes", text="Write.")]
        data = sent(
            "rules",
            {"pk": "1", "title": "Time", "text": "Start on time.", "DELETE": "on"},
            {"pk": "2", "title": "Notes", "text": "Write what you hear."},
            initial=2,
        )
        rows = rule_rows(old, data)
        self.assertTrue(rows.is_valid(), rows.errors)
        self.assertEqual(rows.wanted_rules(), [WantedRule(pk=2, title="Notes", text="Write what you hear.")])


class MergeTopicFormTests(TestCase):
    def test_other_topics_in_use_can_be_chosen(self):
        topic, other = TopicFactory(), TopicFactory()
        TopicFactory(is_retired=True)
        self.assertEqual(list(MergeTopicForm(None, topic=topic).fields["into"].queryset), [other])
