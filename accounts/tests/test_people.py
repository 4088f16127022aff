from django.contrib.sessions.models import Session
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import (
    AdministratorFactory,
    InterviewerFactory,
    UserFactory,
)
from accounts.models import User
from accounts.people import LastAdministrator, OwnDeactivation, change_person, end_sessions
from accounts.roles import Role


class ChangePersonTests(TestCase):
    def test_fields_and_roles_are_kept(self):
        person = InterviewerFactory()
        person.name = "Jo"
        change_person(
            person=person, roles=[Role.CURATOR, Role.HIRING_MANAGER], by=AdministratorFactory(), at=timezone.now()
        )
        person = User.objects.get(pk=person.pk)
        self.assertEqual((person.name, person.role_list), ("Jo", ["Hiring manager", "Curator"]))

    def test_last_administrator_keeps_the_role(self):
        last = AdministratorFactory()
        AdministratorFactory(is_active=False)
        with self.assertRaises(LastAdministrator):
            change_person(person=last, roles=[], by=last, at=timezone.now())
        self.assertEqual(User.objects.get(pk=last.pk).role_list, ["Administrator"])

    def test_last_administrator_cannot_be_deactivated_by_one_who_was(self):
        last, before = AdministratorFactory(), AdministratorFactory(is_active=False)
        last.is_active = False
        with self.assertRaises(LastAdministrator):
            change_person(person=last, roles=[Role.ADMINISTRATOR], by=before, at=timezone.now())
        self.assertTrue(User.objects.get(pk=last.pk).is_active)

    def test_one_of_two_administrators_may_go(self):
        one, two = AdministratorFactory(), AdministratorFactory()
        change_person(person=one, roles=[], by=two, at=timezone.now())
        self.assertEqual(User.objects.get(pk=one.pk).role_list, [])

    def test_nobody_deactivates_themselves(self):
        one = AdministratorFactory()
        AdministratorFactory()
        one.is_active = False
        with self.assertRaises(OwnDeactivation):
            change_person(person=one, roles=[Role.ADMINISTRATOR], by=one, at=timezone.now())
        self.assertTrue(User.objects.get(pk=one.pk).is_active)


class EndSessionsTests(TestCase):
    def test_all_sessions_of_that_person_end_and_nobody_elses(self):
        jo, sam = UserFactory(), UserFactory()
        clients = {"jo at work": jo, "jo at home": jo, "sam": sam}
        for name, person in clients.items():
            clients[name] = self.client_class()
            clients[name].force_login(person)
        end_sessions(jo)
        self.assertEqual(Session.objects.count(), 1)
        statuses = {name: client.get(reverse("account")).status_code for name, client in clients.items()}
        self.assertEqual(statuses, {"jo at work": 302, "jo at home": 302, "sam": 200})
