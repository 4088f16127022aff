from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.factories import CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.factories import InterviewFactory, OpeningFactory
from interviews.models import Event, Panelist
from interviews.planning.calendar_entries import tell_panel
from mail.models import Mail

LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend")
class StandInTests(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory()
        self.mira, self.jo, self.sam = (InterviewerFactory(name=name) for name in ("Mira", "Jo", "Sam"))

    def interview(self, **state):
        opening = OpeningFactory(managers=[self.hana])
        panel = [(self.mira, LEAD), (self.jo, INTERVIEWER)]
        return InterviewFactory(script=None, candidate__opening=opening, panel=panel, **state)

    def add(self, interview, person, by):
        self.client.force_login(by)
        return self.client.post(reverse("interview-panel-add", args=[interview.pk]), {"person": person.pk})

    def test_lead_and_manager_add_someone_before_and_during_the_call(self):
        for by, state in ((self.mira, {}), (self.hana, {"live": True})):
            interview = self.interview(**state)
            tell_panel(interview=interview, at=timezone.now())
            Mail.objects.all().delete()
            self.client.force_login(by)
            self.assertContains(self.client.get(interview.get_absolute_url()), "Add someone…")
            response = self.add(interview, self.sam, by)
            self.assertRedirects(response, f"{interview.get_absolute_url()}#panel", fetch_redirect_response=False)
            self.assertEqual(interview.panelists.get(user=self.sam).part, INTERVIEWER)
            mail = Mail.objects.get(to=self.sam.email)
            self.assertEqual((mail.kind, len(mail.attachments)), ("interview_planned", 1))
            told = Event.objects.get(interview=interview, kind="panel").payload["panel"]
            self.assertIn("Sam", [seat["name"] for seat in told.values()])

    def test_others_may_not_nor_after_the_end_nor_add_who_is_no_interviewer(self):
        interview = self.interview()
        self.assertEqual(self.add(interview, self.sam, self.jo).status_code, 403)
        self.client.force_login(self.jo)
        self.assertNotContains(self.client.get(interview.get_absolute_url()), "Add someone…")
        self.assertEqual(self.add(interview, CuratorFactory(), self.mira).status_code, 422)
        self.assertEqual(self.add(self.interview(ended=True), self.sam, self.mira).status_code, 409)

    def test_who_returns_has_their_part_and_records_and_twice_changes_nothing(self):
        interview = self.interview(live=True)
        seat = Panelist.objects.create(interview=interview, user=self.sam, part=SHADOW, left_at=timezone.now())
        for _ in range(2):
            self.add(interview, self.sam, self.mira)
        seat.refresh_from_db()
        self.assertEqual((seat.part, seat.left_at), (SHADOW, None))
        self.assertEqual(Event.objects.count(), 1)
