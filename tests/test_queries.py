"""How many queries the pages of a working day take, on the demo data: the limits that the product promises."""

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from interviews.models import Interview, Panelist, ScriptedPoint
from interviews.tests.commanding import sender
from tests.demo import load_demo

pytestmark = pytest.mark.sqlite_only

CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


class QueryCountTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        load_demo()
        cls.live = Interview.objects.get(status=Interview.Status.LIVE)
        cls.lead = cls.live.panelists.get(part=Panelist.Part.LEAD)

    def assert_at_most(self, limit, ask):
        with CaptureQueriesContext(connection) as queries:
            self.assertEqual(ask().status_code, 200)
        counted = [query["sql"] for query in queries if not query["sql"].startswith(CONTROL)]
        self.assertLessEqual(len(counted), limit, "\n".join(counted))

    def test_live_page_takes_at_most_fifteen(self):
        address = reverse("live", args=[self.live.pk])
        for seat in self.live.panelists.all():
            self.client.force_login(seat.user)
            with self.subTest(part=seat.part):
                self.assert_at_most(15, lambda: self.client.get(address))

    def test_my_day_takes_at_most_twelve_for_everybody(self):
        for person in User.objects.active():
            self.client.force_login(person)
            with self.subTest(person=str(person)):
                self.assert_at_most(12, lambda: self.client.get(reverse("my-day")))

    def test_tick_takes_at_most_eight(self):
        browser = sender(self.lead)
        point = ScriptedPoint.objects.filter(question=self.live.current_question, ticks=None).first()
        for is_on in (True, False):
            body = browser.body("tick", point.pk, is_on)
            with self.subTest(is_on=is_on):
                self.assert_at_most(8, lambda body=body: browser.post(body))
