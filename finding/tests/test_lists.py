from django.contrib.auth.models import Group
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from finding.lists import PAGE_SIZE, Filter, Order, list_page
from finding.searching import with_words

ORDERS = [Order("", "By name", ("name", "pk")), Order("last", "Last first", ("-pk",))]
EVEN = Filter(
    "half", "Half", "Both halves", [("1", "Ones"), ("2", "Twos")], lambda rows, value: rows.filter(name__endswith=value)
)


def page_of(**given):
    rows = Group.objects.all()
    return list_page(
        rows, given, search=lambda seen, words: with_words(seen, words, "name"), orders=ORDERS, filters=[EVEN]
    )


def names(page):
    return [group.name for group in page.rows]


def following(query):
    return dict(part.split("=") for part in query.removeprefix("?").split("&"))


class ListPageTests(TestCase):
    def setUp(self):
        Group.objects.all().delete()

    def fill(self, count):
        Group.objects.bulk_create(Group(name=f"Group {number:03}") for number in range(count))

    def test_pages_lead_through_all_rows_and_back(self):
        self.fill(2 * PAGE_SIZE + 1)
        for sort in ("", "last"):
            first = page_of(sort=sort)
            second = page_of(**following(first.next))
            third = page_of(**following(second.next))
            with self.subTest(sort=sort):
                self.assertEqual(len({*names(first), *names(second), *names(third)}), 2 * PAGE_SIZE + 1)
                self.assertEqual((first.previous, third.next), ("", ""))
                back = page_of(**following(third.previous))
                self.assertEqual(names(back), names(second))
                self.assertEqual(names(page_of(**following(back.previous))), names(first))
                self.assertEqual(page_of(**following(back.previous)).previous, "")

    def test_new_row_shifts_no_page(self):
        self.fill(PAGE_SIZE + 1)
        address = page_of().next
        Group.objects.create(name="Group 000 b")
        self.assertEqual(names(page_of(**following(address))), [f"Group {PAGE_SIZE:03}"])

    def test_unknown_values_narrow_nothing(self):
        self.fill(3)
        for given in ({"half": "3"}, {"sort": "x"}, {"after": "x"}, {"before": "999999"}, {"after": "9" * 30}):
            with self.subTest(given=given):
                self.assertEqual(len(page_of(**given).rows), 3)

    def test_address_holds_search_filter_and_order(self):
        self.fill(30)
        page = page_of(q=" GROUP ", half="2", sort="last")
        self.assertEqual(names(page), ["Group 022", "Group 012", "Group 002"])
        self.assertEqual(page.query(), "?q=GROUP&half=2&sort=last")
        self.assertTrue(page.is_narrowed)
        self.assertFalse(page_of(sort="last").is_narrowed)

    def test_a_page_takes_three_queries_at_most(self):
        self.fill(3 * PAGE_SIZE)
        middle = following(page_of().next)
        for given, limit in (({}, 2), ({"half": "1"}, 1), (middle, 3), (middle | {"q": "group"}, 3)):
            with self.subTest(given=given), CaptureQueriesContext(connection) as queries:
                page_of(**given)
            self.assertEqual(len(queries), limit)
