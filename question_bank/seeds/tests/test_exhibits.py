"""The exhibits of the built-in bank do what their questions say."""

import ast
import asyncio
import calendar
import datetime as dt
import io
import re
import sys
import tempfile
import traceback
from contextlib import contextmanager, redirect_stdout
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest import mock, skipUnless

from django.db import connection, migrations, models, transaction
from django.db.migrations.state import ModelState, ProjectState
from django.test import Client, RequestFactory, SimpleTestCase, TestCase, override_settings
from django.test.utils import isolate_apps
from django.urls import path

from question_bank.seeds.files import read_bank
from tests.own_loop import in_own_loop

PYTHON = {
    "blocked-loop",
    "doubled-counts",
    "kinder-signature",
    "mutable-default",
    "nine-ifs",
    "review-generated",
    "review-this-migration",
    "review-this-task",
    "review-this-view",
    "search-by-fstring",
}
TRACEBACK, PLAN = "read-a-traceback", "read-a-plan"


@cache
def exhibits() -> dict[str, str]:
    return {question.key: question.exhibit for question in read_bank().questions if question.exhibit}


def exhibit(key: str) -> str:
    return exhibits()[key]


def run(key: str, **given) -> SimpleNamespace:
    """The names that the code of an exhibit defines, given the names that it takes for granted."""
    names = {"__name__": "exhibit", **given}
    exec(compile(exhibit(key), key, "exec"), names)
    return SimpleNamespace(**names)


class TestEveryExhibit(SimpleTestCase):
    def test_each_is_run_here(self):
        self.assertEqual(set(exhibits()), PYTHON | {TRACEBACK, PLAN})


class TestCode(SimpleTestCase):
    def test_a_default_list_is_shared(self):
        with redirect_stdout(io.StringIO()) as printed:
            run("mutable-default")
        self.assertEqual(printed.getvalue(), "['Amara', 'Joris'] ['Amara', 'Joris']\n")

    def test_generated_tests_pass_though_the_code_is_wrong(self):
        code = run("review-generated")
        code.test_adds_months_within_a_year()
        code.test_december_rolls_over()
        self.assertEqual(code.add_months(dt.date(2026, 10, 5), 2), dt.date(2027, 12, 5), "a year too late")
        with self.assertRaises(AttributeError):
            code.add_months(dt.date(2026, 1, calendar.monthrange(2026, 1)[1]), 1)

    def test_the_price_has_nine_ifs(self):
        tree = ast.parse(exhibit("nine-ifs"))
        self.assertEqual(sum(isinstance(node, ast.If) for node in ast.walk(tree)), 9)
        price = run("nine-ifs").price
        monday = dt.date(2026, 11, 23)
        self.assertEqual(price(SimpleNamespace(kind="school"), 1000, monday), 7950)
        self.assertEqual(price(SimpleNamespace(kind="partner", since=None), 2000, monday), 16660)
        self.assertEqual(price(SimpleNamespace(kind="shop"), 200, monday), 1860)
        self.assertEqual(price(SimpleNamespace(kind="shop"), 1, monday), 20)

    def test_the_result_of_send_has_three_types(self):
        mailer = SimpleNamespace(deliver=lambda email, wait: wait == 30)
        send = run("kinder-signature", mailer=mailer).send
        ada = SimpleNamespace(email="ada@example.org")
        self.assertIsNone(send(ada, False))
        self.assertIs(send(ada, True, 30), True)
        self.assertEqual(send(SimpleNamespace(email=None)), "no email")

    def test_an_async_view_blocks_the_loop_in_two_places(self):
        on_the_loop = []

        def blocking(name, answer=None):
            def call(*args, **kwargs):
                asyncio.get_running_loop()  # raises in a thread, where nobody would be held up
                on_the_loop.append(name)
                return answer

            return call

        busy = SimpleNamespace(status_code=429)
        requests = ModuleType("requests")
        requests.get = blocking("get", busy)
        with mock.patch.dict(sys.modules, requests=requests), mock.patch("time.sleep", blocking("sleep")):
            in_own_loop(run("blocked-loop").quote(None, "EUR"))
        self.assertEqual(on_the_loop, ["get", "sleep"] * 3)

    def test_the_view_shows_all_invoices_to_anyone_with_a_query_each(self):
        queries = []

        def get_customer(**looked_up):
            queries.append(looked_up)
            if looked_up["id"] == 3:
                raise LookupError
            return SimpleNamespace(name="Ada", email="ada@example.org")

        rows = [
            SimpleNamespace(customer_id=number, number=number, total=1, due_on=dt.date(2026, 1, 1))
            for number in range(5)
        ]
        view = run(
            "review-this-view",
            date=dt.date,
            Invoice=SimpleNamespace(objects=mock.Mock(**{"all.return_value.order_by.return_value": rows})),
            Customer=SimpleNamespace(objects=SimpleNamespace(get=get_customer)),
            JsonResponse=lambda answer: answer,
        )
        answer = view.invoice_list(RequestFactory().get("/", {"format": "json"}))
        self.assertEqual(len(queries), 5)
        self.assertEqual(len(answer["rows"]), 4, "an invoice got lost without a word")


@isolate_apps("question_bank")
class TestCodeOnADatabase(TestCase):
    def test_a_task_that_runs_again_charges_again(self):
        requests = mock.Mock(**{"post.return_value.json.return_value": {"ok": True}})
        code = run(
            "review-this-task",
            task=lambda retries: lambda function: function,
            transaction=transaction,
            requests=requests,
            send_receipt=mock.Mock(side_effect=OSError),
            Order=mock.Mock(**{"objects.filter.return_value": [mock.Mock(total=1)] * 2}),
        )
        code.charge_open_orders()
        self.assertEqual(requests.post.call_count, 2)

    def test_what_is_typed_becomes_sql(self):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE product (id integer, name varchar(40))")
            cursor.execute("INSERT INTO product VALUES (1, 'Cup'), (2, 'Plate')")
        found = []
        search = run(
            "search-by-fstring", connection=connection, render=lambda request, name, context: found.append(context)
        ).search
        search(RequestFactory().get("/", {"q": "Cup"}))
        search(RequestFactory().get("/", {"q": "no such thing%' OR 1=1 --"}))
        self.assertEqual([len(context["rows"]) for context in found], [1, 2])

    def test_two_counts_multiply(self):
        class Author(models.Model):
            name = models.CharField(max_length=20)

        class Book(models.Model):
            author = models.ForeignKey(Author, models.CASCADE)

        class Award(models.Model):
            author = models.ForeignKey(Author, models.CASCADE)

        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE {Author._meta.db_table} (id integer PRIMARY KEY, name varchar(20))")
            cursor.execute(f"INSERT INTO {Author._meta.db_table} VALUES (1, 'Naledi')")
            for model in (Book, Award):
                cursor.execute(f"CREATE TEMPORARY TABLE {model._meta.db_table} (id integer, author_id integer)")
                cursor.execute(f"INSERT INTO {model._meta.db_table} VALUES (1, 1), (2, 1)")
        with redirect_stdout(io.StringIO()) as printed:
            run("doubled-counts", Author=Author, Count=models.Count)
        self.assertEqual(printed.getvalue(), "Naledi 4 4\n")
        self.assertIn("# Naledi 4 4 ", exhibit("doubled-counts"))

    def test_the_migration_is_one_transaction_without_a_way_back(self):
        migration = run("review-this-migration").Migration("0042_order_country", "shop")
        state = ProjectState()
        state.add_model(ModelState("shop", "order", [("id", models.AutoField(primary_key=True))], {"indexes": []}))
        self.assertIn("country", migration.mutate_state(state).models["shop", "order"].fields)
        self.assertTrue(migration.atomic)
        irreversible = [operation for operation in migration.operations if not operation.reversible]
        self.assertEqual([type(operation) for operation in irreversible], [migrations.RunPython])


class TestTraceback(SimpleTestCase):
    """The traceback is Django's own for these two files."""

    FRAME = re.compile(r'  File "(?P<file>.+)", line (?P<line>\d+), in (?P<name>\w+)')

    @contextmanager
    def shop(self):
        """The two files, with their lines where the traceback has them."""
        lines = exhibit(TRACEBACK).splitlines()
        frames = [(match, code) for line, code in pairwise(lines) if (match := self.FRAME.match(line))]
        before = {
            "views.py": ["from shop_orders.as_json import order_as_json", "from django.http import JsonResponse",
                         "order = {'total': {'amount': '12.00'}}", "def order_detail(request):"],
            "as_json.py": ["def order_as_json(order):", "    total = order['total']"],
        }  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder, "shop_orders")
            package.mkdir()
            for match, code in frames:
                if start := before.get(name := Path(match["file"]).name):
                    blank = [""] * (int(match["line"]) - 1 - len(start))
                    Path(package, name).write_text("\n".join([*blank, *start, code]))
            with mock.patch.object(sys, "path", [folder, *sys.path]):
                yield

    def test_it_is_what_django_logs(self):
        with self.shop():
            from shop_orders.views import order_detail  # type: ignore[import-not-found]

            urls = ModuleType("urls")
            urls.urlpatterns = [path("", order_detail)]
            with override_settings(ROOT_URLCONF=urls, MIDDLEWARE=[]), self.assertLogs("django.request") as logs:
                Client(raise_request_exception=False).get("/")
            logged = "".join(traceback.format_exception(*logs.records[0].exc_info))
        for name in ("shop_orders", "shop_orders.views", "shop_orders.as_json"):
            sys.modules.pop(name, None)
        self.assertEqual(self.told(logged), self.told(exhibit(TRACEBACK)))

    def told(self, text: str) -> list[str]:
        """Without folders, the line numbers of Django, and the marks, which differ between versions."""
        lines = (line for line in text.rstrip().splitlines() if line.strip(" ~^"))
        return [self.FRAME.sub(self.frame, line) for line in lines]

    def frame(self, match: re.Match) -> str:
        number = "" if "/django/" in match["file"] else match["line"]
        return f"{Path(match['file']).name} {number} {match['name']}"


NODE = re.compile(r"^(?P<indent> *)(?:->  )?(?P<node>[A-Z][\w ]+?)  \(cost")
ROWS = re.compile(r"Nested Loop .*? rows=(?P<expected>\d+).*? rows=(?P<came>\d+)", re.DOTALL)


class TestPlan(TestCase):
    @skipUnless(connection.vendor == "postgresql", "Only PostgreSQL can make this plan.")
    def test_it_is_what_postgresql_does_with_such_tables(self):
        query, _, shown = exhibit(PLAN).partition("\n\n")
        plan = self.explain(query.rstrip(";"))
        self.assertEqual(self.nodes(plan), self.nodes(shown))
        for text in (plan, shown):
            rows = ROWS.search(text)
            self.assertGreater(int(rows["came"]), 10 * int(rows["expected"]))

    def explain(self, query: str) -> str:
        """The plan for tables of a twentieth of the size, alike in how the rows are spread."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
            cursor.execute("CREATE TEMPORARY TABLE account (id integer PRIMARY KEY, name text, country char(2))")
            cursor.execute(
                "CREATE TEMPORARY TABLE event (id integer, account_id integer, kind text, created_at timestamptz)"
            )
            cursor.execute(
                "INSERT INTO account SELECT i, repeat('x', 70), CASE WHEN i <= 6 THEN 'MT' ELSE 'D' || i % 5 END"
                " FROM generate_series(1, 2000) i"
            )
            cursor.execute(
                "INSERT INTO event SELECT i, CASE WHEN i % 20 = 0 THEN 1 + i / 20 % 6 ELSE 1 + i * 7919 % 2000 END,"
                " CASE WHEN i / 7 % 2 = 0 THEN 'login' ELSE 'view' END, now() - i * interval '1 second'"
                " FROM generate_series(1, 100000) i"
            )
            cursor.execute("CREATE INDEX event_account ON event (account_id)")
            cursor.execute("ANALYZE account, event")
            cursor.execute(f"EXPLAIN ANALYZE {query}")
            return "\n".join(line for (line,) in cursor.fetchall())

    def nodes(self, plan: str) -> list[tuple[int, str]]:
        found = map(NODE.match, plan.splitlines())
        return [(len(match["indent"]), match["node"]) for match in found if match]
