from django.test import TestCase

from accounts.backends import Backend
from accounts.factories import InterviewerFactory
from accounts.models import User


class TestGetUser(TestCase):
    def test_finds_the_person_with_every_field_in_one_query(self):
        person = InterviewerFactory()
        with self.assertNumQueries(1):
            found = Backend().get_user(person.pk)
            fields = {field.attname for field in User._meta.concrete_fields}
            self.assertEqual({name: getattr(found, name) for name in fields}, {n: getattr(person, n) for n in fields})

    def test_finds_nobody_inactive_or_unknown(self):
        person = InterviewerFactory(is_active=False)
        self.assertEqual([Backend().get_user(pk) for pk in (person.pk, person.pk + 1)], [None, None])

    def test_a_deactivated_person_is_signed_out(self):
        person = InterviewerFactory()
        self.client.force_login(person)
        self.assertEqual(self.client.get("/").status_code, 200)
        User.objects.filter(pk=person.pk).update(is_active=False)
        self.assertEqual(self.client.get("/").status_code, 302)
