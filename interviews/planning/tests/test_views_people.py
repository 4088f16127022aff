import datetime as dt
from unittest import mock

from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.factories import AdministratorFactory, CuratorFactory, HiringManagerFactory, InterviewerFactory
from accounts.roles import Role
from audit.models import Act, AuditEntry
from interviews.factories import (
    CandidateFactory,
    CandidateFileFactory,
    InterviewFactory,
    LeadFactory,
    OpeningFactory,
    PanelistFactory,
)
from interviews.models import Event, Opening
from interviews.planning import leaving
from interviews.planning.tests.test_leaving import LeavingCase


class WhatHangsTests(LeavingCase):
    def setUp(self):
        super().setUp()
        candidate = CandidateFactory(opening=self.opening, name="Planted Candidate")
        tomorrow = timezone.now() + dt.timedelta(days=1)
        self.coming = InterviewFactory(candidate=candidate, scheduled_for=tomorrow)
        LeadFactory(interview=self.coming, user=self.hana)
        PanelistFactory(interview=InterviewFactory(candidate=candidate, live=True), user=self.hana)
        PanelistFactory(interview=InterviewFactory(candidate=candidate, ended=True), user=self.hana)
        InterviewFactory(candidate=candidate, cancelled=True, panel=[(self.hana, "lead")])

    def test_it_is_shown_by_name_and_count_before_anything_is_saved(self):
        page = self.client.get(reverse("person-edit", args=[self.hana.pk]))
        for words in ("Only manager of:", "Platform engineer", "Leads 1 interview:", "On the panel of 1 interview:"):
            self.assertContains(page, words)
        self.assertContains(page, "Owes 1 scorecard:")
        self.assertContains(page, "Who takes over Platform engineer?")

    def test_ten_are_named_and_the_others_counted(self):
        for number in range(11):
            OpeningFactory(managers=[self.hana], title=f"Role {number:02}")
        page = self.client.get(reverse("person-edit", args=[self.hana.pk]))
        hanging = page.content.decode().split('id="hanging"')[1].split("</section>")[0]
        self.assertIn("Role 08 and 2 more.", hanging)
        self.assertNotIn("Role 09", hanging)

    def test_no_candidate_is_named(self):
        pages = [
            self.client.get(reverse("person-edit", args=[self.hana.pk])),
            self.save(self.hana, is_active=None),
            self.client.get(reverse("opening-managers")),
            self.client.get(reverse("audit-list")),
        ]
        for page in pages:
            self.assertNotContains(page, "Planted", status_code=page.status_code)

    def test_nothing_hangs_on_somebody_new(self):
        self.assertFalse(leaving.hanging_on(self.luc))
        self.assertNotContains(self.client.get(reverse("person-edit", args=[self.luc.pk])), "What depends on")

    def test_the_number_of_queries_does_not_grow(self):
        with self.assertNumQueries(5):
            leaving.hanging_on(self.hana)

    def test_files_are_counted_and_the_only_curator_is_named(self):
        CandidateFileFactory(candidate=self.coming.candidate, added_by=self.hana, name="Planted.pdf")
        self.hana.groups.add(Group.objects.get(name=Role.CURATOR))
        address = reverse("person-edit", args=[self.hana.pk])
        page = self.client.get(address)
        self.assertContains(page, "Added 1 file to candidates.")
        self.assertContains(page, "The only curator.")
        self.assertNotContains(page, "Planted")
        CuratorFactory()
        self.assertNotContains(self.client.get(address), "only curator")

    def test_the_panel_is_told_who_can_no_longer_lead(self):
        self.opening.managers.add(self.luc)
        self.save(self.hana, roles=["Hiring manager"])
        event = Event.objects.filter(interview=self.coming, kind="panel").get()
        [seat] = event.payload["panel"].values()
        self.assertEqual((seat["has_left"], event.payload["turn"]), (True, None))


class NameManagerTests(LeavingCase):
    def name(self, person, opening=None):
        address = reverse("opening-manager-name", args=[(opening or self.opening).pk])
        return self.client.post(address, {"person": getattr(person, "pk", person)}, follow=True)

    def test_openings_without_a_manager_come_first(self):
        OpeningFactory(title="A nice one", managers=[self.luc])
        lost = OpeningFactory(title="Zulu", managers=[InterviewerFactory(), HiringManagerFactory(is_active=False)])
        page = self.client.get(reverse("opening-managers"))
        self.assertEqual(page.context["list"].rows[0], lost)
        self.assertEqual(self.client.get(reverse("opening-managers"), {"q": "zulu"}).context["list"].rows, [lost])
        self.assertContains(page, "No manager")
        self.assertContains(self.client.get(reverse("my-day")), "1 opening has no manager.")

    def test_every_opening_is_on_one_of_the_pages(self):
        for number in range(5):
            OpeningFactory(managers=[self.luc] if number % 2 else [], closed_at=timezone.now() if number > 2 else None)
        address, seen = reverse("opening-managers"), []
        with mock.patch("finding.lists.PAGE_SIZE", 2):
            query = "?"
            while query:
                page = self.client.get(address + query).context["list"]
                seen += page.rows
                query = page.next
        self.assertEqual(seen, list(Opening.objects.with_current_managers()))
        self.assertEqual(len(seen), 6)

    def test_an_administrator_names_one_without_reading_the_opening(self):
        with self.captureOnCommitCallbacks(execute=True):
            self.assertContains(self.name(self.luc), "Luc Perrin now manages Platform engineer.")
        self.assertEqual(self.managers(), {self.hana, self.luc})
        self.assertEqual(len(mail.outbox), 2)
        self.assertEqual(AuditEntry.objects.get().act, Act.MANAGER_NAMED)
        self.assertEqual(self.client.get(self.opening.get_absolute_url()).status_code, 404)

    def test_only_active_hiring_managers_can_be_named(self):
        for nobody in (InterviewerFactory(), HiringManagerFactory(is_active=False), "", "x", "9" * 30):
            self.assertContains(self.name(nobody), "Choose an active hiring manager.")
        self.assertEqual(self.managers(), {self.hana})

    def test_administrators_do_not_let_themselves_into_what_somebody_manages(self):
        both = AdministratorFactory(roles=[Role.ADMINISTRATOR, Role.HIRING_MANAGER])
        self.client.force_login(both)
        self.assertContains(self.name(both), "This opening has a manager.")
        self.assertEqual(self.managers(), {self.hana})
        lost = OpeningFactory(managers=[])
        self.name(both, lost)
        self.assertEqual(self.managers(lost), {both})
