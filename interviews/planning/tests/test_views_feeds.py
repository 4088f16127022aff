import datetime as dt
import re

import time_machine
from django.test import Client
from django.urls import reverse

from audit.models import Act, AuditEntry
from interviews.models import CalendarFeed
from interviews.planning.tests.test_calendar_entries import PLANNED_AT, CalendarCase


class FeedViewsTests(CalendarCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.mira)

    def create(self):
        page = self.client.post(reverse("feed-settings"))
        return re.search(r"/calendar/[\w-]{43}\.ics", page.content.decode())[0]

    def test_the_address_is_shown_once_and_read_without_signing_in(self):
        self.schedule()
        address = self.create()
        self.assertNotContains(self.client.get(reverse("feed-settings")), ".ics")
        answer = Client().get(address)
        self.assertContains(answer, "SUMMARY:Interview: Backend engineer")
        self.assertEqual(answer["Content-Type"], "text/calendar; charset=utf-8")
        self.assertEqual(Client().post(address).status_code, 405)
        self.assertContains(self.client.get(reverse("feed-settings")), "Last read")

    def test_a_new_one_replaces_it_and_it_can_be_deleted(self):
        first, second = self.create(), self.create()
        self.assertEqual([Client().get(address).status_code for address in (first, second)], [404, 200])
        self.assertRedirects(self.client.post(reverse("feed-delete")), reverse("feed-settings"))
        self.assertEqual(Client().get(second).status_code, 404)
        self.assertContains(self.client.get(reverse("feed-settings")), "Create an address")

    def test_a_new_password_or_an_end_of_access_ends_it(self):
        for minutes, act in enumerate((Act.PASSWORD_SET, Act.PASSWORD_CHANGED, Act.ACCESS_ENDED), start=1):
            at = PLANNED_AT + dt.timedelta(minutes=minutes)
            with time_machine.travel(at, tick=False):
                address = self.create()
                self.assertEqual(Client().get(address).status_code, 200)
                AuditEntry.objects.record(act, at=at, person=self.mira)
                self.assertEqual(Client().get(address).status_code, 404)
                self.assertContains(self.client.get(reverse("feed-settings")), "stopped working")

    def test_no_secret_is_stored(self):
        token = self.create().removeprefix("/calendar/").removesuffix(".ics")
        self.assertNotIn(token, str(CalendarFeed.objects.values()))
