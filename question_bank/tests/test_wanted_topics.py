from unittest import mock

from django.test import TestCase

from accounts.factories import CuratorFactory
from question_bank import wanted_topics
from question_bank.factories import QuestionFactory, TopicFactory
from question_bank.wanted_topics import WantedTopics, topics_left_out


class TestTopicsLeftOut(TestCase):
    def test_roles_are_named_and_the_others_said_together(self):
        caching, queues, security = (TopicFactory(name=name) for name in ("Caching", "Queues", "Security"))
        found = [
            WantedTopics("Data engineer", (caching, queues)),
            WantedTopics("", (queues, security)),
            WantedTopics("", (security,)),
        ]
        asked = [QuestionFactory(topic=caching)]
        with mock.patch.object(wanted_topics, "_sources", [lambda script, role, reader: found]):
            said = list(topics_left_out(asked, script=None, role=None, reader=CuratorFactory()))
        words = "An opening that uses this script should also cover Queues, Security."
        self.assertEqual(said, ["Data engineer should also cover Queues.", words])
