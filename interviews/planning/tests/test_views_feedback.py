from django.urls import reverse

from interviews.models import Candidate
from interviews.planning.tests.test_stages import StagesCase


class CandidateFeedbackTests(StagesCase):
    def test_the_draft_is_saved_as_changed(self):
        self.client.force_login(self.hana)
        Candidate.objects.update(email="ada@example.org")
        address = reverse("candidate-feedback", args=[self.candidate.pk])
        page = self.client.get(address)
        self.assertContains(page, "Dear Ada Okafor,")
        self.assertContains(page, "mailto:ada@example.org?")
        sent = {"base": page.context["form"].base, "feedback": "Thanks, Ada."}
        self.assertRedirects(self.client.post(address, sent), address)
        self.assertContains(self.client.get(address), "Thanks, Ada.")
        self.assertEqual(Candidate.objects.get().feedback, "Thanks, Ada.")
