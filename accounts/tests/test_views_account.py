from django.test import TestCase
from django.urls import reverse

from accounts.factories import CuratorFactory
from editing.testing import opened


class AccountTests(TestCase):
    def setUp(self):
        self.person = CuratorFactory(name="Mira Rossi", email="mira@example.org", time_zone="Europe/Malta")
        self.client.force_login(self.person)

    def save(self, **changes):
        posted = {"name": "Mira Rossi", "time_zone": "Europe/Malta", "has_keys_on": "on"} | changes
        return self.client.post(reverse("account"), opened(self.client, reverse("account")) | posted)

    def test_page_shows_email_roles_and_zone(self):
        response = self.client.get(reverse("account"))
        self.assertContains(response, "mira@example.org · Curator")
        self.assertContains(response, '<option value="Europe/Malta" selected>Malta</option>', html=True)

    def test_name_zone_and_keys_are_saved(self):
        posted = opened(self.client, reverse("account")) | {"name": "Mira R.", "time_zone": "Asia/Tokyo"}
        self.assertRedirects(self.client.post(reverse("account"), posted), reverse("account"))
        self.person.refresh_from_db()
        self.assertEqual(
            (self.person.name, self.person.time_zone, self.person.has_keys_on), ("Mira R.", "Asia/Tokyo", False)
        )

    def test_missing_name_is_refused_and_the_bar_keeps_the_old_one(self):
        response = self.save(name="")
        self.assertContains(response, "Enter a name.", status_code=422)
        self.assertContains(response, "Mira Rossi: account", status_code=422)
        self.person.refresh_from_db()
        self.assertEqual(self.person.name, "Mira Rossi")

    def test_zone_that_does_not_exist_is_refused(self):
        self.assertEqual(self.save(time_zone="Mars/Olympus").status_code, 422)
        self.person.refresh_from_db()
        self.assertEqual(self.person.time_zone, "Europe/Malta")

    def test_a_traveller_takes_the_zone_of_the_browser_and_goes_back(self):
        page = reverse("account")
        self.assertContains(self.client.get(page), 'data-other-zone="Europe/Malta"')
        for zone, back, to in (("Asia/Tokyo", "/people/?q=a", "/people/?q=a"), ("Mars/Olympus", "//evil.org", page)):
            sent = {"time_zone": zone, "next": back}
            answer = self.client.post(reverse("account-zone"), sent)
            self.assertRedirects(answer, to, fetch_redirect_response=False)
            self.person.refresh_from_db()
            self.assertEqual(self.person.time_zone, "Asia/Tokyo")

    def test_email_and_roles_cannot_be_changed_here(self):
        self.save(email="other@example.org", is_active="", groups="1", is_superuser="on")
        self.person.refresh_from_db()
        self.assertEqual(self.person.email, "mira@example.org")
        self.assertEqual((self.person.role_list, self.person.is_superuser), (["Curator"], False))

    def test_another_method_is_refused(self):
        self.assertEqual(self.client.delete(reverse("account")).status_code, 405)

    def test_anonymous_signs_in_first(self):
        self.client.logout()
        response = self.client.get(reverse("account"))
        self.assertRedirects(response, f"{reverse('sign-in')}?next={reverse('account')}")
