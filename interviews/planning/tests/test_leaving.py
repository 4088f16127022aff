import datetime as dt

from django.core import mail
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import AdministratorFactory, HiringManagerFactory, InterviewerFactory
from accounts.models import User
from accounts.roles import Role
from audit.models import Act, AuditEntry
from editing.testing import opened
from interviews.checks import openings_have_managers
from interviews.factories import CandidateFactory, InterviewFactory, LeadFactory, OpeningFactory, PanelistFactory
from interviews.models import Event, Opening
from interviews.planning import leaving


class LeavingCase(TestCase):
    def setUp(self):
        self.ana = AdministratorFactory(name="Ana Silva")
        self.hana = HiringManagerFactory(name="Hana Novak")
        self.luc = HiringManagerFactory(name="Luc Perrin")
        self.opening = OpeningFactory(title="Platform engineer", managers=[self.hana])
        self.client.force_login(self.ana)

    def save(self, person, **changes):
        posted = {"name": person.name, "email": person.email, "roles": sorted(person.roles), "is_active": "on"}
        posted = {name: value for name, value in (posted | changes).items() if value is not None}
        address = reverse("person-edit", args=[person.pk])
        return self.client.post(address, opened(self.client, address) | posted)

    def managers(self, opening=None):
        return set(Opening.objects.get(pk=(opening or self.opening).pk).managers.all())


class SuccessorTests(LeavingCase):
    def test_a_role_or_access_is_not_taken_while_an_opening_would_be_nobodys(self):
        for changes in ({"roles": ["Interviewer"]}, {"is_active": None}):
            with self.subTest(changes):
                page = self.save(self.hana, **changes)
                self.assertContains(page, "so that this opening isn’t left without one", status_code=422)
                hana = User.objects.get(pk=self.hana.pk)
                self.assertEqual((hana.is_active, hana.is_hiring_manager), (True, True))
        self.assertFalse(AuditEntry.objects.exists())

    def test_a_successor_takes_over_in_the_same_step(self):
        with self.captureOnCommitCallbacks(execute=True):
            answer = self.save(self.hana, is_active=None, **{f"successor-{self.opening.pk}": self.luc.pk})
        self.assertRedirects(answer, reverse("person-list"))
        self.assertEqual(self.managers(), {self.luc})
        self.assertFalse(User.objects.get(pk=self.hana.pk).is_active)
        entry = AuditEntry.objects.get(act=Act.MANAGER_NAMED)
        self.assertEqual((entry.actor, entry.person, entry.about), (self.ana, self.luc, "Platform engineer"))
        self.assertEqual([message.to for message in mail.outbox], [[self.hana.email], [self.luc.email]])

    def test_an_opening_that_others_manage_needs_nobody(self):
        self.opening.managers.add(self.luc)
        self.assertRedirects(self.save(self.hana, roles=["Interviewer"]), reverse("person-list"))

    def test_a_manager_who_lost_role_or_access_does_not_count_as_another(self):
        self.opening.managers.add(InterviewerFactory(), HiringManagerFactory(is_active=False))
        self.assertEqual(self.save(self.hana, roles=["Interviewer"]).status_code, 422)

    def test_a_successor_who_cannot_manage_is_refused_by_the_domain_too(self):
        self.hana.is_active = False
        for nobody in (InterviewerFactory(), HiringManagerFactory(is_active=False), self.hana):
            with self.assertRaises(leaving.SuccessorWanted):
                leaving.change_person(
                    person=self.hana,
                    roles=[Role.HIRING_MANAGER],
                    successors={self.opening.pk: nobody},
                    by=self.ana,
                    at=timezone.now(),
                )
        self.assertTrue(User.objects.get(pk=self.hana.pk).is_active)
        self.assertEqual(self.managers(), {self.hana})

    def test_without_another_hiring_manager_the_form_says_what_to_do(self):
        self.luc.groups.clear()
        page = self.save(self.hana, is_active=None)
        self.assertContains(page, "There is no other hiring manager.", status_code=422)


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
        for words in ("Manages alone:", "Platform engineer", "Leads 1 interview:", "On the panel of 1 interview:"):
            self.assertContains(page, words)
        self.assertContains(page, "Owes 1 scorecard:")
        self.assertContains(page, "Who manages Platform engineer without Hana?")

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
        with self.assertNumQueries(3):
            leaving.hanging_on(self.hana)

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
        self.assertEqual(page.context["openings"][0], lost)
        self.assertContains(page, "No manager")
        self.assertContains(self.client.get(reverse("my-day")), "1 opening has no manager.")

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


class LastManagerTests(LeavingCase):
    def edit(self, *managers):
        self.client.force_login(self.hana)
        posted = {"title": "Platform engineer", "blind_policy": "after_own", "managers": [one.pk for one in managers]}
        address = reverse("opening-edit", args=[self.opening.pk])
        return self.client.post(address, opened(self.client, address) | posted)

    def test_the_last_one_cannot_untick_themselves(self):
        former = InterviewerFactory()
        self.opening.managers.add(former)
        page = self.edit(former)
        self.assertContains(page, "This opening needs a manager.", status_code=422)
        self.assertEqual(self.managers(), {self.hana, former})

    def test_with_a_successor_they_can(self):
        self.assertRedirects(self.edit(self.luc), reverse("opening-list"))
        self.assertEqual(self.managers(), {self.luc})

    def test_the_domain_refuses_it_too(self):
        with self.assertRaises(leaving.NobodyManages):
            leaving.set_managers(opening=self.opening, managers=[InterviewerFactory()])
        self.assertEqual(self.managers(), {self.hana})


class OpeningsHaveManagersTests(LeavingCase):
    def found(self):
        return [warning.msg for warning in openings_have_managers(databases=["default"])]

    def test_an_opening_left_without_a_manager_by_a_shell_is_warned_of(self):
        self.assertEqual(self.found(), [])
        User.objects.filter(pk=self.hana.pk).update(is_active=False)
        self.assertEqual(self.found(), ["1 opening without an active hiring manager."])
