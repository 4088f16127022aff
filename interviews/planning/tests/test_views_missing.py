from django.urls import reverse

from accounts.factories import InterviewerFactory
from interviews.models import Panelist
from interviews.planning.tests.test_missing_scorecards import MissingCase
from interviews.tests.submitting import submit
from mail.models import Mail


class MissingViewsTests(MissingCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.hana)

    def post(self, name, **values):
        return self.client.post(reverse(name, args=[self.interview.pk, self.luc.pk]), values, follow=True)

    def test_reminding_twice_says_why_not(self):
        self.assertContains(self.post("scorecard-remind"), "Sending Luc Perrin a reminder.")
        page = self.post("scorecard-remind")
        self.assertContains(page, "was reminded in the last four hours")
        self.assertContains(page, "Reminded. You can remind again from")
        self.assertEqual(Mail.objects.count(), 1)

    def test_a_waived_one_is_said_with_its_reason_and_waited_for_again(self):
        self.assertContains(self.post("scorecard-waive", reason=" "), "Enter", status_code=422)
        page = self.post("scorecard-waive", reason="Ill since Monday.")
        self.assertContains(page, "No longer waiting for Luc Perrin.")
        for name in ("interview-detail", "debrief"):
            page = self.client.get(reverse(name, args=[self.interview.pk]))
            self.assertContains(page, "Not waiting for Luc Perrin’s scorecard:")
            self.assertContains(page, "Ill since Monday.")
            self.assertNotContains(page, "all scorecards in")
        self.assertContains(self.post("scorecard-await"), "Waiting for Luc Perrin again.")
        self.assertContains(self.client.get(reverse("debrief", args=[self.interview.pk])), "Waiting for Luc")

    def test_someone_else_is_asked(self):
        sam = InterviewerFactory(name="Sam Vella")
        page = self.post("scorecard-waive", reason="Sam sat in.", person=str(sam.pk))
        self.assertContains(page, "Sam Vella now owes a scorecard instead of Luc Perrin.")
        self.assertTrue(Panelist.objects.filter(interview=self.interview, user=sam).exists())

    def test_submitted_meanwhile_it_is_no_longer_missing(self):
        submit(self.luc)
        for name in ("scorecard-remind", "scorecard-waive", "scorecard-await"):
            self.assertEqual(self.post(name, reason="Ill.").status_code, 409)

    def test_the_panel_sees_no_buttons(self):
        self.client.force_login(self.mira.user)
        page = self.client.get(reverse("interview-detail", args=[self.interview.pk]))
        self.assertNotContains(page, "Remind now")
        self.assertEqual(self.post("scorecard-remind").status_code, 403)
