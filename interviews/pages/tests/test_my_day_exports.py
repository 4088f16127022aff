from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import AdministratorFactory, HiringManagerFactory
from interviews.exports.requests import request_export
from interviews.factories import CandidateFactory, OpeningFactory
from interviews.models import Export
from interviews.tests.submitting import ended_interview, seat, submit
from mail.models import Mail


class ExportsTests(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory()
        self.opening = OpeningFactory(managers=[self.hana], title="Backend engineer")
        self.candidate = CandidateFactory(opening=self.opening, name="Ada Okafor")
        submit(seat(ended_interview(candidate=self.candidate), "Mira Rahman", "lead"))
        self.client.force_login(self.hana)

    def ask(self, target, **state):
        export = request_export(target=target, reader=self.hana, at=timezone.now())
        Export.objects.filter(pk=export.pk).update(**state)
        return export

    def page(self):
        return self.client.get(reverse("my-day"))

    def test_without_any_there_is_no_such_part(self):
        self.assertNotContains(self.page(), "Files</h2>")

    def test_what_is_ready_made_and_failed_is_told(self):
        ready = self.ask(self.candidate, state="ready")
        self.ask(self.opening, state="running", made=3, total=12)
        self.ask(self.candidate.interviews.get(), state="failed", failure="Too much.")
        page = self.page()
        for words in ("Ready", "3 of 12 done", "Too much.", f'href="{ready.get_absolute_url()}"'):
            self.assertContains(page, words)

    def test_what_has_expired_or_is_somebody_elses_is_not_there(self):
        self.ask(self.candidate, state="expired")
        self.assertNotContains(self.page(), "Files</h2>")
        self.ask(self.opening, state="ready")
        self.assertContains(self.page(), "Files</h2>")
        ida = HiringManagerFactory()
        self.opening.managers.add(ida)
        self.client.force_login(ida)
        self.assertNotContains(self.page(), "Files</h2>")

    def test_what_one_may_not_see_any_more_is_not_there(self):
        self.ask(self.candidate, state="ready")
        self.opening.managers.clear()
        self.assertNotContains(self.page(), "Okafor")

    def test_administrators_see_that_mail_could_not_be_sent(self):
        now = timezone.now()
        words = {"kind": "invitation", "to": "jo@example.org", "subject": "x", "text": "x"}
        mail = Mail.objects.create(**words, created_at=now, try_at=now)
        self.client.force_login(AdministratorFactory())
        self.assertNotContains(self.page(), "could not be sent")
        mail.give_up(at=now, failure="No.")
        self.assertContains(self.page(), "1 email could not be sent.")
