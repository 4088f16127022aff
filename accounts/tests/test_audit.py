from django.db import IntegrityError, connection, transaction
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import AdministratorFactory, UserFactory
from audit.models import Act, AuditEntry


class AuditEntryTests(TestCase):
    def setUp(self):
        self.ana, self.jo = AdministratorFactory(name="Ana Silva"), UserFactory(name="Jo Borg")
        self.entry = AuditEntry.objects.record(
            Act.ROLES_CHANGED, at=timezone.now(), by=self.ana, person=self.jo, added=["Curator", "Interviewer"]
        )

    def assert_refused(self, change):
        with self.assertRaisesMessage(IntegrityError, "an audit entry never changes"), transaction.atomic():
            change()

    def test_the_database_refuses_update_and_delete_by_orm_and_by_sql(self):
        def sql(statement):
            with connection.cursor() as cursor:
                cursor.execute(statement)

        self.assert_refused(lambda: AuditEntry.objects.update(act="x"))
        self.assert_refused(self.entry.delete)
        self.assert_refused(lambda: sql("UPDATE audit_auditentry SET about = 'x'"))
        self.assert_refused(lambda: sql("DELETE FROM audit_auditentry"))
        self.assertEqual(AuditEntry.objects.get().act, Act.ROLES_CHANGED)

    def test_details_are_read_in_words(self):
        self.assertEqual(self.entry.details_text, "added: Curator, Interviewer")


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
