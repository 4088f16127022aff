from django.urls import reverse

from interviews.factories import CandidateFactory, InterviewFactory, OpeningFactory
from interviews.models import Candidate
from interviews.planning.tests.test_stages import StagesCase


class CandidateMoveViewTests(StagesCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.hana)

    def at(self, name):
        return reverse(name, args=[self.candidate.pk])

    def test_moving(self):
        other = OpeningFactory(managers=[self.hana], title="Platform engineer")
        self.assertContains(self.client.get(self.at("candidate-move")), "Platform engineer")
        foreign = OpeningFactory()
        refused = self.client.post(self.at("candidate-move"), {"opening": foreign.pk})
        self.assertEqual(refused.status_code, 422)
        self.client.post(self.at("candidate-move"), {"opening": other.pk})
        page = self.client.get(self.at("candidate-detail"))
        self.assertContains(page, "Moved to the opening Platform engineer")

    def test_merging(self):
        twin = CandidateFactory(opening=self.opening, name="Ada Okafor")
        self.assertContains(self.client.get(self.at("candidate-merge")), "you can undo the merge there")
        self.client.post(self.at("candidate-merge"), {"other": twin.pk})
        page = self.client.get(self.at("candidate-detail"))
        self.assertContains(page, "Merged with Ada Okafor")
        self.assertEqual(Candidate.objects.count(), 1)
        # The old address leads there.
        self.assertRedirects(self.client.get(twin.get_absolute_url()), self.candidate.get_absolute_url())
        merge = page.context["changes"][0].merge.pk
        for _ in range(2):  # another manager was quicker
            answer = self.client.post(self.at("candidate-unmerge"), {"merge": merge})
        self.assertEqual(answer.status_code, 404)
        self.assertContains(self.client.get(twin.get_absolute_url()), "Undid the merge with")

    def test_deleting(self):
        page = self.client.get(self.at("candidate-delete"))
        self.assertContains(page, "You can’t undo this")
        self.assertNotContains(page, "All their interviews go too")
        answer = self.client.post(self.at("candidate-delete"))
        self.assertRedirects(answer, self.opening.get_absolute_url())
        self.assertFalse(Candidate.objects.exists())

    def test_deleting_interviews_takes_the_name(self):
        InterviewFactory(script=None, candidate=self.candidate, cancelled=True)
        self.assertContains(self.client.get(self.at("candidate-delete")), "All their interviews go too")
        for typed in ("", "Ada", "Ada Okafor Okafor"):
            refused = self.client.post(self.at("candidate-delete"), {"name": typed})
            self.assertEqual(refused.status_code, 422)
        self.assertContains(refused, "This isn’t the candidate’s name.", status_code=422)
        answer = self.client.post(self.at("candidate-delete"), {"name": " ada  OKAFOR"})
        self.assertRedirects(answer, self.opening.get_absolute_url())
        self.assertFalse(Candidate.objects.exists())

    def test_a_planned_interview_is_cancelled_first(self):
        InterviewFactory(script=None, candidate=self.candidate)
        answer = self.client.post(self.at("candidate-delete"), {"name": self.candidate.name})
        self.assertContains(answer, "Cancel the planned interviews", status_code=409)
        self.assertTrue(Candidate.objects.exists())
