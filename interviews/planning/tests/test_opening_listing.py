from django.test import TestCase

from accounts.factories import HiringManagerFactory
from interviews.factories import START, OpeningFactory
from interviews.planning.opening_listing import opening_page


class OpeningPageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.hana = HiringManagerFactory()
        for title, closed_at in (("Data engineer", START), ("Platform engineer", None), ("Backend engineer", None)):
            OpeningFactory(managers=[cls.hana], title=title, closed_at=closed_at)
        OpeningFactory(title="Of another manager")

    def titles(self, **given):
        return [opening.title for opening in opening_page(reader=self.hana, given=given, now=START).rows]

    def test_own_openings_by_role_with_closed_ones_last(self):
        self.assertEqual(self.titles(), ["Backend engineer", "Platform engineer", "Data engineer"])

    def test_open_or_closed_ones(self):
        self.assertEqual(self.titles(state="open"), ["Backend engineer", "Platform engineer"])
        self.assertEqual(self.titles(state="closed"), ["Data engineer"])

    def test_found_by_words(self):
        self.assertEqual(self.titles(q="platform"), ["Platform engineer"])
