"""The database itself refuses to change or lose a submitted version, whoever asks and however."""

import uuid

from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from django.utils import timezone

from accounts.factories import AdministratorFactory
from interviews.models import Candidate, Decision, EarlyDebrief, Erasure, ScorecardVersion
from interviews.models.immutability import DECISIONS, EARLY_DEBRIEFS, VERSIONS
from interviews.tests.debriefing import opened_early
from interviews.tests.submitting import ended_interview, seat, submit

TABLE = VERSIONS.table


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


class TestDecisionsAndEarlyDebriefs(TestCase):
    """The same triggers guard what hiring managers decided, and why a debrief was opened early."""

    def setUp(self):
        self.interview = ended_interview()
        manager = self.interview.opening.managers.get()
        self.opened = opened_early(self.interview, manager)
        self.decision = Decision.objects.create(
            interview=self.interview,
            number=1,
            choice=Decision.Choice.OFFER,
            reason="As it was decided.",
            decided_by=manager,
            decided_at=timezone.now(),
            token=uuid.uuid4(),
        )

    def assert_refused(self, change):
        with self.assertRaisesMessage(DatabaseError, "never changes"), transaction.atomic():
            change()
        self.assertEqual(Decision.objects.get().reason, "As it was decided.")
        self.assertEqual(EarlyDebrief.objects.get().reason, self.opened.reason)

    def test_the_orm_can_neither_change_nor_delete_them(self):
        for row in (self.decision, self.opened):
            rows = type(row).objects.filter(pk=row.pk)
            self.assert_refused(row.save)
            self.assert_refused(row.delete)
            self.assert_refused(lambda rows=rows: rows.update(reason="x"))
            self.assert_refused(rows.delete)

    def test_raw_sql_can_neither_change_nor_delete_them(self):
        for guarded in (DECISIONS, EARLY_DEBRIEFS):
            for statement in (f"UPDATE {guarded.table} SET reason = 'x'", f"DELETE FROM {guarded.table}"):
                with self.subTest(statement):
                    self.assert_refused(lambda statement=statement: execute(statement))

    def test_an_erasure_of_the_candidate_lets_them_go(self):
        Erasure.objects.create(
            candidate=self.interview.candidate, requested_by=AdministratorFactory(), at=timezone.now()
        )
        self.assert_refused(lambda: execute(f"UPDATE {DECISIONS.table} SET reason = 'x'"))
        for guarded in (DECISIONS, EARLY_DEBRIEFS):
            self.assertEqual(execute(f"DELETE FROM {guarded.table}"), 1)

    def test_an_erasure_of_somebody_else_does_not(self):
        Erasure.objects.create(
            candidate=ended_interview().candidate, requested_by=AdministratorFactory(), at=timezone.now()
        )
        for guarded in (DECISIONS, EARLY_DEBRIEFS):
            self.assert_refused(lambda guarded=guarded: execute(f"DELETE FROM {guarded.table}"))
