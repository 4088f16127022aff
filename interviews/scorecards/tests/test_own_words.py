import json
import uuid

from django.test import TestCase
from django.urls import reverse

from accounts.factories import InterviewerFactory
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory
from interviews.models import LateCommand, Note, Tick
from interviews.tests.commanding import sender
from interviews.tests.submitting import rate
from interviews.tests.test_access_ends import lose_place


class LeftWhileOfflineTests(TestCase):
    """What was written before leaving and arrives afterwards is kept for its author."""

    def setUp(self):
        self.interview = InterviewFactory(live=True)
        self.lead = LeadFactory(interview=self.interview)
        self.seat = PanelistFactory(interview=self.interview)
        self.browser = sender(self.seat)
        self.question = self.interview.questions.order_by("position")[0]
        self.browser.send("note", self.question.pk, "Before.", base_rev=0)

    def test_it_is_receipted_kept_and_changes_nothing(self):
        lose_place(self.seat)
        body = self.browser.body("note", self.question.pk, "Typed offline.", base_rev=1)
        answers = [self.browser.post(body) for _ in range(2)]
        self.assertEqual([json.loads(answer.content)["result"] for answer in answers], [{"left": True}] * 2)
        self.assertEqual(LateCommand.objects.get().value, "Typed offline.")
        self.assertEqual(Note.objects.get().text, "Before.")
        self.assertEqual(self.browser.send("tick", self.question.points.all()[0].pk).status_code, 200)
        self.assertFalse(Tick.objects.exists())

    def test_its_author_reads_it_where_the_notice_leads_and_nobody_else_does(self):
        lose_place(self.seat)
        self.browser.send("note", self.question.pk, "Typed offline.", base_rev=1)
        for name in ("live", "scorecard"):
            answer = self.browser.http.get(reverse(name, args=[self.interview.pk]))
            self.assertRedirects(answer, reverse("own-words", args=[self.interview.pk]))
        page = self.browser.http.get(reverse("own-words", args=[self.interview.pk]))
        self.assertContains(page, "Before.")
        self.assertContains(page, "Typed offline.")
        self.assertNotContains(page, str(self.interview.candidate))
        gone = self.browser.events()
        self.assertEqual(
            (gone.status_code, gone.json()["own_words"]), (404, reverse("own-words", args=[self.interview.pk]))
        )
        self.client.force_login(self.lead.user)
        self.assertNotContains(self.client.get(reverse("own-words", args=[self.interview.pk])), "Typed offline.")
        self.client.force_login(InterviewerFactory())
        self.assertEqual(self.client.get(reverse("own-words", args=[self.interview.pk])).status_code, 404)

    def test_what_was_taken_before_leaving_gets_its_receipt_again(self):
        body = self.browser.body("rate", self.question.pk, 3)
        first = self.browser.post(body)
        lose_place(self.seat)
        self.assertEqual(self.browser.post(body).content, first.content)

    def test_what_concerns_the_panel_is_refused(self):
        lose_place(self.seat)
        self.assertEqual(self.browser.send("ask", self.question.pk, "now").status_code, 404)
        self.assertEqual(self.browser.send("submit").status_code, 404)

    def test_everything_they_wrote_is_there(self):
        rate(self.seat, self.question, 3)
        loose_end = {"text": "Ask about queues.", "question": None, "is_done": False}
        self.browser.send("loose_end", str(uuid.uuid4()), loose_end)
        self.browser.send("unlisted", str(uuid.uuid4()), {"question": self.question.pk, "text": "Draws it."})
        lose_place(self.seat)
        page = self.browser.http.get(reverse("own-words", args=[self.interview.pk]))
        for text in ("Before.", "Ask about queues.", "Draws it."):
            self.assertContains(page, text)
