from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.factories import CuratorFactory, HiringManagerFactory, InterviewerFactory
from editing.testing import opened
from interviews.factories import START, CandidateFactory, InterviewFactory, OpeningFactory, PanelistFactory
from interviews.models import Candidate


class CandidateCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory()
        self.client.force_login(self.hana)
        self.opening = OpeningFactory(managers=[self.hana])

    def candidate(self, **fields):
        return CandidateFactory(opening=self.opening, **fields)


class CandidateCreateTests(CandidateCase):
    def create(self, opening=None, **changes):
        posted = {"name": "Ada Okafor"} | changes
        return self.client.post(reverse("candidate-create", args=[(opening or self.opening).pk]), posted)

    def test_everything_is_kept(self):
        response = self.create(
            email="ada@example.org",
            links="https://example.org/cv\n\nhttps://example.org/code",
            assignment_url="example.org/pull/1",
            notes="Likes <b>maps</b> 🦊",
        )
        ada = Candidate.objects.get()
        self.assertRedirects(response, ada.get_absolute_url())
        self.assertEqual((ada.opening, ada.name, ada.email), (self.opening, "Ada Okafor", "ada@example.org"))
        self.assertEqual(ada.link_list, ["https://example.org/cv", "https://example.org/code"])
        self.assertEqual((ada.assignment_url, ada.notes), ("https://example.org/pull/1", "Likes <b>maps</b> 🦊"))

    def test_form_comes_back_for_another_one(self):
        address = reverse("candidate-create", args=[self.opening.pk])
        response = self.client.post(address, {"name": "Ada Okafor", "again": "1"}, follow=True)
        self.assertEqual(response.redirect_chain, [(address, 302)])
        self.assertContains(response, "Ada Okafor added.")
        self.assertNotContains(response, 'value="Ada Okafor"')
        self.assertEqual(Candidate.objects.get().name, "Ada Okafor")

    def test_opening_is_locked_until_the_candidate_is_saved(self):
        with CaptureQueriesContext(connection) as queries:
            self.create()
        statements = [query["sql"] for query in queries]
        begun = next(n for n, sql in enumerate(statements) if sql.startswith("SAVEPOINT"))
        read = next(n for n, sql in enumerate(statements) if 'FROM "interviews_opening"' in sql)
        self.assertLess(begun, read)

    def test_form_is_shown(self):
        response = self.client.get(reverse("candidate-create", args=[self.opening.pk]))
        self.assertContains(response, "Nothing is sent to candidates.")

    def test_invalid_input_is_refused_with_its_reason(self):
        for changes, words in (
            ({"name": ""}, "Enter a name."),
            ({"email": "ada"}, "valid email"),
            ({"links": "https://example.org\njavascript:alert(1)"}, "Line 2 is not a web address"),
            ({"assignment_url": "javascript:alert(1)"}, "begins with https:// or http://"),
            ({"notes": "a\0b"}, "Null characters"),
        ):
            with self.subTest(changes=changes):
                self.assertContains(self.create(**changes), words, status_code=422)
        self.assertEqual(Candidate.objects.count(), 0)

    def test_one_who_looks_like_another_is_asked_about_before_saving(self):
        self.candidate(name="Ömer Çelik", email="omer@example.org")
        CandidateFactory(name="Ada Okafor", email="ada@example.org")  # in an opening of somebody else
        for changes in ({"name": "omer celik"}, {"name": "O. C.", "email": "OMER@example.org"}):
            with self.subTest(changes=changes):
                words = "Ömer Çelik (omer@example.org) is already in this opening."
                self.assertContains(self.create(**changes), words, status_code=422)
        self.assertEqual(self.opening.candidates.count(), 1)
        self.assertEqual(self.create(name="Ömer Çelik", is_another="on").status_code, 302)
        self.assertEqual(self.create(name="Ada Okafor", email="ada@example.org").status_code, 302)
        self.assertEqual(self.opening.candidates.count(), 3)

    def test_another_opening_cannot_be_posted(self):
        self.create(opening=self.opening, opening_id=OpeningFactory().pk)
        self.assertEqual(Candidate.objects.get().opening, self.opening)

    def test_closed_opening_takes_none(self):
        self.opening.close(at=START)
        response = self.create()
        self.assertContains(response, "This opening is closed.", status_code=409)
        self.assertEqual(Candidate.objects.count(), 0)

    def test_somebody_elses_opening_is_not_found(self):
        self.assertEqual(self.create(OpeningFactory()).status_code, 404)
        self.client.force_login(InterviewerFactory())
        self.assertEqual(self.create().status_code, 404)
        self.assertEqual(Candidate.objects.count(), 0)

    def test_anonymous_signs_in_and_wrong_method_is_refused(self):
        address = reverse("candidate-create", args=[self.opening.pk])
        self.assertEqual(self.client.delete(address).status_code, 405)
        self.client.logout()
        self.assertRedirects(self.client.get(address), f"{reverse('sign-in')}?next={address}")


class CandidateDetailTests(CandidateCase):
    def test_manager_sees_everything_and_may_plan(self):
        ada = self.candidate(name="Ada", links="https://example.org/cv", notes="<script>alert(1)</script>")
        response = self.client.get(ada.get_absolute_url())
        self.assertContains(response, 'href="https://example.org/cv"')
        self.assertContains(response, "&lt;script&gt;alert(1)&lt;/script&gt;")
        self.assertContains(response, reverse("interview-create", args=[ada.pk]))

    def test_panel_reads_and_cannot_change(self):
        ada = self.candidate(name="Ada", notes="On call since May.")
        seat = PanelistFactory(interview__candidate=ada)
        self.client.force_login(seat.user)
        response = self.client.get(ada.get_absolute_url())
        self.assertContains(response, "On call since May.")
        self.assertNotContains(response, "Edit")
        self.assertNotContains(response, "Schedule an interview")

    def test_panelist_sees_only_interviews_that_are_theirs(self):
        ada = self.candidate()
        seat = PanelistFactory(interview=InterviewFactory(script=None, candidate=ada, script_name="Mine"))
        InterviewFactory(script=None, candidate=ada, script_name="Not mine")
        self.client.force_login(seat.user)
        response = self.client.get(ada.get_absolute_url())
        self.assertContains(response, "Mine")
        self.assertNotContains(response, "Not mine")

    def test_nobody_else_sees_them(self):
        ada = self.candidate()
        left = PanelistFactory(interview__candidate=ada, left_at=START).user
        for other in (HiringManagerFactory(), InterviewerFactory(), CuratorFactory(), left):
            self.client.force_login(other)
            with self.subTest(other=other):
                self.assertEqual(self.client.get(ada.get_absolute_url()).status_code, 404)

    def test_number_of_queries_is_constant(self):
        ada = self.candidate()
        for more in (1, 29):
            for _ in range(more):
                PanelistFactory(interview=InterviewFactory(script=None, candidate=ada, ended=True))
            with self.subTest(more=more), self.assertNumQueries(12):
                self.client.get(ada.get_absolute_url())


class CandidateEditTests(CandidateCase):
    def edit(self, candidate, **changes):
        address = reverse("candidate-edit", args=[candidate.pk])
        return self.client.post(address, opened(self.client, address) | {"name": "Ada O.", "notes": "New."} | changes)

    def test_manager_changes_them(self):
        ada = self.candidate(name="Ada")
        self.assertRedirects(self.edit(ada), ada.get_absolute_url())
        ada.refresh_from_db()
        self.assertEqual((ada.name, ada.notes), ("Ada O.", "New."))

    def test_invalid_input_is_refused_and_the_page_keeps_the_old_name(self):
        ada = self.candidate(name="Ada")
        response = self.edit(ada, name="")
        self.assertContains(response, "Enter a name.", status_code=422)
        self.assertContains(response, ">Ada</a>", status_code=422)
        ada.refresh_from_db()
        self.assertEqual(ada.name, "Ada")

    def test_panel_may_not_and_others_do_not_find_them(self):
        ada = self.candidate(name="Ada")
        self.client.force_login(PanelistFactory(interview__candidate=ada).user)
        self.assertContains(self.edit(ada), "opening’s hiring managers", status_code=403)
        self.client.force_login(HiringManagerFactory())
        self.assertEqual(self.edit(ada).status_code, 404)
        ada.refresh_from_db()
        self.assertEqual(ada.name, "Ada")
