import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.db.models import Subquery
from django.test import TestCase, TransactionTestCase
from django.utils import timezone

from accounts.factories import InterviewerFactory
from accounts.models import User
from interviews.factories import PanelistFactory
from interviews.models import Event, Panelist, Receipt
from interviews.storable import LARGEST_ID
from interviews.streams.prepared import Prepared, delete, insert


class PreparedTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.panelists = PanelistFactory.create_batch(5)

    def test_rows_are_those_of_the_queryset_with_what_comes_with_them(self):
        panelist = self.panelists[2]
        command, at = uuid.uuid4(), timezone.now()
        Receipt.objects.create(
            user=panelist.user, interview=panelist.interview, command_id=command, n=1, answer="{}", at=at
        )

        def make(*, user, command):
            receipts = Receipt.objects.filter(user=user, command_id=command)
            return (
                Panelist.objects.filter(user=user)
                .select_related("interview")
                .annotate(at=Subquery(receipts.values("at")))
            )

        prepared = Prepared(make)
        for _ in range(2):
            with self.assertNumQueries(1):
                [found] = prepared(user=panelist.user_id, command=command)
                self.assertEqual((found, found.interview.seq, found.at), (panelist, panelist.interview.seq, at))
        self.assertEqual([row.at for row in prepared(user=panelist.user_id, command=uuid.uuid4())], [None])
        self.assertEqual(prepared(user=0, command=command), [])

    def test_values_of_every_type_mean_what_they_mean_to_the_queryset(self):
        now, panelist = timezone.now(), self.panelists[0]
        rows = Receipt.objects.bulk_create(
            Receipt(
                user=panelist.user,
                interview=panelist.interview,
                command_id=uuid.uuid4(),
                client=client,
                n=1,
                answer="{}",
                at=now + n * dt.timedelta(microseconds=1),
            )
            for n, client in enumerate(("a", "it's", "%s", "\\", "ü🦊"))
        )
        after = Prepared(
            lambda *, at: Receipt.objects.filter(at__gt=at).order_by("at").values_list("client", flat=True)
        )
        by_client = Prepared(lambda *, client: Receipt.objects.filter(client=client))
        by_id = Prepared(lambda *, command: Receipt.objects.filter(command_id=command))
        for number, row in enumerate(rows):
            self.assertEqual(after(at=row.at), [later.client for later in rows[number + 1 :]])
            self.assertEqual(by_client(client=row.client), [row])
            self.assertEqual(by_id(command=row.command_id), [row])

    def test_tuples_and_single_values_are_those_of_the_queryset(self):
        panelist, command, at = self.panelists[0], uuid.uuid4(), timezone.now()
        Receipt.objects.create(
            user=panelist.user, interview=panelist.interview, command_id=command, n=1, answer="{}", at=at
        )

        def tuples(*, user):
            return Receipt.objects.filter(user=user).values_list("at", "n", "user__email", "command_id")

        def values(*, user):
            return Receipt.objects.filter(user=user).values_list("command_id", flat=True)

        for _ in range(2):
            rows = Prepared(tuples)(user=panelist.user_id)
            self.assertEqual(rows, [(at, 1, panelist.user.email, command)])
            self.assertIs(type(rows[0]), tuple)
            self.assertEqual(Prepared(values)(user=panelist.user_id), [command])

    def test_lists_of_any_length_with_one_statement_for_each_power_of_two(self):
        lengths = []

        def make(*, pks):
            lengths.append(len(pks))
            return Panelist.objects.filter(pk__in=pks).order_by("pk").values_list("pk", flat=True)

        prepared, pks = Prepared(make), [panelist.pk for panelist in self.panelists]
        for length in (1, 2, 3, 4, 5, 4, 3, 2, 1):
            self.assertEqual(prepared(pks=pks[:length]), pks[:length])
        self.assertEqual(lengths, [1, 2, 4, 8])

    def test_what_no_column_holds_is_not_found_and_not_asked_for(self):
        prepared = Prepared(lambda *, pk: Panelist.objects.filter(pk=pk))
        with self.assertNumQueries(0):
            self.assertEqual(prepared(pk=LARGEST_ID + 1), [])
        self.assertEqual(prepared(pk=LARGEST_ID), [])

    def test_a_list_of_nothing_is_a_mistake(self):
        with self.assertRaises(ValueError):
            Prepared(lambda *, pks: Panelist.objects.filter(pk__in=pks))(pks=[])


class ThreadTests(TransactionTestCase):
    def test_threads_that_ask_at_once_get_each_their_own(self):
        people = InterviewerFactory.create_batch(4)
        prepared = Prepared(lambda *, pk: User.objects.filter(pk=pk))

        def ask(person):
            try:
                return all(prepared(pk=person.pk) == [person] for _ in range(50))
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as threads:
            self.assertEqual(list(threads.map(ask, people)), [True] * 4)


class InsertTests(TestCase):
    def test_rows_are_those_of_bulk_create_in_one_query(self):
        panelist, now = PanelistFactory(), timezone.now()

        def rows(stream):
            payload = {"text": "ü🦊 %s '", "at": None, "on": True, "seconds": {"7": 1.5}}
            event = {
                "interview": panelist.interview,
                "stream": stream,
                "actor": panelist.user,
                "kind": "tick",
                "at": now,
            }
            return [Event(seq=seq, payload=payload, **event) for seq in (1, 2)]

        Event.objects.bulk_create(rows("one"))
        with self.assertNumQueries(1):
            insert(rows("other"))
        columns = ["seq", "interview", "actor", "kind", "payload", "at"]
        one, other = (Event.objects.filter(stream=stream).values_list(*columns) for stream in ("one", "other"))
        self.assertEqual(list(one), list(other))

    def test_uuids_and_texts_are_stored_as_they_are(self):
        panelist, command = PanelistFactory(), uuid.uuid4()
        receipt = Receipt(
            user=panelist.user, interview=panelist.interview, command_id=command, n=1, answer="{}", at=timezone.now()
        )
        insert([receipt])
        stored = Receipt.objects.get()
        self.assertEqual((stored.command_id, stored.answer, stored.at), (command, "{}", receipt.at))

    def test_no_rows_take_no_query(self):
        with self.assertNumQueries(0):
            insert([])


class DeleteTests(TestCase):
    def test_rows_with_these_keys_are_deleted_in_one_query_and_no_others(self):
        panelist = PanelistFactory()
        insert(
            [
                Event(interview=panelist.interview, stream="a", seq=seq, kind="tick", payload={}, at=timezone.now())
                for seq in (1, 2, 3)
            ]
        )
        first, second, third = Event.objects.filter(stream="a").order_by("seq").values_list("pk", flat=True)
        with self.assertNumQueries(1):
            delete(Event, [first, third])
        self.assertEqual(list(Event.objects.filter(stream="a").values_list("pk", flat=True)), [second])
