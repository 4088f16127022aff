import zoneinfo

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase

from accounts.factories import AdministratorFactory, InterviewerFactory, UserFactory
from accounts.models import User
from accounts.roles import Role


class UserTests(TestCase):
    def test_name_is_shown_and_shortened(self):
        person = UserFactory(name="Mira van der Rossi")
        self.assertEqual((str(person), person.short_name, person.initials), ("Mira van der Rossi", "Mira", "MR"))
        self.assertEqual(UserFactory(name="Sam").initials, "S")

    def test_roles_come_in_their_own_order(self):
        person = UserFactory(roles=[Role.ADMINISTRATOR, Role.INTERVIEWER])
        self.assertEqual(person.role_list, ["Interviewer", "Administrator"])
        self.assertEqual(
            (person.is_interviewer, person.is_hiring_manager, person.is_curator, person.is_administrator),
            (True, False, False, True),
        )

    def test_roles_cost_one_query_however_often_they_are_asked(self):
        person = InterviewerFactory()
        with self.assertNumQueries(1):
            self.assertTrue(person.is_interviewer)
            self.assertFalse(person.is_curator)

    def test_zone_is_kept_only_if_it_exists(self):
        person = UserFactory(time_zone="")
        with self.assertRaises(ValidationError):
            person.set_time_zone("Mars/Olympus")
        person.set_time_zone("Asia/Tokyo")
        person.refresh_from_db()
        self.assertEqual(person.time_zone, "Asia/Tokyo")
        self.assertIn("Asia/Tokyo", zoneinfo.available_timezones())

    def test_email_is_unique_whatever_its_case(self):
        UserFactory(email="mira@example.org")
        with self.assertRaises(IntegrityError), transaction.atomic():
            UserFactory(email="MIRA@example.org")


class UserQuerySetTests(TestCase):
    def test_with_role_gives_active_people_by_name(self):
        zoe, ana = InterviewerFactory(name="Zoe"), InterviewerFactory(name="Ana")
        InterviewerFactory(is_active=False)
        AdministratorFactory()
        self.assertEqual(list(User.objects.with_role(Role.INTERVIEWER)), [ana, zoe])


class UserManagerTests(TestCase):
    def test_created_person_has_roles_and_without_password_cannot_sign_in(self):
        person = User.objects.create_user("mira@Example.ORG", name="Mira", roles=(Role.CURATOR,))
        self.assertEqual((person.email, person.role_list), ("mira@example.org", ["Curator"]))
        self.assertFalse(person.has_usable_password())

    def test_superuser_is_an_administrator_without_bypass(self):
        person = User.objects.create_superuser("ana@example.org", "three calm words", name="Ana")
        self.assertEqual((person.role_list, person.is_superuser), (["Administrator"], False))
        self.assertTrue(person.check_password("three calm words"))
