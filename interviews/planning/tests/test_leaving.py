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
from interviews.factories import InterviewFactory, OpeningFactory
from interviews.models import Event, Opening
from interviews.planning import leaving

DAY = dt.timedelta(days=1)


class LeavingCase(TestCase):
    def setUp(self):
        self.ana = AdministratorFactory(name="Ana Silva")
        self.hana = HiringManagerFactory(name="Hana Novak")
        self.luc = HiringManagerFactory(name="Luc Perrin")
        self.opening = OpeningFactory(title="Platform engineer", managers=[self.hana])
        self.client.force_login(self.ana)

    def save(self, person, **changes):
        posted = {"name": person.name, "email": person.email, "roles": sorted(person.roles), "is_active": "on"}
        posted |= {f"successor-{opening.pk}": "" for opening in Opening.objects.managed_only_by(person)}
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
                self.assertContains(page, "so that no opening is left without one", status_code=422)
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

    def test_one_takes_over_all_openings_but_those_for_which_another_is_chosen(self):
        others = [OpeningFactory(title=title, managers=[self.hana]) for title in ("Data engineer", "Web engineer")]
        eva = HiringManagerFactory(name="Eva Lindt")
        page = self.save(self.hana, is_active=None)
        self.assertContains(page, "so that no opening is left without one", status_code=422, count=2)  # summary, field
        own = {f"successor-{others[0].pk}": eva.pk}
        said = self.client.get(self.save(self.hana, is_active=None, successor=self.luc.pk, **own)["Location"])
        self.assertContains(said, f"{self.hana} saved.")
        self.assertContains(said, "Eva Lindt now manages Data engineer.")
        self.assertContains(said, f"{self.luc} now manages Web engineer.")
        self.assertEqual([self.managers(one) for one in (self.opening, *others)], [{self.luc}, {eva}, {self.luc}])

    def test_an_opening_that_the_page_did_not_show_is_asked_about(self):
        OpeningFactory(managers=[self.hana])
        later = OpeningFactory(title="Data engineer", managers=[self.hana])
        page = self.save(self.hana, is_active=None, successor=self.luc.pk, **{f"successor-{later.pk}": None})
        self.assertContains(page, "so that no opening is left without one", status_code=422, count=2)  # summary, field
        self.assertEqual(self.managers(later), {self.hana})
        self.assertRedirects(self.save(self.hana, is_active=None, successor=self.luc.pk), reverse("person-list"))
        self.assertEqual(self.managers(later), {self.luc})

    def test_pages_of_calls_that_are_over_learn_of_it_for_a_week(self):
        """A call may be reopened or restored: they would show someone as its lead who is gone."""
        now, jo = timezone.now(), InterviewerFactory()
        lately, old = (
            InterviewFactory(script=None, ended=True, scheduled_for=now - days * DAY, panel=[(jo, "lead")])
            for days in (2, 9)
        )
        off = InterviewFactory(script=None, cancelled=True, scheduled_for=now - DAY, panel=[(jo, "lead")])
        leaving.change_person(person=jo, roles=[], successors={}, by=self.ana, at=now)
        told = Event.objects.filter(kind="panel")
        self.assertEqual(set(told.values_list("interview", flat=True)), {lately.pk, off.pk})
        self.assertFalse(old.events.exists())
        [panelist] = told[0].payload["panel"].values()
        self.assertTrue(panelist["has_left"])

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
