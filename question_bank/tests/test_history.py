from django.test import TestCase
from django.utils import timezone

from question_bank.factories import QuestionFactory
from question_bank.history import keep_first, record
from question_bank.models import Change, Question


class HistoryTests(TestCase):
    def read(self):
        return list(Question.objects.with_parts())

    def test_a_change_also_records_once_how_it_was_before(self):
        question = QuestionFactory(prompt="Before?")
        for prompt in ("Now?", "Later?"):
            keep_first(self.read())
            Question.objects.update(prompt=prompt)
            record(self.read(), Change.Act.SAVED, by=None, at=timezone.now())
        prompts = [(change.act, change.content["prompt"]) for change in question.changes.all()]
        self.assertEqual(prompts, [("first", "Before?"), ("saved", "Now?"), ("saved", "Later?")])

    def test_the_same_content_again_is_no_change(self):
        QuestionFactory()
        for _ in range(2):
            record(self.read(), Change.Act.SAVED, by=None, at=timezone.now())
        record([], Change.Act.SAVED, by=None, at=timezone.now())
        keep_first([])
        self.assertEqual(Change.objects.count(), 1)
