from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import AdministratorFactory
from audit.models import Act, AuditEntry


class AuditListTests(TestCase):
    def setUp(self):
        self.ana = AdministratorFactory(name="Ana Silva")
        self.client.force_login(self.ana)

    def record(self, count):
        for number in range(count):
            AuditEntry.objects.record(Act.NAME_CHANGED, at=timezone.now(), by=self.ana, about=f"entry {number}.")

    def test_newest_first_and_a_page_at_a_time(self):
        self.record(51)
        page = self.client.get(reverse("audit-list"))
        self.assertContains(page, "entry 50.")
        self.assertNotContains(page, "entry 0.")
        older = self.client.get(f"{reverse('audit-list')}?before={page.context['before']}")
        self.assertContains(older, "entry 0.")
        self.assertIsNone(older.context["before"])

    def test_what_the_command_line_did_is_said(self):
        AuditEntry.objects.record(Act.FIRST_ADMINISTRATOR, at=timezone.now(), person=self.ana)
        self.assertContains(self.client.get(reverse("audit-list")), "by the command line")

    def test_the_number_of_queries_does_not_grow(self):
        self.record(1)
        with self.assertNumQueries(3):
            self.client.get(reverse("audit-list"))
        self.record(29)
        with self.assertNumQueries(3):
            self.client.get(reverse("audit-list"))
