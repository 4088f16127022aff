import datetime as dt

from django.test import TestCase
from django.urls import reverse

from accounts.factories import AdministratorFactory, CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.factories import START, CandidateFactory, InterviewFactory, OpeningFactory
from interviews.models import Panelist
from interviews.pages.search import HITS_MAX
from question_bank.factories import QuestionFactory, ScriptFactory
from question_bank.models import Question


class SearchTests(TestCase):
    def setUp(self):
        self.hana, self.mira = HiringManagerFactory(name="Hana Zebra"), InterviewerFactory(name="Mira Zebra")
        self.opening = OpeningFactory(managers=[self.hana], title="Zebra keeper")
        self.interview = InterviewFactory(
            script=None,
            candidate=CandidateFactory(opening=self.opening, name="Zébra Okafor"),
            panel=[(self.mira, Panelist.Part.LEAD)],
        )
        QuestionFactory(prompt="How does a zebra scale?")
        QuestionFactory(prompt="A zebra in draft?", status=Question.Status.DRAFT)
        ScriptFactory(name="Zebra script")

    def found(self, user, words="ZEBRA"):
        self.client.force_login(user)
        kinds = self.client.get(reverse("search"), {"q": words}).context["kinds"]
        return {kind.label: len(kind.hits) for kind in kinds}

    def test_each_role_finds_what_it_may_see_by_kind(self):
        bank = {"Questions": 1, "Scripts": 1}
        theirs = {"Candidates": 1, "Interviews": 1}
        self.assertEqual(self.found(self.hana), theirs | {"Openings": 1} | bank)
        self.assertEqual(self.found(self.mira), theirs | bank)
        self.assertEqual(self.found(InterviewerFactory()), bank)
        self.assertEqual(self.found(HiringManagerFactory()), bank)
        self.assertEqual(self.found(CuratorFactory()), bank | {"Questions": 2})
        self.assertEqual(self.found(AdministratorFactory()), bank | {"People": 2})

    def test_blank_search_finds_nothing_and_a_strange_one_says_so(self):
        self.assertEqual(self.found(self.hana, " "), {})
        self.assertContains(self.client.get(reverse("search"), {"q": "<b>"}), "No matches for “&lt;b&gt;”")

    def test_more_of_a_kind_are_in_its_list(self):
        for number in range(HITS_MAX):
            CandidateFactory(opening=self.opening, name=f"Zebra {number}")
        self.client.force_login(self.hana)
        response = self.client.get(reverse("search"), {"q": "zebra"})
        self.assertContains(response, "/candidates/?q=zebra")
        self.assertContains(response, "More candidates")
        self.assertNotContains(response, "More openings")

    def test_dialog_gets_the_results_alone(self):
        self.client.force_login(self.hana)
        response = self.client.get(reverse("search"), {"q": "zebra"}, headers={"hx-request": "true"})
        self.assertContains(response, self.interview.get_absolute_url())
        self.assertNotContains(response, "<h1>")

    def test_every_page_with_a_menu_has_the_dialog_and_the_key_where_keys_are_on(self):
        self.client.force_login(self.hana)
        self.assertContains(self.client.get(reverse("my-day")), 'aria-keyshortcuts="/"')
        self.hana.has_keys_on = False
        self.hana.save()
        response = self.client.get(reverse("my-day"))
        self.assertContains(response, 'id="search-all"')
        self.assertNotContains(response, 'aria-keyshortcuts="/"')

    def test_number_of_queries_is_constant(self):
        self.client.force_login(self.hana)
        for more in (0, 30):
            for number in range(more):
                candidate = CandidateFactory(opening=self.opening, name=f"Zebra {number}")
                start = START + dt.timedelta(days=number)
                InterviewFactory(script=None, candidate=candidate, scheduled_for=start)
                QuestionFactory(prompt=f"Zebra {number}?")
            with self.subTest(more=more), self.assertNumQueries(7):
                self.client.get(reverse("search"), {"q": "zebra"})
