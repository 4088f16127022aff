from django.urls import reverse

from interviews.exports.tests.test_opening_scorecards import OpeningCase
from interviews.factories import OpeningFactory
from interviews.tests.submitting import submit


class OpeningScorecardsViewTests(OpeningCase):
    def test_the_file_s_name_names_nobody(self):
        for kind in ("csv", "json"):
            name = self.get(kind)["Content-Disposition"]
            self.assertEqual(name, f'attachment; filename="scorecards-of-opening-{self.opening.pk}.{kind}"')

    def test_semicolons_by_choice(self):
        submit(self.mira)
        address = reverse("opening-scorecards-csv", args=[self.opening.pk])
        for query, start in (({"delimiter": "semicolon"}, '"Candidate";"I'), ({"delimiter": "x"}, '"Candidate","I')):
            text = self.client.get(address, query).content.decode("utf-8-sig")
            self.assertTrue(text.startswith(start), text[:30])

    def test_the_opening_s_page_leads_there_once_an_interview_has_ended(self):
        path = reverse("opening-scorecards-csv", args=[self.opening.pk])
        self.assertContains(self.client.get(self.opening.get_absolute_url()), path)
        empty = OpeningFactory(managers=[self.hana])
        self.assertNotContains(self.client.get(empty.get_absolute_url()), "scorecards.csv")
