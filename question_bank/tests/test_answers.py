import datetime as dt
from unittest import mock

from django.test import TestCase

from accounts.factories import CuratorFactory, InterviewerFactory
from question_bank import answers


class TestTell(TestCase):
    def test_nobody_is_told_of_their_own_act_or_without_access(self):
        curator, author, gone = CuratorFactory(), InterviewerFactory(), InterviewerFactory(is_active=False)
        told = []
        with mock.patch.object(answers, "_tellers", [told.append]):
            for person in (curator, author, gone):
                answers.tell(
                    answers.Answer(
                        person=person, by=curator, at=dt.datetime.now(dt.UTC), words="Accepted", path="/bank/",
                        template="suggestion_answered", context={},
                    )
                )  # fmt: skip
        self.assertEqual([answer.person for answer in told], [author])
