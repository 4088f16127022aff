"""Several commands in one request, and asking for receipts: each command is taken by itself."""

import datetime as dt
import uuid

from django.test import TestCase
from django.utils import timezone

from accounts.factories import InterviewerFactory
from interviews.factories import InterviewFactory, LeadFactory
from interviews.models import Event, Note, Receipt, Tick
from interviews.tests.commanding import Sender, sender


class BatchCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.interview = InterviewFactory(live=True)
        cls.lead = LeadFactory(interview=cls.interview)
        cls.question = cls.interview.questions.order_by("position").first()
        cls.point = cls.question.points.first()

    def setUp(self):
        self.browser = sender(self.lead)


class TestCommandsTogether(BatchCase):
    def test_each_has_its_own_receipt_and_a_refused_one_holds_nobody_up(self):
        tick = self.browser.body("tick", self.point.pk)
        bad = self.browser.body("tick", 999_999)
        note = self.browser.body("note", self.question.pk, "Measured first.", base_rev=0)
        answer = self.browser.post({"commands": [tick, bad, "no object", note]})
        self.assertEqual(answer.status_code, 200)
        told = answer.json()["answers"]
        self.assertEqual([row.get("receipt") for row in told], [tick["id"], None, None, note["id"]])
        self.assertEqual((told[1]["id"], told[1]["status"]), (bad["id"], 404))
        self.assertEqual(told[2]["status"], 400)
        self.assertEqual((Tick.objects.count(), Note.objects.get().text), (1, "Measured first."))

    def test_sent_twice_is_taken_once_with_the_same_receipts(self):
        body = {"commands": [self.browser.body("tick", self.point.pk), self.browser.body("rate", self.question.pk, 3)]}
        first, second = self.browser.post(body), self.browser.post(body)
        self.assertEqual(first.json()["answers"], second.json()["answers"])
        self.assertEqual(Receipt.objects.count(), 2)
        self.assertEqual(Event.objects.filter(kind__in=["tick", "rate"]).count(), 2)

    def test_another_person_s_page_gets_401_and_nothing_is_taken(self):
        body = self.browser.body("tick", self.point.pk, sender=self.lead.user_id + 1)
        self.assertEqual(self.browser.post({"commands": [body]}).status_code, 401)
        self.assertFalse(Tick.objects.exists())

    def test_what_comes_before_somebody_else_s_is_taken_and_the_rest_waits(self):
        mine = self.browser.body("tick", self.point.pk)
        other = self.browser.body("rate", self.question.pk, 3, sender=self.lead.user_id + 1)
        last = self.browser.body("rate", self.question.pk, 4)
        told = self.browser.post({"commands": [mine, other, last]}).json()["answers"]
        self.assertEqual([row["receipt"] for row in told], [mine["id"]])

    def test_too_many_or_no_list_is_malformed(self):
        for body in ({"commands": {}}, {"commands": [{}] * 101}, {"receipts": ["x"]}, {"receipts": 1}):
            self.assertEqual(self.browser.post(body).status_code, 400, body)

    def test_an_outsider_gets_404_for_each(self):
        outsider = Sender(InterviewerFactory(), self.interview)
        told = outsider.post({"commands": [outsider.body("tick", self.point.pk)]}).json()["answers"]
        self.assertEqual([row["status"] for row in told], [404])


class TestReceipts(BatchCase):
    def test_those_that_were_taken_are_told_as_they_were(self):
        body = self.browser.body("tick", self.point.pk)
        taken = self.browser.post(body).json()
        answer = self.browser.post({"receipts": [body["id"], str(uuid.uuid4())]})
        self.assertEqual(answer.json()["receipts"], [taken])

    def test_nobody_gets_another_s(self):
        body = self.browser.body("tick", self.point.pk)
        self.browser.post(body)
        other = sender(LeadFactory(interview=InterviewFactory(live=True)))
        self.assertEqual(other.post({"receipts": [body["id"]]}).json()["receipts"], [])
        outsider = Sender(InterviewerFactory(), self.interview)
        self.assertEqual(outsider.post({"receipts": [body["id"]]}).status_code, 404)


class TestAge(BatchCase):
    def test_over_a_week_counts_as_a_week(self):
        self.interview.started_at = timezone.now() - dt.timedelta(days=30)
        self.interview.save(update_fields=["started_at"])
        body = self.browser.body("tick", self.point.pk, age=400 * 86_400_000)
        self.assertEqual(self.browser.post(body).status_code, 200)
        age = timezone.now() - Tick.objects.get().at
        self.assertAlmostEqual(age / dt.timedelta(days=7), 1, places=3)
