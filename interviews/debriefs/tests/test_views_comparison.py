import datetime as dt
import uuid

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import CandidateFactory, InterviewFactory, NoteFactory, OpeningFactory
from interviews.models import Decision, Interview, Panelist
from interviews.tests.debriefing import body
from interviews.tests.submitting import END, ended_interview, questions, rate, seat, submit
from question_bank.factories import QuestionFactory


class CompareCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory(name="Hana Berg")
        self.opening = OpeningFactory(managers=[self.hana])
        self.sources = [QuestionFactory(prompt=f"Question {n}?") for n in range(5)]
        self.url = reverse("opening-compare", args=[self.opening.pk])
        self.client.force_login(self.hana)

    def candidate(self, name, ratings, *, days=0, is_in=True, **fields):
        """Somebody whose answers to the common questions were rated so, 0 for not rated."""
        start = END - dt.timedelta(days=days, hours=1)
        interview = ended_interview(
            candidate=CandidateFactory(opening=self.opening, name=name),
            scheduled_for=start, ended_at=start + dt.timedelta(hours=1), **fields,
        )  # fmt: skip
        mira = seat(interview, "Mira Rahman", "lead")
        for source, rating in zip(self.sources, ratings, strict=False):
            [question] = questions(interview, 1, source=source, prompt=source.prompt)
            if rating:
                rate(mira, question, rating)
        if is_in:
            submit(mira, recommendation=3, at=start + dt.timedelta(hours=2))
        return interview

    def compare(self, *candidates, **query):
        chosen = [interview.candidate_id for interview in candidates]
        response = self.client.get(self.url, {"candidate": chosen} | query)
        self.assertEqual(response.status_code, 200)
        return response

    def decide(self, interview, choice="offer"):
        Decision.objects.create(
            interview=interview, number=1, choice=choice, reason="x", decided_by=self.hana, decided_at=END,
            token=uuid.uuid4(),
        )  # fmt: skip


class CompareTests(CompareCase):
    def test_only_what_all_were_rated_on_counts_and_coverage_stands_beside(self):
        self.candidate("Ada Okafor", [3, 3, 3, 4, 4])
        self.candidate("Kwame Mensah", [4, 4, 4, 0, 0])
        response = self.compare()
        comparison = response.context["comparison"]
        self.assertEqual(
            [(row.entry.name, row.rating, row.coverage) for row in comparison.rows],
            [
                ("Ada Okafor", "3.00", "5 of 5 must-ask questions"),
                ("Kwame Mensah", "4.00", "3 of 5 must-ask questions"),
            ],
        )
        self.assertContains(response, "the 3 questions rated for all of them")
        self.assertContains(response, "Kwame Mensah has a clear lead over Ada Okafor")
        self.assertEqual([q.prompt for q in comparison.questions], ["Question 0?", "Question 1?", "Question 2?"])
        self.assertEqual(comparison.questions[0].cells, [("Good", 0), ("Excellent", 0)])

    def test_alike_is_too_close_to_call(self):
        self.candidate("Ada Okafor", [3, 3, 3])
        self.candidate("Kwame Mensah", [3, 3, 4])
        self.assertContains(self.compare(), "Ada Okafor and Kwame Mensah: too close to call")

    def test_too_little_in_common_is_said_and_whom_to_leave_out(self):
        ada = self.candidate("Ada Okafor", [3, 3, 3])
        kwame = self.candidate("Kwame Mensah", [3, 3, 4])
        mateo = self.candidate("Mateo Quispe", [0, 0, 0, 4, 4])
        response = self.compare(ada, kwame, mateo)
        self.assertContains(response, "These scores can’t be compared: no question was rated for all")
        self.assertContains(response, "Without Mateo Quispe, the others share 3 questions.")
        self.assertNotContains(response, "Without Ada Okafor")

    def test_it_opens_with_the_largest_group_that_can_be_compared(self):
        self.candidate("Mateo Quispe", [0, 0, 0, 4, 4], days=9)
        for number in range(3):
            self.candidate(f"Candidate {number}", [3, 3, 3], days=8 - number)
        comparison = self.compare().context["comparison"]
        self.assertEqual([entry.name for entry in comparison.chosen], ["Candidate 0", "Candidate 1", "Candidate 2"])
        self.assertTrue(comparison.is_comparable)

    def test_at_most_ten_are_listed_as_not_compared_yet(self):
        for number in range(12):
            CandidateFactory(opening=self.opening, name=f"Waiting {number:02}")
        response = self.compare()
        self.assertContains(response, "Waiting 09")
        self.assertNotContains(response, "Waiting 10")
        self.assertContains(response, "2 more.")

    def test_order_is_by_date_and_never_by_score(self):
        for name, rating, days in (("Late best", 4, 1), ("Early worst", 1, 9), ("Between", 3, 5)):
            self.candidate(name, [rating] * 3, days=days)
        names = [row.entry.name for row in self.compare().context["comparison"].rows]
        self.assertEqual(names, ["Early worst", "Between", "Late best"])

    def test_who_is_compared_can_be_chosen(self):
        ada, kwame = self.candidate("Ada Okafor", [3] * 3), self.candidate("Kwame Mensah", [4] * 3)
        self.candidate("Mateo Quispe", [0, 0, 0, 4, 4])
        comparison = self.compare(ada, kwame).context["comparison"]
        self.assertEqual([entry.name for entry in comparison.chosen], ["Ada Okafor", "Kwame Mensah"])
        self.assertEqual(len(comparison.known), 3)

    def test_numbers_of_others_and_nonsense_are_passed_over(self):
        self.candidate("Ada Okafor", [3] * 3)
        other = ended_interview()
        for wanted in (str(other.candidate_id), "x", "9" * 30, "-1"):
            response = self.client.get(self.url, {"candidate": wanted})
            self.assertEqual([e.name for e in response.context["comparison"].chosen], ["Ada Okafor"])

    def test_at_most_eight_are_compared_at_once(self):
        for number in range(10):
            self.candidate(f"Candidate number {number}", [3] * 3, days=10 - number)
        response = self.compare()
        self.assertEqual(len(response.context["comparison"].chosen), 8)
        self.assertContains(response, "Up to 8 at a time.")

    def test_a_second_round_adds_its_questions_and_counts_no_question_twice(self):
        ada = self.candidate("Ada Okafor", [3, 3], days=9)
        again = ended_interview(candidate=ada.candidate, scheduled_for=END)
        jo = seat(again, "Jo Tanaka", "lead")
        for source, rating in ((self.sources[0], 1), (self.sources[2], 4)):
            [question] = questions(again, 1, source=source)
            rate(jo, question, rating)
        submit(jo)
        [entry] = self.compare().context["comparison"].chosen
        self.assertEqual([block.rating for block in entry.score.blocks], [3, 3, 4])

    def test_bonus_stands_in_a_column_of_its_own(self):
        self.candidate("Ada Okafor", [3] * 3)
        response = self.compare()
        self.assertContains(response, "Bonus")
        self.assertContains(response, "<td>+ 0.00</td>", html=True)


class HiddenNamesTests(CompareCase):
    def test_they_are_nowhere_in_the_page(self):
        self.candidate("Zebedee Quux", [3] * 3)
        self.candidate("Xanthippe Quux", [4] * 3, is_in=False)
        CandidateFactory(opening=self.opening, name="Wilhelmina Quux")
        response = self.compare(names="hidden")
        for name in ("Zebedee", "Xanthippe", "Wilhelmina", "Quux"):
            self.assertNotContains(response, name)
        for letter in "ABC":
            self.assertContains(response, f"Candidate {letter}")

    def test_letters_stay_whoever_is_chosen_and_comes_later(self):
        self.candidate("Ada Okafor", [3] * 3, days=1)
        kwame = self.candidate("Kwame Mensah", [3] * 3, days=2)
        self.candidate("Mateo Quispe", [3] * 3, days=3)
        [row] = self.compare(kwame, names="hidden").context["comparison"].rows
        self.assertEqual(row.entry.name, "Candidate B")

    def test_once_all_are_decided_they_are_shown(self):
        ada, kwame = self.candidate("Ada Okafor", [3] * 3), self.candidate("Kwame Mensah", [4] * 3)
        self.decide(ada)
        self.decide(kwame, "hold")
        self.assertNotContains(self.compare(names="hidden"), "Ada")
        self.assertContains(self.compare(ada, names="hidden"), "All of them have a decision")
        self.assertContains(self.compare(ada, names="hidden"), "Ada Okafor")


class CompareAccessTests(CompareCase):
    def test_a_candidate_of_ones_own_panel_is_left_out_until_one_has_submitted(self):
        self.candidate("Ada Okafor", [3] * 3)
        bound = self.candidate("Kwame Mensah", [4] * 3, is_in=False)
        mine = Panelist.objects.create(interview=bound, user=self.hana)
        self.opened = body(self.compare())
        mira = bound.panelists.get(part="lead")
        NoteFactory(panelist=mira, question=bound.questions.all()[0], text="canary")
        submit(mira, recommendation=1, because="canary")
        Decision.objects.create(
            interview=bound, number=1, choice="decline", reason="canary", decided_by=HiringManagerFactory(),
            decided_at=END, token=uuid.uuid4(),
        )  # fmt: skip
        response = self.compare()
        self.assertEqual(body(response), self.opened)
        self.assertContains(response, "Submit your scorecard to see this")
        submit(mine)
        self.assertContains(self.compare(), "Kwame Mensah has a clear lead over Ada Okafor")

    def test_why_somebody_is_not_here_is_said_in_words(self):
        self.candidate("Waiting", [3], is_in=False)
        InterviewFactory(candidate__opening=self.opening, candidate__name="Planned", script=None)
        InterviewFactory(candidate__opening=self.opening, candidate__name="Cancelled", script=None, cancelled=True)
        response = self.compare()
        for words in ("No one to compare yet", "Scorecards are outstanding", "has not taken place yet"):
            self.assertContains(response, words)
        self.assertContains(response, "No interview scheduled yet.")

    def test_only_managers_of_the_opening_find_it(self):
        interview = self.candidate("Ada Okafor", [3] * 3)
        panelist = interview.panelists.get().user
        for person in (panelist, InterviewerFactory(), HiringManagerFactory()):
            self.client.force_login(person)
            self.assertEqual(self.client.get(self.url).status_code, 404)
        self.client.force_login(self.hana)
        self.assertEqual(self.client.post(self.url).status_code, 405)
        self.client.logout()
        self.assertEqual(self.client.get(self.url).status_code, 302)

    def test_opening_and_debrief_lead_to_it(self):
        interview = self.candidate("Ada Okafor", [3] * 3)
        self.candidate("Kwame Mensah", [3] * 3)
        self.assertContains(self.client.get(self.opening.get_absolute_url()), self.url)
        debrief = reverse("debrief", args=[interview.pk])
        self.assertContains(self.client.get(debrief), self.url)
        self.client.force_login(interview.panelists.get().user)
        self.assertNotContains(self.client.get(debrief), self.url)

    def test_queries_do_not_grow(self):
        self.candidate("Ada Okafor", [3] * 5)
        pages = (self.url, self.opening.get_absolute_url())
        few = [self.queries(page) for page in pages]
        for number in range(29):
            self.candidate(f"Candidate number {number}", [3] * 5, days=number)
        self.assertEqual([self.queries(page) for page in pages], few)
        self.assertLessEqual(max(few), 12)  # the page of an opening, with its topics to cover
        self.assertEqual(Interview.objects.count(), 30)
        # Of two who were chosen, two snapshots are read.
        with CaptureQueriesContext(connection) as queries:
            chosen = list(Interview.objects.all()[:2])
            response = self.compare(*chosen)
        [read] = [query["sql"] for query in queries if '"snapshot"' in query["sql"]]
        self.assertEqual(read.partition(" IN (")[2].count(",") + 1, 2, read)
        self.assertContains(response, 'name="after"')

    def queries(self, page):
        self.client.get(page)
        with CaptureQueriesContext(connection) as queries:
            self.client.get(page)
        return len(queries)

    def test_a_team_written_from_right_to_left_stays_apart_from_the_date_beside_it(self):
        self.opening.team = "مدفوعات"
        self.opening.save()
        interview = self.candidate("Ada Okafor", [3] * 3)
        self.assertContains(self.compare(), "<bdi>مدفوعات</bdi>")
        page = self.client.get(reverse("debrief", args=[interview.pk]))
        self.assertContains(page, f"<bdi>{self.opening.title} · مدفوعات</bdi> ·")

    def test_hostile_names_are_shown_as_text(self):
        self.candidate("<script>alert(1)</script>", [3] * 3)
        self.candidate("Ada Okafor", [3] * 3)
        self.assertNotContains(self.compare(), "<script>alert(1)")
