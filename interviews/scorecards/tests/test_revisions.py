import json
import uuid

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import InterviewerFactory
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory
from interviews.models import LateCommand, Note, Rating, ScorecardVersion, Tick, UnlistedPoint
from interviews.records import submitting
from interviews.refusals import Invalid, NotThere
from interviews.scorecards.revisions import Change, revise
from interviews.tests.commanding import sender


class TestRevise(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.interview = InterviewFactory(live=True)
        cls.lead = LeadFactory(interview=cls.interview)
        cls.question = cls.interview.questions.order_by("position").first()
        cls.point = cls.question.points.first()

    def setUp(self):
        self.browser = sender(self.lead)
        self.browser.send("rate", self.question.pk, 2)
        self.browser.send("note", self.question.pk, "as it was", base_rev=0)
        self.browser.send("end")
        self.browser.send("submit")

    def revise(self, *changes, late=(), reason="I mixed up two answers", user=None):
        return revise(
            user=user or self.lead.user,
            interview_id=self.interview.pk,
            changes=list(changes),
            late=list(late),
            reason=reason,
            at=timezone.now(),
        )

    def test_a_new_version_stands_beside_the_first(self):
        first = ScorecardVersion.objects.get()
        second = self.revise(Change("rate", self.question.pk, 4), Change("scorecard", "because", "Looked again."))
        self.assertEqual((second.number, second.reason), (2, "I mixed up two answers"))
        self.assertEqual(ScorecardVersion.objects.get(number=1).snapshot, first.snapshot)
        self.assertIn("Looked again.", second.snapshot)
        self.assertNotIn("Looked again.", first.snapshot)
        self.assertEqual(Rating.objects.get().value, 4)

    def test_a_note_is_changed_from_the_revision_that_was_read(self):
        self.revise(Change("note", self.question.pk, "as it is", base_rev=1))
        self.assertEqual(Note.objects.get().text, "as it is")

    def test_what_came_late_is_taken_in_or_set_aside(self):
        self.browser.send("tick", self.point.pk)
        self.browser.send("note", self.question.pk, "late words", base_rev=1)
        self.browser.send("rate", self.question.pk, 1)
        tick, note, _rating = LateCommand.objects.all()
        version = self.revise(late=[tick.pk, note.pk])
        self.assertEqual(Tick.objects.get().point, self.point)
        self.assertIn("as it was", Note.objects.get().text)
        self.assertIn("late words", Note.objects.get().text)
        self.assertEqual(Rating.objects.get().value, 2)
        self.assertIn("late words", json.dumps(json.loads(version.snapshot), ensure_ascii=False))
        self.assertFalse(LateCommand.objects.filter(settled_at=None).exists())

    def test_what_is_heard_in_a_revision_is_told_to_nobody_else(self):
        """Its author may have read by then what others think."""
        other = sender(PanelistFactory(interview=self.interview))
        before = other.events().content
        key = str(uuid.uuid4())
        self.browser.send("tick", self.point.pk)
        self.browser.send("unlisted", key, {"question": self.question.pk, "text": "CANARY"})
        self.revise(late=LateCommand.objects.values_list("pk", flat=True))
        self.assertEqual(Tick.objects.filter(is_from_revision=True).count(), 2)
        self.assertEqual(json.loads(other.events().content)["events"], json.loads(before)["events"])
        page = other.http.get(reverse("live", args=[self.interview.pk]))
        self.assertNotContains(page, "CANARY")
        self.assertEqual(page.context["state"]["ticks"], [])
        mine = self.browser.http.get(reverse("live", args=[self.interview.pk]))
        self.assertContains(mine, "CANARY")

    def test_words_that_others_have_seen_stay_as_they_are(self):
        call = InterviewFactory(live=True)
        browser, key = sender(LeadFactory(interview=call)), str(uuid.uuid4())
        point = {"question": call.questions.first().pk, "text": "as it was"}
        browser.send("unlisted", key, point)
        browser.send("end")
        browser.send("submit")
        answer = browser.send("unlisted", key, point | {"text": "CANARY"})
        self.assertEqual(answer.status_code, 422, answer.content)
        self.assertEqual(UnlistedPoint.objects.get().text, "as it was")

    def test_a_late_command_that_cannot_be_taken_in_changes_nothing(self):
        self.browser.send("tick", 10**9)
        with self.assertRaisesMessage(Invalid, "can’t be included"):
            self.revise(Change("rate", self.question.pk, 4), late=[LateCommand.objects.get().pk])
        self.assertEqual(Rating.objects.get().value, 2)
        self.assertEqual(ScorecardVersion.objects.count(), 1)

    def test_without_a_reason_nothing_is_changed(self):
        with self.assertRaisesMessage(Invalid, "Enter a reason"):
            self.revise(Change("rate", self.question.pk, 4), reason="  ")
        self.assertEqual(Rating.objects.get().value, 2)

    def test_a_reason_that_no_engine_keeps_is_refused(self):
        with self.assertRaisesMessage(Invalid, "can’t be saved"):
            self.revise(Change("rate", self.question.pk, 4), reason="a\x00b")
        self.assertEqual(ScorecardVersion.objects.count(), 1)

    def test_before_the_first_submission_it_is_too_early(self):
        other = LeadFactory(interview=InterviewFactory(ended=True))
        with self.assertRaises(submitting.NotSubmitted):
            revise(user=other.user, interview_id=other.interview_id, changes=[], late=[], reason="x", at=timezone.now())

    def test_somebody_elses_is_not_there(self):
        with self.assertRaises(NotThere):
            self.revise(user=InterviewerFactory())
