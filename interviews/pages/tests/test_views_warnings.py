import datetime as dt

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import InterviewFactory, OpeningFactory
from interviews.models import Panelist
from interviews.planning.stand_ins import add_to_panel

LEAD = Panelist.Part.LEAD


class WarningCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory()
        self.opening = OpeningFactory(managers=[self.hana])
        self.mira = InterviewerFactory(name="Mira Rahman")
        self.interview = self.planned([(self.mira, LEAD)])
        self.address = reverse("interview-warning", args=[self.interview.pk])
        self.client.force_login(self.hana)

    def planned(self, panel):
        start = timezone.now() + dt.timedelta(days=1)
        return InterviewFactory(candidate__opening=self.opening, panel=panel, scheduled_for=start, script=None)

    def to_mend(self):
        return [managed.interview for managed in self.client.get("/").context["day"].to_mend]


class InterviewWarningTests(WarningCase):
    def test_one_interviewer_is_fine_here_until_the_warning_changes(self):
        self.assertContains(self.client.get("/"), "Only one interviewer")
        answer = self.client.post(self.address, {"dismiss": "only one interviewer"}, follow=True)
        self.assertRedirects(answer, "/")
        self.assertContains(answer, f"{self.interview.candidate}: warning dismissed.")
        self.assertEqual(self.to_mend(), [])
        page = self.client.get(self.interview.get_absolute_url())
        self.assertContains(page, f"Warning dismissed by {self.hana}: only one interviewer.")
        kim = InterviewerFactory(name="Kim Sato")
        add_to_panel(interview=self.interview, person=kim, by=self.hana, at=timezone.now())
        kim.groups.clear()
        self.assertEqual(self.to_mend(), [self.interview])

    def test_it_can_be_shown_again(self):
        self.client.post(self.address, {"dismiss": "only one interviewer"})
        self.client.post(self.address)
        self.assertEqual(self.to_mend(), [self.interview])
