import datetime as dt
import zoneinfo

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.access import debrief_access
from interviews.factories import START, CandidateFactory, InterviewFactory, OpeningFactory, PanelistFactory
from interviews.models import Interview, Panelist
from interviews.tests.deciding import decide
from interviews.tests.submitting import submit
from tests.cast import make_cast

LEAD = Panelist.Part.LEAD


class CandidateListCase(TestCase):
    def setUp(self):
        self.hana, self.mira = HiringManagerFactory(name="Hana Berg"), InterviewerFactory(name="Mira Rahman")
        self.opening = OpeningFactory(managers=[self.hana], title="Platform engineer")
        self.client.force_login(self.hana)

    def candidate(self, name="Ada Okafor", **fields):
        return CandidateFactory(name=name, **({"opening": self.opening} | fields))

    def over(self, candidate, *, submitted=True):
        interview = InterviewFactory(script=None, candidate=candidate, ended=True, panel=[(self.mira, LEAD)])
        if submitted:
            submit(interview.panelists.get(), at=START, recommendation=3, because="Measures.")
        return interview

    def names(self, path="candidate-list", **given):
        response = self.client.get(reverse(path), given)
        return [row.candidate.name for row in response.context["list"].rows]


class CandidateListTests(CandidateListCase):
    def test_search_finds_name_email_and_opening_without_accents(self):
        self.candidate("Ömer Çelik", email="omer@example.org")
        self.candidate("Ada Okafor")
        for q, found in (
            ("ömer", ["Ömer Çelik"]),
            ("OMER celik", ["Ömer Çelik"]),
            ("example.org", ["Ömer Çelik"]),
            ("platform ada", ["Ada Okafor"]),
            ("data", []),
        ):
            with self.subTest(q=q):
                self.assertEqual(self.names(q=q), found)

    def test_only_candidates_that_one_may_see_are_found(self):
        self.candidate("Foreign", opening=OpeningFactory())
        self.assertEqual((self.names(), self.names(q="foreign")), ([], []))
        ours = self.over(self.candidate())
        self.client.force_login(self.mira)
        self.assertEqual(self.names(), ["Ada Okafor"])
        ours.panelists.update(left_at=START)
        self.assertEqual(self.names(), [])

    def test_filters_tell_what_a_candidate_waits_for(self):
        self.over(self.candidate("Decide"))
        self.over(self.candidate("Write"), submitted=False)
        InterviewFactory(script=None, candidate=self.candidate("Meet"))
        self.candidate("Plan")
        for name, choice in (("Advanced", "go_on"), ("Declined", "decline")):
            decide(self.over(self.candidate(name)), choice, by=self.hana)
        self.candidate("Gone", withdrew_at=START)
        for waiting, found in (
            ("decision", {"Decide"}),
            ("scorecards", {"Write"}),
            ("interview", {"Meet"}),
            ("plan", {"Plan", "Advanced"}),
        ):
            with self.subTest(waiting=waiting):
                self.assertEqual(set(self.names(waiting=waiting)), found)
        for decision, found in (
            ("decline", {"Declined"}),
            ("go_on", {"Advanced"}),
            ("withdrew", {"Gone"}),
            ("none", {"Decide", "Write", "Meet", "Plan"}),
        ):
            with self.subTest(decision=decision):
                self.assertEqual(set(self.names(decision=decision)), found)

    def test_latest_decision_is_told_with_who_and_when(self):
        interview = self.over(self.candidate())
        decide(interview, "go_on", by=self.hana)
        decide(interview, "decline", by=self.hana, at=START + dt.timedelta(days=1))
        response = self.client.get(reverse("candidate-list"))
        self.assertContains(response, "Decline<")
        self.assertContains(response, "21 Nov 2024, Hana Berg")

    def test_panelist_who_still_writes_learns_no_decision_by_any_filter(self):
        late = InterviewerFactory()
        interview = self.over(self.candidate())
        PanelistFactory(interview=interview, user=late)
        decide(interview, by=self.hana)
        self.client.force_login(late)
        for given in ({"decision": "decline"}, {"waiting": "decision"}):
            self.assertEqual(self.names(**given), [])
        self.assertEqual(self.names(decision="none"), ["Ada Okafor"])
        self.assertNotContains(self.client.get(reverse("candidate-list")), "Hana Berg")

    def test_panelist_learns_nothing_of_interviews_of_other_panels(self):
        ada = self.candidate()
        self.over(ada)
        decide(self.over(ada), by=self.hana)
        other = InterviewFactory(script=None, candidate=ada, script_name="Mine", panel=[(InterviewerFactory(), LEAD)])
        self.client.force_login(other.panelists.get().user)
        self.assertEqual(self.names(decision="decline"), [])
        self.assertEqual(self.names(waiting="scorecards"), [])
        self.assertEqual(self.names(waiting="interview"), ["Ada Okafor"])

    def test_sorting(self):
        bo, ada = self.candidate("bo"), self.candidate("Ämil")
        self.candidate("Cy")
        InterviewFactory(script=None, candidate=bo, scheduled_for=timezone.now() + dt.timedelta(days=2))
        InterviewFactory(script=None, candidate=ada, scheduled_for=timezone.now() + dt.timedelta(days=3))
        self.assertEqual(self.names(), ["Cy", "Ämil", "bo"])
        self.assertEqual(self.names(sort="name"), ["Ämil", "bo", "Cy"])
        self.assertEqual(self.names(sort="next"), ["bo", "Ämil", "Cy"])

    def test_htmx_gets_the_rows_and_the_address_of_the_filter(self):
        self.candidate()
        headers = {"hx-request": "true", "hx-target": "rows"}
        response = self.client.get(reverse("candidate-list"), {"q": "ada", "opening": ""}, headers=headers)
        self.assertContains(response, "1 candidate")
        self.assertNotContains(response, "<h1>")
        self.assertEqual(response["HX-Replace-Url"], "/candidates/?q=ada")
        back = self.client.get(reverse("candidate-list"), headers=headers | {"hx-history-restore-request": "true"})
        self.assertContains(back, "<h1>")

    def test_empty_pages_lead_on(self):
        self.assertContains(self.client.get(reverse("candidate-list")), "Choose an opening to add one")
        self.assertContains(self.client.get(reverse("candidate-list"), {"q": "x"}), "Clear search and filters")
        self.client.force_login(self.mira)
        self.assertContains(self.client.get(reverse("candidate-list")), "added to a panel")

    def test_number_of_queries_is_constant(self):
        for more in (1, 59):
            for number in range(more):
                self.over(self.candidate(f"Candidate {number}"), submitted=False)
            for given in ({}, {"waiting": "scorecards", "sort": "next", "q": "cand"}):
                with self.subTest(more=more, given=given), self.assertNumQueries(8 if more == 1 else 9):
                    self.client.get(reverse("candidate-list"), given)


class CandidateDetailTests(CandidateListCase):
    def test_latest_decision_is_told_in_full_to_readers_of_the_debrief(self):
        interview = self.over(self.candidate())
        decide(interview, "go_on", by=self.hana, dissent="Too slow.")
        page = interview.candidate.get_absolute_url()
        for words in ("Latest decision", "Said so.", "Too slow."):
            self.assertContains(self.client.get(page), words)
        late = PanelistFactory(interview=interview).user
        self.client.force_login(late)
        self.assertNotContains(self.client.get(page), "Said so.")


class ElsewhereTests(CandidateListCase):
    def test_same_email_in_another_opening_is_linked_with_what_was_decided(self):
        before = self.candidate(email="ADA@example.org", opening=OpeningFactory(managers=[self.hana], title="Backend"))
        decide(self.over(before), by=self.hana)
        now = self.candidate(email="ada@example.org")
        response = self.client.get(now.get_absolute_url())
        year = before.created_at.astimezone(zoneinfo.ZoneInfo(self.hana.time_zone)).year
        self.assertContains(response, f"Ada Okafor in Backend, {year}</a>, decline")

    def test_openings_of_others_and_blank_emails_are_never_named(self):
        self.candidate(email="ada@example.org", opening=OpeningFactory(title="Foreign"))
        self.candidate(opening=OpeningFactory(managers=[self.hana], title="Foreign"))
        for email in ("ada@example.org", ""):
            response = self.client.get(self.candidate(email=email).get_absolute_url())
            self.assertNotContains(response, "Same email")


class DebriefOpenToTests(TestCase):
    def test_says_the_same_as_the_debrief_of_each_actor(self):
        cast = make_cast()
        for policy in ("after_own", "after_all", "never"):
            Interview.objects.update(blind_policy=policy)
            for actor, person in cast.people.items():
                seen = Interview.objects.visible_to(person)
                open_ones = set(seen.debrief_open_to(person))
                for interview in seen.select_related("opening"):
                    with self.subTest(policy=policy, actor=actor, status=interview.status):
                        is_open = debrief_access(person, interview).barred is None
                        self.assertEqual(interview in open_ones, is_open)
                        owes = interview in set(Interview.objects.outstanding_scorecards())
                        row = Interview.objects.with_people().get(pk=interview.pk)
                        self.assertEqual(owes, row.is_ended and bool(row.outstanding))
