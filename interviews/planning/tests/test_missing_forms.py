from django.test import TestCase

from accounts.factories import InterviewerFactory
from interviews.factories import PanelistFactory
from interviews.planning.missing_forms import WaiveForm


class WaiveFormTests(TestCase):
    def test_someone_else_is_offered_only_where_there_is_someone(self):
        panelist, sam = PanelistFactory(), InterviewerFactory()
        self.assertNotIn("person", WaiveForm(panelist=panelist, people=[]).fields)
        form = WaiveForm({"reason": "Ill.", "person": str(sam.pk)}, panelist=panelist, people=[sam])
        self.assertTrue(form.is_valid())
        self.assertEqual(form.successor, sam)
        form = WaiveForm({"reason": " ", "person": "0"}, panelist=panelist, people=[sam])
        self.assertEqual(set(form.errors), {"reason", "person"})
