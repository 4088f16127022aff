"""Statements that travel together. On SQLite nothing travels; what holds on both engines is tried on both."""

from unittest import mock, skipUnless

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.test import TestCase, TransactionTestCase
from django.utils import timezone

from accounts.factories import InterviewerFactory
from accounts.models import User
from interviews.factories import InterviewFactory, PanelistFactory
from interviews.models import Event, Panelist
from interviews.refusals import Refused
from interviews.storable import LARGEST_ID
from interviews.streams import round_trips
from interviews.streams.prepared import Prepared, ask, insert, run_for_each
from interviews.streams.round_trips import one_transaction

only_postgresql = skipUnless(connection.vendor == "postgresql", "for PostgreSQL")


def send(statements):
    return round_trips.send(statements, connection)


def event(interview, seq=1):
    return Event(interview=interview, stream="a", seq=seq, kind="tick", payload={}, at=timezone.now())


def prepared(sql):
    """How often this statement is prepared on this connection."""
    [[(count,)]] = send([("SELECT count(*) FROM pg_prepared_statements WHERE statement = %s", [sql])])
    return count


@only_postgresql
class TestSend(TestCase):
    def test_rows_of_each_statement_in_order(self):
        rows = send([("SELECT %s::text, 'a%%'", ["ü"]), ("SELECT 1 WHERE false", []), ("SELECT 1, null", [])])
        self.assertEqual(rows, [[("ü", "a%")], [], [(1, None)]])

    def test_any_number_fits_a_statement_that_was_prepared_for_a_small_one(self):
        for number in (1, 40_000, 3_000_000_000, LARGEST_ID):
            self.assertEqual(send([("SELECT %s", [number])]), [[(number,)]])

    def test_after_a_failure_the_later_ones_are_not_run_and_others_go_on(self):
        interview = InterviewFactory()
        rename = "UPDATE interviews_interview SET script_name = %s WHERE id = %s"
        with self.assertRaises(DatabaseError), transaction.atomic():
            send([(rename, ["first", interview.pk]), ("SELECT 1 / %s", [0]), (rename, ["last", interview.pk])])
        interview.refresh_from_db()
        self.assertNotIn(interview.script_name, ("first", "last"))
        self.assertEqual(send([("SELECT 1 / %s", [1]), (rename, ["last", interview.pk])])[0], [(1,)])
        interview.refresh_from_db()
        self.assertEqual(interview.script_name, "last")

    def test_nul_is_refused_and_not_cut_off(self):
        with self.assertRaises(DatabaseError):
            send([("SELECT %s::text", ["a\0b"])])
        self.assertEqual(send([("SELECT 1", [])]), [[(1,)]])

    def test_more_than_the_socket_takes_at_once(self):
        text = "x" * 3_000_000
        rows = send([("SELECT %s::text", [text])] * 4)
        self.assertEqual([len(row) for [(row,)] in rows], [3_000_000] * 4)

    def test_the_oldest_statement_makes_room(self):
        with mock.patch.object(round_trips, "MOST", 3):
            for _ in range(2):
                for number in range(8):
                    self.assertEqual(send([(f"SELECT {number}", [])]), [[(number,)]])
            self.assertEqual(prepared("SELECT 3"), 0)
            self.assertEqual(prepared("SELECT 7"), 1)


class TestOneTransaction(TestCase):
    def setUp(self):
        self.interview = InterviewFactory()

    def stored(self):
        return list(Event.objects.filter(interview=self.interview).values_list("seq", flat=True))

    def test_queries_of_both_kinds_see_what_was_written_before_them(self):
        numbers = Prepared(lambda *, pk: Event.objects.filter(interview=pk).values_list("seq", flat=True))
        with one_transaction():
            insert([event(self.interview)])
            self.assertEqual(self.stored(), [1])
            insert([event(self.interview, 2)])
            self.assertEqual(numbers(pk=self.interview.pk), [1, 2])

    def test_a_refusal_undoes_all(self):
        with self.assertRaises(Refused), one_transaction():
            insert([event(self.interview)])
            raise Refused("no")
        self.assertEqual(self.stored(), [])

    def test_of_a_savepoint_that_is_rolled_back_nothing_stays(self):
        with one_transaction():
            insert([event(self.interview)])
            with self.assertRaises(Refused), transaction.atomic():
                insert([event(self.interview, 2)])
                raise Refused("no")
            with one_transaction():
                insert([event(self.interview, 3)])
        self.assertEqual(self.stored(), [1, 3])

    def test_a_row_that_is_there_already_is_an_integrity_error(self):
        with self.assertRaises(IntegrityError), one_transaction():
            insert([event(self.interview), event(self.interview)])
        self.assertEqual(self.stored(), [])


class TestCommit(TransactionTestCase):
    def test_is_done_before_those_who_wait_for_it_are_called(self):
        interview, called = InterviewFactory(), []
        with one_transaction():
            insert([event(interview)])
            transaction.on_commit(lambda: called.append(connection.in_atomic_block))
        self.assertEqual(called, [False])
        connection.close()
        self.assertEqual(Event.objects.count(), 1)

    @only_postgresql
    def test_one_that_fails_is_no_success(self):
        """Foreign keys are checked by the COMMIT."""
        called = []
        with self.assertRaises(IntegrityError), one_transaction():
            insert([event(InterviewFactory.build(pk=LARGEST_ID))])
            transaction.on_commit(lambda: called.append(True))
        self.assertEqual((called, Event.objects.count()), ([], 0))

    @only_postgresql
    def test_of_a_transaction_that_failed_is_no_success(self):
        with self.assertRaises(DatabaseError), transaction.atomic():
            with self.assertRaises(DatabaseError):
                send([("SELECT 1 / %s", [0])])
            send([("COMMIT", [])])
        self.assertEqual(User.objects.count(), 0)

    @only_postgresql
    def test_what_was_locked_is_read_as_its_last_owner_left_it(self):
        seat = PanelistFactory()
        place = Prepared(lambda *, pk: Panelist.objects.filter(pk=pk).values_list("part", flat=True))
        hold = Prepared(lambda *, pk: Panelist.objects.filter(pk=pk).select_for_update().values_list("pk"))
        with one_transaction():
            [[locked], [part]] = ask(hold.given(pk=seat.pk), place.given(pk=seat.pk))
        self.assertEqual((locked, part), ((seat.pk,), seat.part))


@only_postgresql
class TestConnection(TransactionTestCase):
    def test_statements_survive_a_transaction_that_is_rolled_back(self):
        person = InterviewerFactory()
        with self.assertRaises(Refused), one_transaction():
            run_for_each("UPDATE accounts_user SET name = %s WHERE id = %s", [["Jo", person.pk]])
            send([("SELECT 1", [])])
            raise Refused("no")
        self.assertNotEqual(User.objects.get().name, "Jo")
        self.assertEqual(prepared("UPDATE accounts_user SET name = $1 WHERE id = $2"), 1)

    def test_one_that_breaks_is_an_outage_and_the_next_request_gets_another(self):
        send([("SELECT 1", [])])
        with self.assertRaises(OperationalError):
            send([("SELECT pg_terminate_backend(pg_backend_pid())", []), ("SELECT 2", [])])
        connection.close_if_unusable_or_obsolete()
        self.assertEqual(send([("SELECT 3", [])]), [[(3,)]])
