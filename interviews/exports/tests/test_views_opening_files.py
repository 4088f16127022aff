from django.urls import reverse

from interviews.exports.tests.test_opening_scorecards import OpeningCase
from interviews.factories import OpeningFactory


class OpeningScorecardsViewTests(OpeningCase):
    def test_the_file_s_name_names_nobody(self):
        for kind in ("csv", "json"):
            name = self.get(kind)["Content-Disposition"]
            self.assertEqual(name, f'attachment; filename="scorecards-of-opening-{self.opening.pk}.{kind}"')

    def test_the_opening_s_page_leads_there_once_an_interview_has_ended(self):
        path = reverse("opening-scorecards-csv", args=[self.opening.pk])
        self.assertContains(self.client.get(self.opening.get_absolute_url()), path)
        empty = OpeningFactory(managers=[self.hana])
        self.assertNotContains(self.client.get(empty.get_absolute_url()), "scorecards.csv")
