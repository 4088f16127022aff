from django.urls import reverse

from interviews.factories import InterviewFactory, ScorecardFactory
from interviews.live import outcomes
from interviews.live.tests.test_outcomes import HOUR, OutcomeCase
from interviews.models import Candidate, Interview
from interviews.pages.my_day import my_day
from interviews.refusals import NotAllowed


class WithdrawTests(OutcomeCase):
    def test_everything_planned_is_called_off_and_nothing_is_left_to_decide(self):
        planned = [self.interview(scheduled_for=self.now + days * 24 * HOUR) for days in (1, 2)]
        over = self.interview(ended=True, scheduled_for=self.now - 48 * HOUR)
        for seat in over.panelists.all():
            ScorecardFactory(panelist=seat, submitted_at=self.now)
        self.assertEqual(len(my_day(user=self.hana, now=self.now).to_read), 1)
        self.client.force_login(self.hana)
        address = reverse("candidate-withdraw", args=[self.ada.pk])
        self.assertEqual(list(self.client.get(address).context["planned"]), planned)
        self.assertRedirects(self.client.post(address, {"reason": "Took an offer."}), self.ada.get_absolute_url())
        self.assertEqual(
            [Interview.objects.get(pk=row.pk).outcome for row in (*planned, over)], ["withdrew", "withdrew", ""]
        )
        day = my_day(user=self.hana, now=self.now)
        self.assertEqual((day.to_read, day.waiting, len(day.off)), ([], [], 2))
        page = self.client.get(self.ada.get_absolute_url())
        self.assertContains(page, "Took an offer.")
        self.assertNotContains(page, "Schedule an interview")

    def test_the_lead_says_it_of_their_call_and_is_not_told_of_others(self):
        other = InterviewFactory(candidate=self.ada, scheduled_for=self.now + 24 * HOUR)
        interview = self.interview(live=True)
        self.post(interview, outcome="withdrew")
        other.refresh_from_db()
        self.assertEqual((interview.outcome, other.outcome), ("withdrew", "withdrew"))
        with self.assertRaises(NotAllowed):
            outcomes.withdraw(candidate=self.ada, reason="x", by=self.jo, at=self.now)

    def test_reinstated_a_call_can_be_restored(self):
        interview = self.interview()
        self.post(interview, self.hana, outcome="withdrew")
        restore = reverse("interview-restore", args=[interview.pk])
        self.assertContains(self.client.post(restore), "This candidate withdrew", status_code=409)
        self.client.post(reverse("candidate-reinstate", args=[self.ada.pk]))
        self.client.post(restore)
        interview.refresh_from_db()
        self.assertTrue(interview.is_scheduled)
        self.assertIsNone(Candidate.objects.get(pk=self.ada.pk).withdrew_at)
