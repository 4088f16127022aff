"""A live call with a lead at a browser, for tests of commands."""

from django.test import TestCase

from interviews.factories import (
    InterviewFactory,
    LeadFactory,
)
from interviews.models import (
    Interview,
    ScriptedQuestion,
)
from interviews.tests.commanding import sender


class CallCase(TestCase):
    """A live interview with a lead; a question with points, and another."""

    @classmethod
    def setUpTestData(cls):
        cls.interview = InterviewFactory(live=True)
        cls.lead = LeadFactory(interview=cls.interview)
        cls.first, cls.follow_up, cls.second = cls.interview.questions.order_by("position")
        cls.points = list(cls.first.points.all())

    def setUp(self):
        self.browser = sender(self.lead)

    def assert_refused(self, response, status, part):
        self.assertEqual(response.status_code, status, response.content)
        self.assertIn(part, response.json()["error"])

    def state_of(self, question):
        return ScriptedQuestion.objects.get(pk=question.pk)

    def current(self):
        return Interview.objects.get(pk=self.interview.pk).current_question
