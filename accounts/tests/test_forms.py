from django.test import TestCase

from accounts.factories import AdministratorFactory, UserFactory
from accounts.forms import AccountForm, InvitationForm, PersonForm, ends_with


class EndsWithTests(TestCase):
    def test_a_form_ends_with_its_button_and_a_way_back(self):
        self.assertEqual([ends_with("Save").fields[0].value, len(ends_with("Save").fields)], ["Save", 1])
        self.assertIn('href="/people/"', ends_with("Save", back="/people/").fields[1].html)


class AccountFormTests(TestCase):
    def test_a_zone_of_the_past_stays_among_the_choices(self):
        form = AccountForm(instance=UserFactory(time_zone="US/Pacific-New"), by=None)
        self.assertEqual(form.fields["time_zone"].choices[1], ("Now", [("US/Pacific-New", "US/Pacific-New")]))


class PersonFormTests(TestCase):
    def test_a_new_person_is_active_without_being_asked(self):
        self.assertNotIn("is_active", InvitationForm(by=AdministratorFactory()).fields)
        self.assertIn("is_active", PersonForm(instance=UserFactory(), by=AdministratorFactory()).fields)

    def test_another_spelling_of_an_email_in_use_is_refused(self):
        UserFactory(email="jo@example.org")
        form = PersonForm({"name": "Jo", "email": "JO@Example.org", "roles": []}, by=AdministratorFactory())
        self.assertEqual(form.errors, {"email": ["This email is already in use."]})
