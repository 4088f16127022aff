from django.test import TestCase
from django.utils import timezone

from accounts.factories import CuratorFactory, InterviewerFactory
from mail.models import Mail
from question_bank.curation.questions import WrongStatus
from question_bank.curation.suggestions import add_point, answer, dismiss_point, suggest
from question_bank.factories import PointFactory, QuestionFactory
from question_bank.models import Question


class TestSuggestions(TestCase):
    def setUp(self):
        self.by, self.curator, self.at = InterviewerFactory(), CuratorFactory(), timezone.now()
        self.question = QuestionFactory()

    def answered(self, suggestion, *, is_accepted=True, by=None):
        return answer(suggestion=suggestion, is_accepted=is_accepted, words="", by=by or self.curator, at=self.at)

    def suggestion(self, by=None):
        return suggest(kind="change", text="Ask about Vary.", question=self.question, by=by or self.by, at=self.at)

    def test_author_hears_of_the_answer_once(self):
        suggestion = self.answered(self.suggestion(), is_accepted=False)
        self.assertEqual((suggestion.state, suggestion.answered_by), ("dismissed", self.curator))
        with self.assertRaisesMessage(WrongStatus, "has already been answered"):
            self.answered(suggestion)
        self.assertEqual(Mail.objects.get().to, self.by.email)

    def test_no_email_goes_to_oneself_or_to_people_without_access(self):
        self.by.is_active = False
        self.by.save()
        self.answered(self.suggestion())
        self.answered(self.suggestion(by=self.curator))
        self.assertFalse(Mail.objects.exists())


class TestExtraPoints(TestCase):
    def setUp(self):
        self.question, self.curator = QuestionFactory(), CuratorFactory()
        PointFactory(question=self.question, text="Names a cost", position=1)
        self.saved = {"by": self.curator, "at": timezone.now()}

    def test_point_is_listed_last(self):
        question = Question.objects.with_parts().get(pk=self.question.pk)
        add_point(question=question, text="Measures first", **self.saved)
        points = self.question.points.order_by("position").values_list("text", flat=True)
        self.assertEqual(list(points), ["Names a cost", "Measures first"])

    def test_dismissed_point_is_remembered_with_its_curator(self):
        dismiss_point(question=self.question, text="Was friendly", **self.saved)
        self.assertEqual(self.question.dismissed_points.get().by, self.curator)
