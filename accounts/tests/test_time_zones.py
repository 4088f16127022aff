from django.test import TestCase
from django.urls import reverse

from accounts.factories import UserFactory
from accounts.time_zones import time_zone_choices
from editing.testing import opened


class TimeZoneChoicesTests(TestCase):
    def names(self, current=""):
        return [name for _, places in time_zone_choices(current) for name, _ in places]

    def test_places_come_by_region_in_words(self):
        regions = dict(time_zone_choices())
        self.assertIn(("America/Argentina/Buenos_Aires", "Argentina, Buenos Aires"), regions["America"])
        self.assertEqual(regions["Everywhere"], [("UTC", "UTC")])

    def test_each_place_comes_once_under_its_name_of_today(self):
        names = self.names()
        self.assertEqual(len(names), len(set(names)))
        self.assertIn("Asia/Kolkata", names)
        self.assertNotIn("Asia/Calcutta", names)

    def test_old_name_in_use_stays_among_them_once(self):
        self.assertNotIn("EST5EDT", self.names())
        self.assertEqual(self.names("EST5EDT").count("EST5EDT"), 1)
        self.assertEqual(self.names("Europe/Malta").count("Europe/Malta"), 1)

    def test_person_with_an_old_name_keeps_it(self):
        person = UserFactory(time_zone="EST5EDT")
        self.client.force_login(person)
        base = opened(self.client, reverse("account"))
        self.client.post(reverse("account"), base | {"name": "Jo", "time_zone": "EST5EDT"})
        person.refresh_from_db()
        self.assertEqual((person.name, person.time_zone), ("Jo", "EST5EDT"))
