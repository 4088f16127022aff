import datetime as dt

from django.template import Context, Template
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import InterviewFactory, OpeningFactory, small_script
from interviews.models import Candidate, Panelist
from interviews.planning.plan_merging import Plan
from interviews.planning.scheduling import schedule_interview
from mail.models import Mail

SMTP = "django.core.mail.backends.smtp.EmailBackend"
START = dt.datetime(2026, 12, 3, 13, 0, tzinfo=dt.UTC)


@override_settings(EMAIL_BACKEND=SMTP)
class ZoneOfMailTests(TestCase):
    def mail(self, **person):
        mira = InterviewerFactory(**person)
        opening = OpeningFactory(title="Backend engineer")
        candidate = Candidate.objects.create(opening=opening, name="Ada Okafor", created_at=START)
        plan = Plan(
            script=small_script(), scheduled_for=START, time_zone="Europe/Malta", minutes=60,
            panel=((mira, Panelist.Part.LEAD),),
        )  # fmt: skip
        schedule_interview(candidate=candidate, plan=plan, at=START)
        return Mail.objects.get(to=mira.email)

    def test_who_has_never_signed_in_reads_the_interviews_own_time_with_its_zone(self):
        mail = self.mail(time_zone="")
        self.assertEqual(mail.subject, "Scheduled: interview for Backend engineer, 3 Dec, 14:00 Malta time")
        self.assertIn("When: Thursday 3 December 2026, 14:00 Malta time, 60 min", mail.text)

    def test_in_another_zone_both_are_named(self):
        mail = self.mail(time_zone="America/New_York")
        self.assertIn("08:00 New York time (14:00 in Malta)", mail.text)
        self.assertIn("08:00 New York time", mail.subject)

    def test_utc_is_called_so(self):
        with timezone.override("UTC"):
            said = Template("{{ start|zoned }}").render(Context({"start": START}))
            self.assertEqual(said, "13:00 UTC")


class CancelPageTests(TestCase):
    def page(self):
        hana = HiringManagerFactory()
        interview = InterviewFactory(candidate__opening=OpeningFactory(managers=[hana]))
        self.client.force_login(hana)
        return self.client.get(reverse("interview-cancel", args=[interview.pk]))

    def test_it_says_who_is_emailed(self):
        with override_settings(EMAIL_BACKEND=SMTP):
            self.assertContains(self.page(), "The panel and the opening’s managers get an email")
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"):
            self.assertContains(self.page(), "doesn’t send email, so tell the panel yourself")
