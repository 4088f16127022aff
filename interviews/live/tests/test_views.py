import json
from unittest import mock

from django.urls import reverse

from accounts.factories import InterviewerFactory
from interviews.factories import (
    PanelistFactory,
)
from interviews.live.tests.call_case import CallCase
from interviews.streams import events as streams
from interviews.tests.commanding import Sender, sender


class TestEvents(CallCase):
    def test_everything_since_the_numbers_that_one_has(self):
        self.browser.send("tick", self.points[0].pk)
        self.browser.send("rate", self.first.pk, 3)
        self.browser.send("tick", self.points[1].pk)
        told = self.browser.events("1.0").json()
        self.assertEqual((told["shared"], told["own"]), (2, 1))
        self.assertEqual(told["user"], self.lead.user_id)
        self.assertEqual(
            [(e["stream"], e["seq"], e["kind"]) for e in told["events"]],
            [("shared", 2, "tick"), ("own", 1, "rate")],
        )

    def test_who_missed_much_asks_again_until_there_is_no_more(self):
        for number in range(7):
            self.browser.send("tick", self.points[0].pk, number % 2 == 0)
        self.browser.send("rate", self.first.pk, 3)
        with mock.patch.object(streams, "MOST_TOLD", 3):
            told, events = {"shared": 0, "own": 0, "more": True}, []
            while told.get("more"):
                told = self.browser.events(f"{told['shared']}.{told['own']}").json()
                self.assertLessEqual(len(told["events"]), 4)
                events += [(event["stream"], event["seq"]) for event in told["events"]]
        self.assertEqual(sorted(events), [("own", 1), *(("shared", number) for number in range(1, 8))])

    def test_another_panelists_own_stream_is_not_told(self):
        other = PanelistFactory(interview=self.interview)
        sender(other).send("note", self.first.pk, "CANARY", base_rev=0)
        sender(other).send("rate", self.first.pk, 1)
        response = self.browser.events()
        self.assertNotContains(response, "CANARY")
        self.assertEqual(response.json()["events"], [])

    def test_the_openings_manager_reads_the_shared_stream_only(self):
        self.browser.send("tick", self.points[0].pk)
        self.browser.send("note", self.first.pk, "CANARY", base_rev=0)
        response = Sender(self.interview.opening.managers.get(), self.interview).events()
        self.assertEqual([event["kind"] for event in response.json()["events"]], ["tick"])
        self.assertNotContains(response, "CANARY")

    def test_numbers_that_are_none_are_malformed(self):
        for since in ("", "1", "1.", "a.b", "-1.0", "1.0.0", "٣.٤", "9" * 40 + ".1"):
            self.assert_refused(self.browser.events(since), 400, "two numbers")

    def test_an_outsider_meets_404(self):
        self.assertEqual(Sender(InterviewerFactory(), self.interview).events().status_code, 404)

    def test_posting_is_405(self):
        response = self.browser.http.post(reverse("live-events", args=[self.interview.pk]))
        self.assertEqual(response.status_code, 405)


class TestKeys(CallCase):
    def test_switched_off_and_on(self):
        for on in (False, True):
            response = self.browser.http.post(
                reverse("live-keys"), json.dumps({"on": on}), content_type="application/json"
            )
            self.assertEqual(response.json(), {"on": on})
            self.lead.user.refresh_from_db()
            self.assertEqual(self.lead.user.has_keys_on, on)

    def test_anything_else_is_malformed(self):
        for body in ("", "{}", "[]", '{"on": 1}', "null"):
            response = self.browser.http.post(reverse("live-keys"), body, content_type="application/json")
            self.assertEqual(response.status_code, 400)
