from django.db import IntegrityError, connection, transaction
from django.test import TestCase
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
