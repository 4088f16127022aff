"""The database itself refuses to change or lose a submitted version, whoever asks and however."""

from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from django.utils import timezone

from accounts.factories import AdministratorFactory
from interviews.immutability import TABLE
from interviews.models import Candidate, Erasure, ScorecardVersion
from interviews.tests.submitting import ended_interview, seat, submit


def execute(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        count: int = cursor.rowcount
    return count


class TestSubmittedVersion(TestCase):
    def setUp(self):
        self.interview = ended_interview()
        self.version = submit(seat(self.interview, "Mira Rahman", "lead"), because="As submitted.")

    def assert_refused(self, change):
        with self.assertRaisesMessage(DatabaseError, "never changes"), transaction.atomic():
            change()
        kept = ScorecardVersion.objects.get()
        self.assertEqual((kept.snapshot, kept.reason), (self.version.snapshot, ""))

    def test_the_orm_can_neither_change_nor_delete_it(self):
        rows = ScorecardVersion.objects.filter(pk=self.version.pk)
        self.assert_refused(self.version.save)
        self.assert_refused(self.version.delete)
        self.assert_refused(lambda: rows.update(reason="x"))
        self.assert_refused(rows.delete)
        self.assert_refused(self.version.scorecard.delete)

    def test_raw_sql_can_neither_change_nor_delete_it(self):
        for statement in (
            f"UPDATE {TABLE} SET reason = 'x'",
            f"UPDATE {TABLE} SET snapshot = '{{}}' WHERE id = {self.version.pk}",
            f"DELETE FROM {TABLE}",
            f"DELETE FROM {TABLE} WHERE id = {self.version.pk}",
        ):
            with self.subTest(statement):
                self.assert_refused(lambda statement=statement: execute(statement))

    def test_an_erasure_of_its_candidate_lets_it_go_and_never_lets_it_change(self):
        self.erase(self.interview.candidate)
        self.assert_refused(lambda: execute(f"UPDATE {TABLE} SET reason = 'x'"))
        self.assertEqual(execute(f"DELETE FROM {TABLE} WHERE id = {self.version.pk}"), 1)
        self.assertFalse(ScorecardVersion.objects.exists())

    def test_an_erasure_of_somebody_else_does_not(self):
        self.erase(ended_interview().candidate)
        self.assert_refused(lambda: execute(f"DELETE FROM {TABLE}"))

    def erase(self, candidate: Candidate) -> None:
        Erasure.objects.create(candidate=candidate, requested_by=AdministratorFactory(), at=timezone.now())
